import type { Entry } from '../../logbook/entry.ts';

/** Attempts whose outcome a person has stated, rightly or wrongly. For a stage: the attempts of all stages of its resource. */
export function settledByPeople(entries: readonly Entry[]): ReadonlySet<string> {
  const attempts = new Map<string, number>();
  const settled = new Set<string>();
  for (const entry of entries) {
    if (entry.kind === 'ATOM') attempts.set(entry.atom, entry.attempt);
    if (entry.kind === 'MARK' && entry.mark === 'DOUBT_SETTLED') settled.add(`${entry.atom} ${entry.attempt}`);
    if (entry.kind !== 'ACT' || entry.atom === undefined || (entry.act !== 'MARK_REVERTED' && entry.act !== 'KEEP')) continue;
    const resource = entry.atom.slice(0, entry.atom.lastIndexOf('.') + 1);
    for (const [atom, attempt] of attempts) {
      const isStage = resource !== '' && atom.startsWith(resource) && !atom.slice(resource.length).includes('.');
      if (atom === entry.atom || isStage) settled.add(`${atom} ${attempt}`);
    }
  }
  return settled;
}
