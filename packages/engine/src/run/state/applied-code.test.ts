// R6: a revert runs with the code of the apply that it undoes. If the code of a type was changed without a new version, that is
// impossible, so the plan tells it.
import { describe, expect, it } from 'vitest';
import { catalogOf } from '../../task/define-task.ts';
import type { TaskType } from '../../task/task.ts';
import { fakeCatalog, flow, linear, task } from '../../testing/flows.ts';
import { TestRun } from '../../testing/run-in-memory.ts';
import { typesFromCatalog } from '../graph/atom-types.ts';
import { compileFlow } from '../graph/compiler.ts';
import { planRollback } from '../plan/plan-rollback.ts';
import { replay } from './fold/fold.ts';
import { emptyRun } from './run.ts';
import { restoreRun, snapshotOf } from './snapshot/snapshot-of.ts';

const coded = (code: { readonly [type: string]: string }) =>
  catalogOf(
    fakeCatalog.list().map((type): TaskType => {
      const own = code[type.type];
      return own === undefined ? type : { ...type, code: own };
    }),
  );
const definition = flow(linear('f', [task('a'), task('b', { type: 'once' }), task('c'), task('d', { type: 'pure' })]));
const whole = { kind: 'job' } as const;

/** The plan of the job on another server, whose types have that code. */
function planWith(test: TestRun, code: { readonly [type: string]: string }) {
  return planRollback(replay(emptyRun(compileFlow(test.flow.definition, typesFromCatalog(coded(code)))), test.entries), whole);
}

describe('R6: the code that applied a task', () => {
  it('is recorded once per job and type, with the first task of the type that begins', () => {
    const test = new TestRun({ definition, catalog: coded({ step: 's1', once: 'o1' }) }).go();
    expect(test.entries.flatMap((entry) => (entry.kind === 'ATOM' && entry.data?.code ? [[entry.atom, entry.data.code]] : []))).toEqual([
      ['a', 's1'],
      ['b', 'o1'],
    ]);
  });

  it('is compared with the present code when a plan is made, and differences are listed by type with the tasks to revert', () => {
    const test = new TestRun({ definition, catalog: coded({ step: 's1', once: 'o1', pure: 'p1' }) }).go();
    expect(planWith(test, { step: 's1', once: 'o1', pure: 'p1' }).changedCode).toEqual([]);
    expect(planWith(test, { step: 's2', once: 'o1', pure: 'p2' }).changedCode).toEqual([{ type: 'step', version: 1, atoms: ['c', 'a'] }]);
  });

  it('is not part of the hash: changed code does not change a plan that was read', () => {
    const test = new TestRun({ definition, catalog: coded({ step: 's1' }) }).go();
    expect(planWith(test, { step: 's2' }).hash).toBe(planWith(test, { step: 's1' }).hash);
  });

  it('is recorded again when it changed while the job ran, and each task has the code that began it', () => {
    const steps = flow(linear('f', [task('a'), task('b'), task('c')]));
    const test = new TestRun({ definition: steps, catalog: coded({ step: 's1' }) }).claim();
    test.answerNext();
    const later = new TestRun({ definition: steps, catalog: coded({ step: 's2' }) });
    later.entries.splice(0, later.entries.length, ...test.entries);
    later.crash().claim().finish();
    expect(later.run.codes).toEqual([
      { type: 'step@1', code: 's1', since: expect.any(Number) },
      { type: 'step@1', code: 's2', since: expect.any(Number) },
    ]);
    expect(planWith(later, { step: 's2' }).changedCode).toEqual([{ type: 'step', version: 1, atoms: ['b', 'a'] }]);
    expect(planWith(later, { step: 's1' }).changedCode).toEqual([{ type: 'step', version: 1, atoms: ['c'] }]);
  });

  it('is not compared when it is unknown: for jobs of earlier versions, or on this server', () => {
    const old = new TestRun({ definition, catalog: coded({}) }).go();
    expect(planWith(old, { step: 's2' }).changedCode).toEqual([]);
    const test = new TestRun({ definition, catalog: coded({ step: 's1' }) }).go();
    expect(planWith(test, {}).changedCode).toEqual([]);
  });

  it('I4: is the same in a run restored from a snapshot', () => {
    const test = new TestRun({ definition, catalog: coded({ step: 's1' }) }).go();
    expect(restoreRun(test.flow, snapshotOf(test.run)).codes).toEqual(test.run.codes);
  });
});
