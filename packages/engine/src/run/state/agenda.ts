// The agenda of a run: everything that is due at a time (A5, B7, J6, R11). Times are absolute and come from
// the logbook, so the next conductor has them too, and a time that passed during a pause is due on resume.
//
// 1. Every time that a run waits for is in one of four heaps, or is its deadline. Only decide/serve-agenda.ts, the deadline in
// decide/resolve-failure.ts and the limit of a retry (decide/controls/retry.ts) compare times.
// 2. The state of the run decides which heaps are served (`SERVED`); a heap that is not served keeps its times.
// 3. Setting the wall clock forward shortens no limit or delay: the jump is subtracted from the passed time (`jumps`). Only a
// time that a person gave is a time of the wall clock.
// 4. A heap holds hints: fold.ts adds one whenever an atom gets a time, and a hint is valid only while `dueOf` still gives a
// time for its atom. So no hint has to be searched or removed, and a run without times costs nothing.
import type { RunState } from '../../states.ts';
import { type Run, type RunAtom, atomAt } from './run.ts';
import { type HeapName, type Hint, SLOWED } from './time-heaps.ts';
import type { AtomIndex } from '../graph/index-spaces.ts';

/** Time that a stopped call has to end before a person is asked. */
export const ENDING_MS = 30_000;

/** Above this number, and above two per atom, invalid hints are dropped. */
const LOOSE = 64;

/** The heaps that are served in a state of the run. */
const SERVED: { readonly [state in RunState]: readonly HeapName[] } = {
  PENDING: [],
  RUNNING: ['limit', 'backoff', 'wait', 'wall'],
  SUSPENDING: ['limit'],
  SUSPENDED: [],
  SUCCESS: [],
  FAILURE: [],
  REVERTING: ['limit', 'backoff'],
  REVERTED: [],
  PARTIALLY_REVERTED: [],
  REVERT_FAILED: [],
};

/** Adds a hint for the atom's time, if its state has one. */
export function noteTime(run: Run, index: AtomIndex): void {
  const atom = atomAt(run, index);
  const at = dueOf(run, index);
  if (at === null) return;
  const name = heapOf(atom);
  if (run.agenda[name].length > LOOSE + 2 * run.atoms.length) compact(run, name);
  push(run.agenda[name], { at, atom: index });
}

/** Makes the agenda of a run whose atoms were restored. */
export function restoreAgenda(run: Run): void {
  run.atoms.forEach((_, index) => noteTime(run, index));
}

/** The part of the agenda that is wanted. */
export type Asked = readonly HeapName[];
export const EVERYTHING: Asked = ['limit', 'backoff', 'wait', 'wall'];
/** For a run in which no more reverts may begin: due reverts stay due. */
export const NO_REVERTS: Asked = ['limit', 'wait', 'wall'];

/** The time of a turn. `ahead`: how far it is ahead of the wall clock. */
export interface TurnTime {
  readonly time: number;
  readonly ahead: number;
}

/** The earliest time that is due in the run's present state; null when it waits without a time. */
export function nextDue(run: Run, now: TurnTime, asked: Asked = EVERYTHING): number | null {
  let earliest = deadlineOf(run);
  for (const name of SERVED[run.state]) {
    const due = asked.includes(name) ? firstTime(run, name, now.ahead) : null;
    const at = name === 'wall' && due !== null ? wakeFor(due, now) : due;
    if (at !== null && (earliest === null || at < earliest)) earliest = at;
  }
  return earliest;
}

/** Takes the next atom off the agenda that is due by now, earliest first; undefined when there is none. */
export function takeDue(run: Run, { time, ahead }: TurnTime, asked: Asked = EVERYTHING): AtomIndex | undefined {
  let found: HeapName | null = null;
  let earliest = time;
  for (const name of SERVED[run.state]) {
    const at = asked.includes(name) ? firstTime(run, name, ahead) : null;
    if (at === null || at > earliest) continue;
    found = name;
    earliest = at;
  }
  return found === null ? undefined : pop(run.agenda[found])?.atom;
}

/** The first time of that heap, by the time of the run. */
function firstTime(run: Run, name: HeapName, ahead: number): number | null {
  const at = first(run, name)?.at;
  if (at === undefined) return null;
  return name === 'wall' ? at + ahead : at;
}

/** While the run's time is ahead of the wall clock it goes on slower, so it must ask for a time by the wall clock earlier. */
function wakeFor(due: number, { time, ahead }: TurnTime): number {
  return ahead > 0 && due > time ? Math.ceil(time + (due - time) * SLOWED) : due;
}

/** The sum of the clock's jumps since then, to be subtracted from the time that has passed by the clock. */
export function setForwardSince({ agenda: { jumps } }: Run, since: number): number {
  let sum = 0;
  for (const { at, by } of jumps) if (at > since) sum += by;
  return sum;
}

