// Laws of time: a run waits only for a call or a timer, and everything due is done (I7, A5, B7).
import { expect } from 'vitest';
import type { Run, RunAtom } from '../../run/state/run.ts';
import { ENDING_MS } from '../../run/state/agenda.ts';
import { isSleeping } from '../../run/state/tally.ts';
import { isUndoTurn, scopeOf } from '../../run/state/undo-order.ts';
import type { AtomIndex } from '../../run/graph/index-spaces.ts';

/** A run and its conductor after a turn. */
export interface Driven {
  readonly run: Run;
  readonly now: number;
  /** Number of calls under way, and its limit. */
  readonly calls: number;
  readonly parallel: number;
  /** Time of the conductor's timer. */
  readonly wakeAt: number | null;
  readonly wallTime: number;
  /** Start of the forward pass; pauses count. */
  readonly forwardSince: number;
  /** The sum of the clock's jumps since then; they are no passed time. */
  readonly setForwardSince: (time: number) => number;
  /** Time of the last entry of an atom. */
  readonly since: (atom: string) => number;
}

/** Throws when the run would stop for ever, or sleeps past its time. */
export function checkTime(driven: Driven): void {
  const { run, now, calls, wakeAt, forwardSince } = driven;
  if (run.job === 'CLAIMED' && wakeAt === null) {
    expect(calls, `I7: the run is ${run.state}, its job claimed and nothing pending`).toBeGreaterThan(0);
  }
  const late = run.atoms.filter((atom) => isLate(driven, atom)).map(({ atom }) => atom);
  expect(late, `what is due is done: the run is ${run.state}`).toEqual([]);
  const limit = run.flow.definition.timeLimitMs ?? Infinity;
  const deadline = forwardSince + limit + driven.setForwardSince(forwardSince);
  if (run.state === 'RUNNING') expect(now, 'B7: the deadline holds, and paused time counts').toBeLessThan(deadline);
  const due = dueIn(driven);
  if (due === null || run.job === 'COMPLETE') return;
  const wake = (run.job === 'CLAIMED' ? wakeAt : run.wakeAt) ?? Infinity;
  expect(wake, `the run is ${run.state} and ${run.job}: a wake at its next time`).toBeLessThanOrEqual(Math.max(due, now));
}

/** J6: nothing that could begin waits in a parked job for what the job is woken for. */
export function checkParked(run: Run): void {
  const ready = run.atoms.flatMap(({ atom, state }, index) => {
    const isReady = state === 'PENDING' && run.progress.isReady[index] === 1 && scopeOf(run, index) === undefined;
    // A gate that takes any of its links is asked at each of them.
    return isReady && run.flow.atoms[index]?.kind !== 'gate' ? [atom] : [];
  });
  if (run.state === 'RUNNING' && run.failed.size === 0 && run.stuck === 0) expect(ready, 'J6: a parked job has more to begin').toEqual([]);
  const undone = run.atoms.flatMap(({ atom }, index) => (isUndoTurn(run, index) ? [atom] : []));
  if (run.state === 'RUNNING' || run.state === 'REVERTING') expect(undone, 'J6: a parked job has more to undo').toEqual([]);
}

/** The latest time by which the run must be woken. */
function dueIn(driven: Driven): number | null {
  const { run, now } = driven;
  const times = run.atoms.flatMap((atom, index) => dueOf(driven, atom, index) ?? []);
  const limit = run.flow.definition.timeLimitMs;
  if (limit !== undefined && run.state === 'RUNNING') times.push(now + limit);
  return times.length === 0 ? null : Math.min(...times);
}

/** Is the atom's time past, although the run may act on it? */
function isLate(driven: Driven, atom: RunAtom): boolean {
  const { run, now } = driven;
  const { state, waiting, notBefore, stopping, inDoubt } = atom;
  const isDriven = run.state === 'RUNNING' || run.state === 'REVERTING' || run.state === 'SUSPENDING';
  // R11: a stopped call that does not end is in doubt.
  if (stopping > 0 && inDoubt === null) {
    const since = Math.max(stopping, run.claimedAt);
    return isDriven && since + ENDING_MS + driven.setForwardSince(since) <= now;
  }
  if (state === 'REVERTING')
    return (run.state === 'RUNNING' || run.state === 'REVERTING') && sleepsFor(driven, atom) && later(driven, atom, notBefore) <= now;
  if (run.state !== 'RUNNING') return false;
  if (state === 'WAITING') {
    if (waiting?.until == null) return false;
    return isByWallClock(atom) ? waiting.until <= driven.wallTime : later(driven, atom, waiting.until) <= now;
  }
  return state === 'RETRYING' && notBefore > 0 && later(driven, atom, notBefore) <= now;
}

/** The time of a wait or back-off; a clock that was set forward does not shorten it. */
function later({ since, setForwardSince }: Driven, { atom }: RunAtom, time: number): number {
  return time + setForwardSince(since(atom));
}

function isByWallClock({ waiting }: RunAtom): boolean {
  return waiting?.on === 'timer' && waiting.byWallClock === true;
}

/** The time by which an atom must be served, in a state of the run that may act on it. */
function dueOf(driven: Driven, atom: RunAtom, index: AtomIndex): number | null {
  const { run, now } = driven;
  const limit = run.flow.atoms[index]?.item.timeLimitMs;
  const isGoing = run.state === 'RUNNING' || run.state === 'REVERTING';
  switch (atom.state) {
    case 'WAITING':
      if (run.state !== 'RUNNING' || atom.waiting?.until == null) return null;
      return isByWallClock(atom) ? atom.waiting.until + now - driven.wallTime : later(driven, atom, atom.waiting.until);
    case 'RETRYING':
      return run.state === 'RUNNING' ? later(driven, atom, atom.notBefore) : null;
    case 'REVERTING':
      if (atom.notBefore > 0) return isGoing && sleepsFor(driven, atom) ? later(driven, atom, atom.notBefore) : null;
      return limit !== undefined && atom.inDoubt === null && atom.stopping === 0 && (isGoing || run.state === 'SUSPENDING')
        ? now + limit
        : null;
    case 'RUNNING':
      return limit !== undefined && atom.inDoubt === null && atom.stopping === 0 && (isGoing || run.state === 'SUSPENDING')
        ? now + limit
        : null;
    case 'PENDING':
    case 'SUCCESS':
    case 'FAILURE':
    case 'IGNORE':
    case 'REVERTED':
    case 'REVERT_FAILURE':
      return null;
  }
}

/** Does the atom wait only for its time? A revert above the limit on calls waits for the end of another call. */
function sleepsFor({ run, calls, parallel }: Driven, atom: RunAtom): boolean {
  if (!isSleeping(atom) || atom.stopping > 0 || atom.inDoubt !== null) return false;
  return run.job !== 'CLAIMED' || calls < parallel;
}
