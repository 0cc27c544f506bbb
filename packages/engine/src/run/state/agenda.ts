// The agenda of a run: everything that is due at a time (SEMANTICS A5, B7, J6, R11). Times are absolute and come from
// the logbook, so the next conductor has them too, and a time that passed during a pause is due on resume.
//
// 1. Every time that a run waits for is in one of three heaps, or is its deadline; no other code compares times.
// 2. The state of the run decides which heaps are served (`servedIn`); a heap that is not served keeps its times.
// 3. A heap holds hints: fold.ts adds one whenever an atom gets a time, and a hint is valid only while `dueOf` still gives a
// time for its atom. So no hint has to be searched or removed, and a run without times costs nothing.
import type { RunState } from '../../states.ts';
import { type Run, type RunAtom, atomAt } from './run.ts';
import type { HeapName, Hint } from './time-heaps.ts';
import type { AtomIndex } from '../graph/index-spaces.ts';

/** Time that a stopped call has to end before a person is asked. */
export const ENDING_MS = 30_000;

/** Above this number, and above two per atom, invalid hints are dropped. */
const LOOSE = 64;

/** The heaps that are served in a state of the run. */
const SERVED: { readonly [state in RunState]: readonly HeapName[] } = {
  PENDING: [],
  RUNNING: ['limit', 'backoff', 'wait'],
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
export const EVERYTHING: Asked = ['limit', 'backoff', 'wait'];
/** For a run in which no more reverts may begin: due reverts stay due. */
export const NO_REVERTS: Asked = ['limit', 'wait'];

/** The earliest time that is due in the run's present state; null when it waits without a time. */
export function nextDue(run: Run, asked: Asked = EVERYTHING): number | null {
  let earliest = deadlineOf(run);
  for (const name of SERVED[run.state]) {
    if (!asked.includes(name)) continue;
    const at = first(run, name)?.at ?? null;
    if (at !== null && (earliest === null || at < earliest)) earliest = at;
  }
  return earliest;
}

/** Takes the next atom off the agenda that is due by `time`, earliest first; undefined when there is none. */
export function takeDue(run: Run, time: number, asked: Asked = EVERYTHING): AtomIndex | undefined {
  let found: HeapName | null = null;
  let earliest = time;
  for (const name of SERVED[run.state]) {
    if (!asked.includes(name)) continue;
    const at = first(run, name)?.at;
    if (at === undefined || at > earliest) continue;
    found = name;
    earliest = at;
  }
  return found === null ? undefined : pop(run.agenda[found])?.atom;
}

/** The time at which the atom is due; null when it has none. */
export function dueOf(run: Run, index: AtomIndex): number | null {
  const atom = atomAt(run, index);
  switch (atom.state) {
    case 'WAITING':
      return atom.waiting?.until ?? null;
    case 'RETRYING':
      return atom.notBefore;
    case 'RUNNING':
      return sooner(limitAfter(run, index, atom.calledAt), doubtAfter(run, atom));
    case 'REVERTING':
      // The next attempt of a revert waits for the end of the call before it; the mark ENDED then adds its time again.
      if (atom.notBefore > 0) return atom.stopping > 0 ? doubtAfter(run, atom) : backoffOf(atom);
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
function backoffOf({ revertAttempt, notBefore, inDoubt }: RunAtom): number | null {
  return revertAttempt > 0 && inDoubt === null ? notBefore : null;
}

/** The limit of a call counts in full from its start, and again in full from a takeover (B7). */
function limitAfter(run: Run, index: AtomIndex, calledAt: number): number | null {
  const limit = run.flow.atoms[index]?.item.timeLimitMs;
  if (limit === undefined || atomAt(run, index).inDoubt !== null || atomAt(run, index).stopping > 0) return null;
  return Math.max(calledAt, run.claimedAt) + limit;
}

/** The time at which a stopped call is overdue; after a takeover it has its full time again. */
function doubtAfter({ claimedAt }: Run, { stopping, inDoubt }: RunAtom): number | null {
  return stopping > 0 && inDoubt === null ? Math.max(stopping, claimedAt) + ENDING_MS : null;
}

function sooner(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

/** The deadline of the run; null when it has none, or does not go forward. */
export function deadlineOf({ flow, runningSince, state }: Run): number | null {
  const limit = flow.definition.timeLimitMs;
  return limit === undefined || runningSince === null || state !== 'RUNNING' ? null : runningSince + limit;
}

function heapOf({ state, notBefore, stopping }: RunAtom): HeapName {
  if (state === 'WAITING' || state === 'RETRYING') return 'wait';
  return state === 'REVERTING' && notBefore > 0 && stopping === 0 ? 'backoff' : 'limit';
}

/** The first valid hint. Invalid hints are dropped, and hints with an earlier time are set to the right one. */
function first(run: Run, name: HeapName): Hint | undefined {
  const heap = run.agenda[name];
  for (let hint = heap[0]; hint !== undefined; hint = heap[0]) {
    const at = heapOf(atomAt(run, hint.atom)) === name ? dueOf(run, hint.atom) : null;
    if (at === hint.at) return hint;
    pop(heap);
    // A takeover has moved the limit to a later time, so the old hint gets that time.
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
