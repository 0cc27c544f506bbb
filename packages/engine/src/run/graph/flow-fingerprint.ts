// Compares a compiled flow with the one that a checkpoint was made with. The indexes of nodes, atoms and containers depend on
// the stages and effects of task types too, so equal definitions are not enough.
import { type Slices, endsSlice } from '../../slices.ts';
import { Fingerprint } from './fingerprint.ts';
import type { CompiledFlow } from './graph.ts';

/** Stands for an absent index among the numbers: no index is negative. */
const ABSENT = -1;

const known = new WeakMap<CompiledFlow, string>();

/** Fingerprint of everything in the flow that folding and the start order depend on. Computed once per compiled flow, in slices. */
export function* fingerprintInSlices(flow: CompiledFlow): Slices<string> {
  const found = known.get(flow);
  if (found !== undefined) return found;
  const all = new Fingerprint();
  for (const { index, kind, before, after, atom, boundaryOf, parent } of flow.nodes) {
    all.text(kind).numbers([atom ?? ABSENT, boundaryOf ?? ABSENT, parent ?? ABSENT, before.length, ...before, after.length, ...after]);
    if (endsSlice(index)) yield;
  }
  for (const { index, kind, address, item, node, order, container, guard } of flow.atoms) {
    all
      .text(kind)
      .text(address)
      .numbers([item.priority, node, order, container ?? ABSENT, guard === null ? 0 : guard.any ? 2 : 1]);
    if (endsSlice(index)) yield;
  }
  for (const { index, address, parent, enter, exit, limit, retry, undo, each, end } of flow.containers) {
    all.text(address).numbers([parent ?? ABSENT, enter, exit, limit, retry ?? ABSENT, undo ?? ABSENT, each ?? ABSENT, end]);
    if (endsSlice(index)) yield;
  }
  const computed = all.toString();
  known.set(flow, computed);
  return computed;
}
