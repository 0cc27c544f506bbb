import type { FlowDefinition } from '@windlass/engine/definition';
import type { AtomSnapshot } from '@windlass/engine/run';
import type { Json } from '@windlass/engine/definition';
import { compileFlow, snapshotOf, typesFromDescriptors } from '@windlass/engine/run';
import { TestRun, fakeCatalog, flow, linear, task } from '@windlass/engine/testing';
import { describe, expect, it } from 'vitest';
import { applyEndsOf, compareJobs, differences } from './compare-jobs.ts';

const ran = (definition: FlowDefinition, script: ConstructorParameters<typeof TestRun>[0]['script'] = () => undefined) => {
  const test = new TestRun({ definition, catalog: fakeCatalog, script }).go();
  return { definition, snapshot: snapshotOf(test.run), applyEnds: applyEndsOf(test.entries) };
};
const three = flow(linear('f', [task('a'), task('b'), task('c')]));

describe('two jobs compared', () => {
  it('tasks that fared otherwise stand out, with the outputs that differ', () => {
    const well = ran(three, ({ atom }) => ({ output: { of: atom, size: 1 } }));
    const badly = ran(three, ({ atom, kind }) => (atom === 'c' && kind === 'apply' ? { fail: 'NO' } : { output: { of: atom, size: 2 } }));
    const { tasks } = compareJobs(well, badly);
    expect(tasks.map(({ id, differs, a, b }) => [id, differs, a?.atom.state, b?.atom.state])).toEqual([
      ['a', true, 'SUCCESS', 'REVERTED'],
      ['b', true, 'SUCCESS', 'REVERTED'],
      ['c', true, 'SUCCESS', 'REVERTED'],
    ]);
    expect(tasks[0]?.outputs).toEqual([{ name: 'size', a: 1, b: 2 }]);
    expect(tasks[0]?.b?.revert).not.toBeNull();
    expect(tasks[0]?.a?.revert).toBeNull();
  });

  it('a task that only one version has is there, and one that never began is not', () => {
    const short = flow(linear('f', [task('a'), task('z')]));
    const { tasks } = compareJobs(ran(three), ran(short));
    expect(tasks.map(({ id, a, b }) => [id, a !== null, b !== null])).toEqual([
      ['a', true, true],
      ['b', true, false],
      ['c', true, false],
      ['z', false, true],
    ]);
  });

  it('times count from the start of each job, and one scale fits both', () => {
    const atom = (from: number, to: number): AtomSnapshot => {
      const compiled = compileFlow(
        three,
        typesFromDescriptors(() => undefined),
      );
      const [first] = snapshotOf(new TestRun({ definition: three, catalog: fakeCatalog }).go().run).atoms;
      if (first === undefined || compiled.atoms.length === 0) throw new Error('The run has no atoms.');
      return { ...first, startedAt: from, endedAt: to };
    };
    const at = (startedAt: number, one: AtomSnapshot) => ({
      definition: three,
      snapshot: { atoms: [one], startedAt, inputs: {}, inputsAt: null },
      applyEnds: new Map<string, number>(),
    });
    const { tasks, span } = compareJobs(at(1_000, atom(1_100, 1_400)), at(9_000, atom(9_050, 9_950)));
    expect([tasks[0]?.a?.apply, tasks[0]?.b?.apply, span]).toEqual([{ from: 100, took: 300 }, { from: 50, took: 900 }, 950]);
  });

  it('a task that was rolled back later took as long as its apply, not until its revert', () => {
    const job = ran(three);
    const [first] = job.snapshot.atoms;
    if (first === undefined) throw new Error('The run has no atoms.');
    const done = { ...first, startedAt: 1_000, endedAt: 1_098 };
    const at = (one: AtomSnapshot, applyEnds: ReadonlyMap<string, number>) => ({
      definition: three,
      snapshot: { atoms: [one], startedAt: 1_000, inputs: {}, inputsAt: null },
      applyEnds,
    });
    const called = { ...done, state: 'REVERTED', revertingSince: 26_000, endedAt: 26_010 } as const;
    const uncalled = { ...done, state: 'REVERTED', endedAt: 26_000 } as const;
    const ends = new Map([['a', 1_098]]);
    expect(compareJobs(at(called, ends), at(uncalled, ends)).tasks[0]).toMatchObject({
      a: { apply: { from: 0, took: 98 }, revert: { from: 25_000, took: 10 } },
      b: { apply: { from: 0, took: 98 }, revert: null },
    });
    // Without its entries nothing is claimed of it.
    expect(compareJobs(at(called, new Map()), at(done, ends)).tasks[0]).toMatchObject({
      a: { apply: { took: 'unknown' } },
      b: { apply: { took: 98 } },
    });
  });

  it('differences are by name, and of what is no object the whole', () => {
    const small = (value: Json) => ({ value, at: null });
    expect(differences(small({ a: 1, b: [1] }), small({ b: [1], c: null }))).toEqual([
      { name: 'a', a: 1, b: undefined },
      { name: 'c', a: undefined, b: null },
    ]);
    expect(differences(small('x'), small('y'))).toEqual([{ name: 'value', a: 'x', b: 'y' }]);
  });

  it('large fields are said not to be compared, never to be the same', () => {
    const large = (value: Json, size: number) => ({ value, at: { entry: 5, field: 'output', size } as const });
    expect(differences(large({ id: 1 }, 9_000), large({ id: 2 }, 9_000))).toEqual([
      { name: 'id', a: 1, b: 2 },
      { name: 'Large fields', a: 'not compared; 9,000 characters in all', b: 'not compared; 9,000 characters in all' },
    ]);
    // A text that is large in one job alone is not said to be absent there.
    expect(differences(large({}, 9_000), { value: { text: 'short' }, at: null })).toEqual([
      { name: 'Large fields', a: 'not compared; 9,000 characters in all', b: 'none' },
    ]);
  });
});
