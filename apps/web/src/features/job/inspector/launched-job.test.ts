import { TestRun, fakeCatalog, flow, linear, task } from '@windlass/engine/testing';
import { expect, it } from 'vitest';
import { launchedBy } from './launched-job.tsx';

it('P9: a task that was undone while it waited for the job that it launched still names that job', () => {
  const test = new TestRun({ definition: flow(linear('f', [task('w')])), catalog: fakeCatalog }).claim();
  test.pending.shift();
  const waiting = { on: 'job', job: 'job_1a2b', until: 60_000, output: null } as const;
  test.send({ kind: 'POSTED', atom: 'w', attempt: 1, waiting });
  const named = (at: number | null = null) => {
    const atom = test.run.atoms.find((one) => one.atom === 'w');
    return atom === undefined ? null : launchedBy(atom, { entries: test.entries, at });
  };
  expect(named()).toBe('job_1a2b');
  test.act({ kind: 'CANCEL', reason: 'wrong', then: 'revert' }).finish();
  expect(test.run.state).toBe('REVERTED');
  expect(named()).toBe('job_1a2b');
  // Applied again, it has launched nothing yet.
  test.act({ kind: 'APPLY_AGAIN', reason: '', parameters: {} });
  expect(named()).toBeNull();
});
