// S4, L4: entries on the way to a reader lose large values, and keep the outputs of controls, which a fold reads.
import { expect, it } from 'vitest';
import { type FlowItem, retrySchema } from '../definition/schema.ts';
import { emptyRun } from '../run/state/run.ts';
import { replay } from '../run/state/fold/fold.ts';
import { snapshotOf } from '../run/state/snapshot/snapshot-of.ts';
import { fakeCatalog, flow, linear, task } from '../testing/flows.ts';
import { TestRun } from '../testing/run-in-memory.ts';
import type { Entry } from './entry.ts';
import { leanEntry } from './lean-entry.ts';

const LONG = 'x'.repeat(9_000);
const values = { from: 'constant', value: [LONG] } as const;
const retried = { ...task('b'), retry: retrySchema.parse({ id: 'r', strategy: { kind: 'parameterised', values } }) } as unknown as FlowItem;

function played(): TestRun {
  return new TestRun({
    definition: flow(linear('f', [task('a'), retried])),
    catalog: fakeCatalog,
    script: ({ kind, atom }) => (kind === 'apply' && atom === 'a' ? { output: { value: LONG, size: 1, unit: 'm' } } : undefined),
  }).go();
}

const ended = (entries: readonly Entry[], atom: string) =>
  entries.find((entry) => entry.kind === 'ATOM' && entry.atom === atom && entry.to === 'SUCCESS')?.data;

it('S4: the entry of a retry says that it is one, and keeps its large value, whatever other fields its output has', () => {
  const { entries } = played();
  expect(ended(entries, 'r')).toMatchObject({ control: true, output: { value: LONG } });
  expect(ended(entries.map(leanEntry), 'a')).toMatchObject({ output: { size: 1, unit: 'm' }, stored: { output: expect.any(Number) } });
  const wider = entries.map(
    (entry): Entry =>
      entry.kind === 'ATOM' && entry.data?.control
        ? { ...entry, data: { ...entry.data, output: { value: LONG, attempt: 1, more: 1 } } }
        : entry,
  );
  expect(ended(wider.map(leanEntry), 'r')).toMatchObject({ output: { value: LONG, attempt: 1, more: 1 } });
});

it('L4: a reader gets the same state from the lean entries of a retry, also from those of a version without the mark', () => {
  const { entries, flow: compiled, run } = played();
  const older = entries.map((entry): Entry => {
    if (entry.kind !== 'ATOM' || entry.data === undefined) return entry;
    const { control: _, ...data } = entry.data;
    return { ...entry, data };
  });
  const retryOf = (read: readonly Entry[]) =>
    snapshotOf(replay(emptyRun(compiled), read.map(leanEntry))).atoms.find(({ atom }) => atom === 'r');
  const live = snapshotOf(run).atoms.find(({ atom }) => atom === 'r');
  for (const read of [entries, older]) expect(retryOf(read)).toEqual(live);
});