/** The time at which the atom is due; null when it has none. */
export function dueOf(run: Run, index: AtomIndex): number | null {
  const atom = atomAt(run, index);
  switch (atom.state) {
    case 'WAITING':
      if (atom.waiting?.until == null || heapOf(atom) === 'wall') return atom.waiting?.until ?? null;
      return later(run, atom, atom.waiting.until);
    case 'RETRYING':
      return later(run, atom, atom.notBefore);
    case 'RUNNING':
      return sooner(limitAfter(run, index, atom.calledAt), doubtAfter(run, atom));
    case 'REVERTING':
      // The next attempt of a revert waits for the end of the call before it; the mark ENDED then adds its time again.
      if (atom.notBefore > 0) return atom.stopping > 0 ? doubtAfter(run, atom) : backoffOf(run, index);
      return sooner(limitAfter(run, index, atom.calledAt), doubtAfter(run, atom));
    case 'FAILURE':
    case 'REVERT_FAILURE':
      return doubtAfter(run, atom);
    case 'PENDING':
    case 'SUCCESS':
    case 'IGNORE':
    case 'REVERTED':
      return null;
  }
}

/** The time of a revert's next attempt; none while it rests until its turn in a newer plan, was left out of one, or is in doubt. */
function backoffOf(run: Run, index: AtomIndex): number | null {
  const atom = atomAt(run, index);
  return atom.revertAttempt > 0 && atom.inDoubt === null ? later(run, atom, atom.notBefore) : null;
}

/** The time of a wait or back-off, later by the clock's jumps since it began. */
function later(run: Run, { waitsSince }: RunAtom, at: number): number {
  return at + setForwardSince(run, waitsSince);
}

/** The limit of a call counts in full from its start, and again in full from a takeover (B7). */
function limitAfter(run: Run, index: AtomIndex, calledAt: number): number | null {
  const limit = run.flow.atoms[index]?.item.timeLimitMs;
  if (limit === undefined || atomAt(run, index).inDoubt !== null || atomAt(run, index).stopping > 0) return null;
  const since = Math.max(calledAt, run.claimedAt);
  return since + limit + setForwardSince(run, since);
}

/** The time at which a stopped call is overdue; after a takeover it has its full time again. */
function doubtAfter(run: Run, { stopping, inDoubt }: RunAtom): number | null {
  if (stopping === 0 || inDoubt !== null) return null;
  const since = Math.max(stopping, run.claimedAt);
  return since + ENDING_MS + setForwardSince(run, since);
}

function sooner(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

/** The deadline of the run; null when it has none, or does not go forward. */
export function deadlineOf(run: Run): number | null {
  const { flow, runningSince, state } = run;
  const limit = flow.definition.timeLimitMs;
  if (limit === undefined || runningSince === null || state !== 'RUNNING') return null;
  return runningSince + limit + setForwardSince(run, runningSince);
}

function heapOf({ state, notBefore, stopping, waiting }: RunAtom): HeapName {
  if (state === 'WAITING' || state === 'RETRYING') return waiting?.on === 'timer' && waiting.byWallClock === true ? 'wall' : 'wait';
  return state === 'REVERTING' && notBefore > 0 && stopping === 0 ? 'backoff' : 'limit';
}

/** The first valid hint. Invalid hints are dropped, and hints with an earlier time are set to the right one. */
function first(run: Run, name: HeapName): Hint | undefined {
  const heap = run.agenda[name];
  for (let hint = heap[0]; hint !== undefined; hint = heap[0]) {
    const at = heapOf(atomAt(run, hint.atom)) === name ? dueOf(run, hint.atom) : null;
    if (at === hint.at) return hint;
    pop(heap);
    // A takeover, or a clock that was set forward, has moved the limit to a later time, so the old hint gets that time.
    if (at !== null && at > hint.at) push(heap, { at, atom: hint.atom });
  }
  return undefined;
}

/** Drops invalid hints, because limits far in the future would otherwise outlive their atoms. */
function compact(run: Run, name: HeapName): void {
  const heap = run.agenda[name];
  const atoms = new Set(heap.map(({ atom }) => atom));
  heap.length = 0;
  for (const atom of atoms) {
    const at = heapOf(atomAt(run, atom)) === name ? dueOf(run, atom) : null;
    if (at !== null) push(heap, { at, atom });
  }
}

function precedes(a: Hint, b: Hint): boolean {
  return a.at < b.at || (a.at === b.at && a.atom < b.atom);
}

function push(heap: Hint[], hint: Hint): void {
  let at = heap.length;
  heap.push(hint);
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || !precedes(hint, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = hint;
}

function pop(heap: Hint[]): Hint | undefined {
  const [top] = heap;
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return top;
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    const right = left + 1;
    const [one, other] = [heap[left], heap[right]];
    if (one === undefined) break;
    const child = other !== undefined && precedes(other, one) ? other : one;
    if (!precedes(child, last)) break;
    heap[at] = child;
    at = child === one ? left : right;
  }
  heap[at] = last;
  return top;
}
