// The acts by hand in a run that went on: it did not succeed by its flow alone (R10, A4, L2). Pure.
import type { Entry } from '@windlass/engine/run';
import type { RunFacts } from './run-facts.ts';
import type { NameOf } from './names.ts';

/** One text for each act: `Probe skipped`, `input of Use it given`; empty if no person intervened. */
export function byHandWords(
  facts: Pick<RunFacts, 'skipped' | 'edited' | 'markedReverted'>,
  entries: readonly Entry[],
  nameOf: NameOf,
): readonly string[] {
  const settled = new Set(entries.flatMap((entry) => (entry.kind === 'MARK' && entry.mark === 'DOUBT_SETTLED' ? [entry.atom] : [])));
  return [
    ...listed(facts.skipped).map((atom) => `${nameOf(atom)} skipped`),
    ...listed(facts.edited).map((atom) => `input of ${nameOf(atom)} given`),
    ...listed(facts.markedReverted).map((atom) => `${nameOf(atom)} marked as reverted`),
    ...[...settled].map((atom) => `outcome of ${nameOf(atom)} stated by a person`),
  ];
}

function listed(addresses: string): string[] {
  return addresses === '' ? [] : addresses.split(' ');
}
