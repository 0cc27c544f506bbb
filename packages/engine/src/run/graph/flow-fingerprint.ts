// Whether a compiled flow is the same as the one of which a checkpoint was made. Numbers of nodes, atoms and containers
// come from the compiler and from what the task types are (stages, effects), so a definition alone does not tell.
import { fingerprint } from './fingerprint.ts';
import type { CompiledFlow } from './graph.ts';

const known = new WeakMap<CompiledFlow, string>();

/** Fingerprint of everything in the flow that a fold or the order of starts rests on. Computed once a compiled flow. */
export function flowFingerprint(flow: CompiledFlow): string {
  const found = known.get(flow);
  if (found !== undefined) return found;
  const computed = fingerprint(
    JSON.stringify([
      flow.nodes,
      flow.atoms.map(({ node, kind, address, item, order, container, guard }) => [
        ...[node, kind, address, item.priority, order, container],
        guard?.any ?? null,
      ]),
      flow.containers.map((one) => [one.address, one.parent, one.enter, one.exit, one.limit, one.retry, one.undo, one.each, one.end]),
    ]),
  );
  known.set(flow, computed);
  return computed;
}
