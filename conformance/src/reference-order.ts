// The reference's orders. Forward: an atom's turn comes when everything before it is finished. Back: when everything
// after it that ran is undone.
import type { DrawnRetry } from './drawing.ts';
import type { DrawnNode, DrawnGraph } from './drawn-graph.ts';

/** The scope of a rollback of the whole run. */
export const WHOLE = -1;

/** Has it something to undo, or is that under way or failed? */
export function isOpen(state: string): boolean {
  return ['SUCCESS', 'FAILURE', 'RUNNING', 'REVERTING', 'REVERT_FAILURE'].includes(state);
}

/** Does the node stand in that flow, at any depth? The entrance and the exit of the flow count as inside. */
export function inScope({ flows, nodes }: DrawnGraph, scope: number, index: number): boolean {
  if (scope === WHOLE) return true;
  for (let at = nodes[index]?.flow ?? -1; at >= 0; at = flows[at]?.parent ?? -1) if (at === scope) return true;
  return false;
}

/** Atoms whose turn to revert has come. The retry that begins its own flow again stays. */
export function readyToRevert(graph: DrawnGraph, scope: number, stateOf: (index: number) => string): number[] {
  const own = scope === WHOLE ? -1 : (graph.flows[scope]?.retry ?? -1);
  const waits = new Map<number, boolean>();
  const isClear = (index: number): boolean => {
    const known = waits.get(index);
    if (known !== undefined) return known;
    const node = graph.nodes[index];
    const isOpenAtom = node?.atom != null && isOpen(stateOf(index));
    const clear = !inScope(graph, scope, index) || (!isOpenAtom && (node?.after ?? []).every(isClear));
    waits.set(index, clear);
    return clear;
  };
  return graph.nodes.flatMap(({ index, atom, after }) => {
    const state = stateOf(index);
    if (atom === null || index === own || !inScope(graph, scope, index) || (state !== 'SUCCESS' && state !== 'FAILURE')) return [];
    return after.every(isClear) ? [index] : [];
  });
}

/** Atoms of a flow in the order in which TaskFlow sets them back: from the retry on, the last arrow first. */
export function resetOrder({ nodes, flows }: DrawnGraph, scope: number): number[] {
  const flow = flows[scope];
  const reached = [...(nodes[flow?.retry ?? -1]?.after ?? [])];
  const seen = new Set<number>();
  for (let index = reached.pop(); index !== undefined; index = reached.pop()) {
    if (seen.has(index) || index === flow?.exit) continue;
    seen.add(index);
    reached.push(...(nodes[index]?.after ?? []));
  }
  return [...seen].filter((index) => nodes[index]?.atom != null);
}

/** Nodes that are passed: the nodes after them need not wait for them. */
export function passedNodes({ nodes }: DrawnGraph, isFinished: (index: number) => boolean): ReadonlySet<number> {
  const passed = new Set<number>();
  const waits = nodes.map(({ before }) => before.length);
  const free = nodes.filter(({ before }) => before.length === 0).map(({ index }) => index);
  for (let index = free.pop(); index !== undefined; index = free.pop()) {
    const node = nodes[index];
    if (node === undefined || (node.atom !== null && !isFinished(index))) continue;
    passed.add(index);
    for (const next of node.after) {
      waits[next] = (waits[next] ?? 0) - 1;
      if (waits[next] === 0) free.push(next);
    }
  }
  return passed;
}

/** The retries around what failed, the nearest first. A flow's own retry, or the condition before it, is not inside it. */
export function retriesAround(
  { nodes, flows }: DrawnGraph,
  failed: DrawnNode,
): { readonly flow: number; readonly retry: DrawnNode; readonly rule: DrawnRetry }[] {
  const around = [];
  let at = failed.atom?.kind === 'task' ? failed.flow : (flows[failed.flow]?.parent ?? -1);
  for (; at >= 0; at = flows[at]?.parent ?? -1) {
    const retry = nodes[flows[at]?.retry ?? -1];
    if (retry?.atom?.kind === 'retry') around.push({ flow: at, retry, rule: retry.atom });
  }
  return around;
}
