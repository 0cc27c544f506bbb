// Whether a compiled flow is the same as the one of which a checkpoint was made. Numbers of nodes, atoms and containers
// come from the compiler and from what the task types are (stages, effects), so a definition alone does not tell.
import { Fingerprint } from './fingerprint.ts';
import type { CompiledFlow } from './graph.ts';

const known = new WeakMap<CompiledFlow, string>();

/** Fingerprint of everything in the flow that a fold or the order of starts rests on. Computed once a compiled flow. */
export function flowFingerprint(flow: CompiledFlow): string {
  const found = known.get(flow);
  if (found !== undefined) return found;
  const all = new Fingerprint();
  for (const { kind, before, after, atom, door, parent } of flow.nodes) {
    all.text(kind).numbers([atom, door, parent, before.length, ...before, after.length, ...after]);
  }
  for (const { kind, address, item, node, order, container, guard } of flow.atoms) {
    all
      .text(kind)
      .text(address)
      .numbers([item.priority, node, order, container, guard === null ? 0 : guard.any ? 2 : 1]);
  }
  for (const { address, parent, enter, exit, limit, retry, undo, each, end } of flow.containers) {
    all.text(address).numbers([parent, enter, exit, limit, retry, undo, each, end]);
  }
  const computed = all.toString();
  known.set(flow, computed);
  return computed;
}
