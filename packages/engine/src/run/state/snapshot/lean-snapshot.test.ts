import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flowItemSchema, retrySchema, taskItemSchema } from '../../../definition/schema.ts';
import { leanEntry } from '../../../logbook/lean-entry.ts';
import type { StoredValue } from '../../../logbook/stored-value.ts';
import { drawFlow, lots } from '../../../testing/draw-flow.ts';
import { fakeCatalog, flow, linear, task } from '../../../testing/flows.ts';
import { type Script, TestRun } from '../../../testing/run-in-memory.ts';
import { planRollback } from '../../plan/plan-rollback.ts';
import { replay } from '../fold/fold.ts';
import { type LeanSnapshot, fullOf, leanOf } from './lean-snapshot.ts';
import { restoreRun, snapshotOf } from './snapshot-of.ts';

it('L4: a lean snapshot gives back the original, even if every field was changed', () => {
  const failing = new TestRun({
    definition: flow(linear('f', [task('a', { parameters: { x: 1 } }), task('b'), task('c', { type: 'send' })])),
    catalog: fakeCatalog,
    script: ({ kind, atom }) =>
      atom === 'b' && kind === 'revert' ? { fail: 'STUCK' } : atom === 'c' ? { fail: 'NO' } : { output: { of: atom } },
  }).go();
  const snapshot = snapshotOf(failing.run);
  expect(JSON.parse(JSON.stringify(fullOf(JSON.parse(JSON.stringify(leanOf(snapshot))))))).toEqual(JSON.parse(JSON.stringify(snapshot)));
  expect(JSON.stringify(leanOf(snapshot)).length).toBeLessThan(JSON.stringify(snapshot).length);
});

it('L4: over random flows too', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (seed) => {
      const definition = drawFlow(lots(seed), { width: 3, depth: 2, plain: false });
      const snapshot = snapshotOf(new TestRun({ definition, catalog: fakeCatalog }).go().run);
      expect(fullOf(leanOf(snapshot))).toEqual(snapshot);
    }),
    { numRuns: 100 },
  );
});

describe('lists and values of retries over 8 KB', () => {
  const large = (own: string) => ({ name: own, text: 'v'.repeat(9_000) });
  const names = Array.from({ length: 20 }, (_, count) => `n${count}`);

  /** The run as a page restores it, from what travels to it. */
  const opened = (test: TestRun) => {
    const text = JSON.stringify(leanOf(snapshotOf(test.run)));
    return { length: text.length, run: restoreRun(test.flow, fullOf(JSON.parse(text) as LeanSnapshot)) };
  };
  const hashOf = (run: TestRun['run']) => planRollback(run, { kind: 'job' }).hash;
  const storedOf = (test: TestRun, at: StoredValue | null | undefined) => (at == null ? undefined : test.valueAt(at));

  it('S4: of a retry are references in a snapshot on the wire, the ones of failed attempts too', () => {
    const retry = retrySchema.parse({ id: 'r', strategy: { kind: 'for_each', values: names.map(large) } });
    const test = new TestRun({
      definition: flow(linear('f', [taskItemSchema.parse({ ...task('a'), retry })])),
      catalog: fakeCatalog,
      script: ({ kind, attempt }) => (kind === 'apply' && attempt < 20 ? { fail: 'NO' } : undefined),
    }).go();
    expect(test.run.state).toBe('SUCCESS');
    const { length, run } = opened(test);
    expect(length).toBeLessThan(20_000);
    const at = run.atoms.find(({ history }) => history.length > 0);
    expect(at?.history.map(({ value, valueAt }) => [value, storedOf(test, valueAt)])).toEqual(
      names.slice(0, 19).map((own, count) => [{ name: own }, { value: large(own), attempt: count + 1 }]),
    );
    expect(storedOf(test, at?.outputAt)).toEqual({ value: large('n19'), attempt: 20 });
    expect(hashOf(run)).toBe(hashOf(test.run));
  });

  it('S4: of an expression, whose next value is the value of the next attempt, travel once at most', () => {
    const strategy = {
      kind: 'expression',
      first: large('n0'),
      attempts: 5,
      cel: '{"decision": "RETRY", "value": retry.history[0].value}',
    };
    const retry = retrySchema.parse({ id: 'r', strategy });
    const test = new TestRun({
      definition: flow(linear('f', [taskItemSchema.parse({ ...task('a'), retry })])),
      catalog: fakeCatalog,
      script: ({ kind, attempt }) => (kind === 'apply' && attempt < 4 ? { fail: 'NO' } : undefined),
    }).go();
    expect(test.run.atoms.map(({ history }) => history.length)).toContain(3);
    expect(opened(test).length).toBeLessThan(10_000);
  });

  it.each<[string, (test: TestRun) => TestRun]>([
    ['that has succeeded', (test) => test.go()],
    ['in which an iteration failed, and that was undone', (test) => test.go()],
    ['that is under way', (test) => test.claim()],
  ])('S4: of a for-each %s are references, and the page has the same atoms and the same plan', (name, play) => {
    const definition = flow(
      linear('f', [
        task('src', { type: 'lists', parameters: { lists: [names.map(large)] } }),
        flowItemSchema.parse({
          ...linear('each', [task('t')]),
          pattern: 'for_each',
          forEach: { list: { from: 'output', item: 'src', path: 'list' } },
        }),
      ]),
    );
    const fails = name.startsWith('in which');
    const script: Script = ({ kind, atom }) => (fails && kind === 'apply' && atom === 'each[19].t' ? { fail: 'NO' } : undefined);
    const test = play(new TestRun({ definition, catalog: fakeCatalog, script }));
    if (name.startsWith('that is under')) test.answerNext();
    const { length, run } = opened(test);
    expect(length).toBeLessThan(60_000);
    const states = (of: TestRun['run']) => of.atoms.map(({ atom, state }) => `${atom} ${state}`).sort();
    expect(states(run)).toEqual(states(test.run));
    expect(states(run).filter((state) => state.startsWith('each['))).toHaveLength(20);
    const list = run.atoms.find((_, index) => run.flow.atoms[index]?.kind === 'each');
    expect(storedOf(test, list?.outputAt)).toEqual({ elements: names.map(large) });
    expect(hashOf(run)).toBe(hashOf(test.run));
  });

  it('L4: further entries are folded into the restored run as into the run itself', () => {
    const retry = retrySchema.parse({ id: 'r', strategy: { kind: 'for_each', values: names.map(large) } });
    const test = new TestRun({
      definition: flow(linear('f', [taskItemSchema.parse({ ...task('a'), retry })])),
      catalog: fakeCatalog,
      script: ({ kind, attempt }) => (kind === 'apply' && attempt < 3 ? { fail: 'NO' } : undefined),
    }).claim();
    const { run } = opened(test);
    const since = test.entries.length;
    test.finish();
    replay(run, test.entries.slice(since).map(leanEntry));
    expect(leanOf(snapshotOf(run))).toEqual(leanOf(snapshotOf(test.run)));
  });
});
