// How long reverts took in past runs of a flow, out of their logbooks (SEMANTICS B2).
import type { Entry } from '../logbook/entry.ts';

/** Of one item of the drawing, whatever iteration: how long its reverts took, in ms. */
export type PastTimes = Map<string, number[]>;

/** `hosts[3].install` and `hosts[7].install` are one item to a past time. */
export function itemOfAddress(address: string): string {
  return address.replace(/\[[^\]]*\]/g, '[]');
}

/** Adds what a stretch of a logbook says, in any order of its entries. A revert that was tried again counts from its first try. */
export function addTimes(times: PastTimes, entries: readonly Entry[]): void {
  const begun = new Map<string, number>();
  for (const entry of [...entries].sort((a, b) => a.number - b.number)) {
    if (entry.kind !== 'ATOM') continue;
    if (entry.to === 'REVERTING' && entry.from !== 'REVERTING') begun.set(entry.atom, entry.time);
    const from = begun.get(entry.atom);
    if (entry.to !== 'REVERTED' || from === undefined) continue;
    begun.delete(entry.atom);
    const item = itemOfAddress(entry.atom);
    const known = times.get(item);
    if (known === undefined) times.set(item, [entry.time - from]);
    else known.push(entry.time - from);
  }
}

/** The middle one, or the later of the two in the middle. Of nothing: 0. */
export function medianOf(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}
