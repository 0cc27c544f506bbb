import { expect, it } from 'vitest';
import { fakeCatalog, flow, linear, task } from '../../testing/flows.ts';
import { TestRun } from '../../testing/run-in-memory.ts';
import { replay } from '../state/fold/fold.ts';
import { emptyRun } from '../state/run.ts';
import { restoreRun, snapshotOf } from '../state/snapshot/snapshot-of.ts';

const definition = flow(linear('root', [task('a')]), {
  outputs: {
    odd: { from: 'expression', cel: 'outputs.a.n % 2 == 1' },
    rest: { from: 'expression', cel: 'outputs.a.n % 4.0' },
    lost: { from: 'expression', cel: 'outputs.a.absent + 1' },
    split: { from: 'expression', cel: 'outputs.a.half % 2' },
    none: { from: 'expression', cel: 'outputs.a.n % 0' },
  },
});

it('S1, L1: a flow output that cannot be evaluated is listed in the last entry of the run, with the reason', () => {
  const test = new TestRun({ definition, catalog: fakeCatalog, script: () => ({ output: { n: 7, half: 0.5 } }) });
  test.go();
  expect(test.run.state).toBe('SUCCESS');
  expect(test.run.outputs).toEqual({ odd: true, rest: 3 });
  const unresolved = [
    { output: 'lost', reason: expect.stringContaining('absent') },
    { output: 'split', reason: expect.stringContaining('0.5') },
    { output: 'none', reason: expect.stringContaining('zero') },
  ];
  expect(test.entries.find(({ kind, to }: { kind: string; to?: string }) => kind === 'RUN' && to === 'SUCCESS')?.data).toMatchObject({
    unresolved,
  });
  expect(test.run.unresolved).toEqual(unresolved);
  expect(replay(emptyRun(test.flow), test.entries).unresolved).toEqual(unresolved);
  expect(restoreRun(test.flow, snapshotOf(test.run)).unresolved).toEqual(unresolved);
});

it('a run whose outputs are all evaluated has no such list, like older entries', () => {
  const test = new TestRun({ definition: flow(linear('root', [task('a')])), catalog: fakeCatalog });
  test.go();
  expect(test.entries.some((entry) => entry.kind === 'RUN' && entry.data !== undefined && 'unresolved' in entry.data)).toBe(false);
  expect(test.run.unresolved).toEqual([]);
});
