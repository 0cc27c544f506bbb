import { planRollback } from '@windlass/engine/run';
import { TestRun, fakeCatalog, flow, linear, task } from '@windlass/engine/testing';
import { expect, it } from 'vitest';
import { factsOf } from '../run/run-facts.ts';
import { mayPlan } from './open-plan.ts';

it('B1: a plan is offered exactly where the engine makes one, and in a running job, which is paused first', () => {
  const seen = new Map<string, [isOpen: boolean, mayPlan: boolean]>();
  const script = ({ kind, atom }: { kind: string; atom: string }) => (kind === 'revert' && atom === 'a' ? { fail: 'NO' } : undefined);
  for (const acts of [[], ['SUSPEND', 'RESUME'], ['CANCEL']] as const) {
    const test = new TestRun({ definition: flow(linear('f', [task('a'), task('b'), task('c')])), catalog: fakeCatalog, script }).claim();
    const note = () => seen.set(test.run.state, [planRollback(test.run, { kind: 'job' }).blocked === null, mayPlan(factsOf(test.run))]);
    note();
    test.answerNext();
    for (const kind of acts) {
      if (kind === 'CANCEL') test.act({ kind, reason: '', then: 'revert' });
      else test.act({ kind, reason: '' });
      note();
      if (kind === 'SUSPEND') test.finish();
      note();
    }
    test.finish();
    note();
  }
  expect([...seen.keys()].sort()).toEqual(['REVERTING', 'REVERT_FAILED', 'RUNNING', 'SUCCESS', 'SUSPENDED', 'SUSPENDING']);
  for (const [state, [isOpen, isOffered]] of seen) expect([state, isOffered]).toEqual([state, isOpen || state === 'RUNNING']);
});
