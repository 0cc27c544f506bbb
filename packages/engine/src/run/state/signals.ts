// Signals from outside and the atoms that wait for them (A7): one signal ends one wait, waits in the order in
// which they began, signals in the order in which they came. The entry that ends a wait names the signal that it takes.
import { type Run, type Waiter, atomAt } from './run.ts';
import type { Signal } from './snapshot/snapshot.ts';
import { scopeOf } from './undo-order.ts';
import type { AtomIndex } from '../graph/index-spaces.ts';

/** Keeps a signal until a wait takes it. */
export function keepSignal(run: Run, signal: Signal): void {
  run.signals.push(signal);
}

/** Removes the signal that a wait has taken. Entries of older versions name none, and remove none. */
export function takeSignal(run: Run, number: number): void {
  const at = run.signals.findIndex((signal) => signal.number === number);
  if (at >= 0) run.signals.splice(at, 1);
}

/** An atom has begun to wait; if it waits for a signal, it is added to the end of the queue. */
export function beginWaiting(run: Run, index: AtomIndex): void {
  const { waiting, startNumber } = atomAt(run, index);
  if (waiting?.on !== 'signal') return;
  const queue = run.waiters.get(waiting.name);
  const waiter = { atom: index, since: startNumber };
  if (queue === undefined) run.waiters.set(waiting.name, [waiter]);
  else queue.push(waiter);
}

/** Makes the queues of a run whose atoms were restored, in the order of the entries with which they began to wait. */
export function restoreWaiters(run: Run): void {
  const waiting = run.atoms.flatMap(({ waiting: wait, startNumber }, atom) =>
    wait?.on === 'signal' ? [{ atom, since: startNumber }] : [],
  );
  waiting.sort((a, b) => a.since - b.since);
  for (const { atom } of waiting) beginWaiting(run, atom);
}

/** The atom that has waited longest for that signal; undefined when none waits. A wait that is being undone takes no signal. */
export function firstWaiter(run: Run, name: string): AtomIndex | undefined {
  const queue = run.waiters.get(name);
  if (queue === undefined) return undefined;
  const at = queue.findIndex((waiter) => isWaiting(run, name, waiter));
  if (at < 0) run.waiters.delete(name);
  else queue.splice(0, at);
  return at < 0 ? undefined : queue.find((waiter) => isWaiting(run, name, waiter) && scopeOf(run, waiter.atom) === undefined)?.atom;
}

function isWaiting(run: Run, name: string, { atom, since }: Waiter): boolean {
  const { waiting, startNumber } = atomAt(run, atom);
  return waiting?.on === 'signal' && waiting.name === name && startNumber === since;
}

/** The oldest signal of that name that no wait has taken. */
export function oldestSignal(run: Run, name: string): Signal | undefined {
  return run.signals.find((signal) => signal.name === name);
}
