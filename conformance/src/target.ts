// A flow of which only a target and what it needs are run. For the root that is an option of the launch here
// (P10), so the engine leaves the rest out. A flow inside another has no such option: it is drawn without the rest.
import type { Drawn, DrawnFlow } from './drawing.ts';
import { ordersOf } from './drawn-graph.ts';

/** The flow as it is launched: inner targets applied, the root's own left to the engine. */
export function withoutInnerRest(flow: DrawnFlow): DrawnFlow {
  return { ...flow, children: flow.children.map((child): Drawn => (child.kind === 'flow' ? withoutRest(child) : child)) };
}

/** The flow as it is run: with every target applied, also the root's. */
export function withoutRest(flow: DrawnFlow): DrawnFlow {
  const whole = withoutInnerRest(flow);
  const target = whole.children.findIndex(({ name }) => name === whole.target);
  if (whole.target === null) return whole;
  const kept = new Set([target]);
  const orders = ordersOf(whole);
  for (const one of kept) for (const [before, after] of orders) if (after === one) kept.add(before);
  const children = whole.children.filter((_, at) => kept.has(at));
  const names = new Set(children.map(({ name }) => name));
  return { ...whole, children, links: whole.links.filter(({ from, to }) => names.has(from) && names.has(to)), target: null };
}
