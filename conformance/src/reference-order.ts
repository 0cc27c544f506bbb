// The reference's orders. Forward: an atom's turn comes when everything before it is finished. Back: when everything
// after it that ran is undone.
import type { DrawnRetry } from './drawing.ts';
import type { Spot, Spots } from './spots.ts';

/** The scope of a rollback of the whole run. */
export const WHOLE = -1;

/** Has it something to undo, or is that under way or failed? */
export function isOpen(state: string): boolean {
  return ['SUCCESS', 'FAILURE', 'RUNNING', 'REVERTING', 'REVERT_FAILURE'].includes(state);
}

/** Does the spot stand in that flow, at any depth? Doors of the flow count as inside. */
export function inScope({ flows, spots }: Spots, scope: number, index: number): boolean {
  if (scope === WHOLE) return true;
  for (let at = spots[index]?.flow ?? -1; at >= 0; at = flows[at]?.parent ?? -1) if (at === scope) return true;
  return false;
}

/** Atoms whose turn to revert has come. The retry that begins its own flow again stays. */
export function readyToRevert(spots: Spots, scope: number, stateOf: (index: number) => string): number[] {
  const own = scope === WHOLE ? -1 : (spots.flows[scope]?.retry ?? -1);
  const waits = new Map<number, boolean>();
  const isClear = (index: number): boolean => {
    const known = waits.get(index);
    if (known !== undefined) return known;
    const spot = spots.spots[index];
    const isOpenAtom = spot?.atom != null && isOpen(stateOf(index));
    const clear = !inScope(spots, scope, index) || (!isOpenAtom && (spot?.after ?? []).every(isClear));
    waits.set(index, clear);
    return clear;
  };
  return spots.spots.flatMap(({ index, atom, after }) => {
    const state = stateOf(index);
    if (atom === null || index === own || !inScope(spots, scope, index) || (state !== 'SUCCESS' && state !== 'FAILURE')) return [];
    return after.every(isClear) ? [index] : [];
  });
}

/** Atoms of a flow in the order in which TaskFlow sets them back: from the retry on, the last arrow first. */
export function resetOrder({ spots, flows }: Spots, scope: number): number[] {
  const flow = flows[scope];
  const reached = [...(spots[flow?.retry ?? -1]?.after ?? [])];
  const seen = new Set<number>();
  for (let index = reached.pop(); index !== undefined; index = reached.pop()) {
    if (seen.has(index) || index === flow?.exit) continue;
    seen.add(index);
    reached.push(...(spots[index]?.after ?? []));
  }
  return [...seen].filter((index) => spots[index]?.atom != null);
}

/** Spots that what comes after them need not wait for. */
export function passedSpots({ spots }: Spots, isFinished: (index: number) => boolean): ReadonlySet<number> {
  const passed = new Set<number>();
  const waits = spots.map(({ before }) => before.length);
  const free = spots.filter(({ before }) => before.length === 0).map(({ index }) => index);
  for (let index = free.pop(); index !== undefined; index = free.pop()) {
    const spot = spots[index];
    if (spot === undefined || (spot.atom !== null && !isFinished(index))) continue;
    passed.add(index);
    for (const next of spot.after) {
      waits[next] = (waits[next] ?? 0) - 1;
      if (waits[next] === 0) free.push(next);
    }
  }
  return passed;
}

/** The retries around what failed, the nearest first. A flow's own retry, or the condition before it, is not inside it. */
export function retriesAround(
  { spots, flows }: Spots,
  failed: Spot,
): { readonly flow: number; readonly retry: Spot; readonly rule: DrawnRetry }[] {
  const around = [];
  let at = failed.atom?.kind === 'task' ? failed.flow : (flows[failed.flow]?.parent ?? -1);
  for (; at >= 0; at = flows[at]?.parent ?? -1) {
    const retry = spots[flows[at]?.retry ?? -1];
    if (retry?.atom?.kind === 'retry') around.push({ flow: at, retry, rule: retry.atom });
  }
  return around;
}
