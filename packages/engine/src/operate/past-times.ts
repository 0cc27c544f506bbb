// The durations of reverts in past runs of a flow, from their logbooks (B2).
import type { Entry } from '../logbook/entry.ts';

/** Durations of reverts in milliseconds, by item of the definition, over all iterations. */
export type PastTimes = Map<string, number[]>;

/** The item of an atom address: `hosts[3].install` and `hosts[7].install` are the same item. */
export function itemOfAddress(address: string): string {
  return address.replace(/\[[^\]]*\]/g, '[]');
}

/** Adds the reverts in part of a logbook, whose entries may be in any order. A revert that was repeated counts from its first attempt. */
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

/** The middle value, or the greater of the two in the middle; 0 for an empty list. */
export function medianOf(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}
