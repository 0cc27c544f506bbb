// Faults that the simulators found, each with the smallest flow that shows it.
import { describe, expect, it } from 'vitest';
import { flowItemSchema, retrySchema, taskItemSchema } from '../definition/schema.ts';
import { fakeCatalog, flow, graph, linear, task, unordered } from '../testing/flows.ts';
import { type Script, TestRun } from '../testing/run-in-memory.ts';
import type { Flight } from '../testing/simulation/job-in-view.ts';
import { SimulatedJob, ana } from '../testing/simulation/simulated-job.ts';
import type { RollbackChoice } from './plan/rollback-choice.ts';
import { planRollback } from './plan/plan-rollback.ts';

function rollBack(test: TestRun, choice: RollbackChoice): TestRun {
  return test.act({ kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(test.run, choice).hash });
}

it('P4, B5: a task that a person skipped stays skipped when the gate before it is rolled back and applied again', () => {
  const root = flowItemSchema.parse({
    ...graph('f', [task('a'), task('b')], []),
    links: [{ id: 'l', from: 'a', to: 'b', decider: 'inputs.absent == 1' }],
  });
  const test = new TestRun({ definition: flow(root, { onFailure: 'hold' }), catalog: fakeCatalog }).go();
  expect(test.states).toMatchObject({ b: 'FAILURE' });
  test.act({ kind: 'SKIP_FAILED', reason: 'not needed', atom: 'b', output: {} }).finish();
  rollBack(test, { kind: 'atoms', atoms: ['b.gate'], leaveOut: [] }).finish();
  test.act({ kind: 'APPLY_AGAIN', reason: '', parameters: {} }).finish();
  expect(test.run.state).toBe('SUCCESS');
  expect(test.states).toMatchObject({ a: 'SUCCESS', b: 'IGNORE' });
});

it('R11, I8: a revert in its back-off is not called while the run is at rest, and is called once after a plan is confirmed', () => {
  const b = taskItemSchema.parse({ ...task('b'), revertPolicy: { attempts: 2, delayMs: 5_000 } });
  const broken = new Set(['apply b', 'revert b']);
  const fails = ({ call }: Flight) => broken.delete(`${call.kind} ${call.atom}`);
  const job = new SimulatedJob(flow(linear('f', [task('a'), b])), { parallel: 10, fails, happens: () => true });
  job.claim();
  job.answerAll().act({ act: { kind: 'SUSPEND', reason: '' }, by: ana }, 'carried out');
  expect(job.run.state).toBe('SUSPENDED');
  // A conductor claims the job without need, after the time of the back-off.
  job.pass(60_000);
  job.claim();
  expect(job.flights).toEqual([]);
  const choice: RollbackChoice = { kind: 'atoms', atoms: ['b'], leaveOut: [] };
  const since = job.entries.length;
  job.act({ act: { kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(job.run, choice).hash }, by: ana }, 'carried out');
  expect(job.flights.map(({ call }) => `${call.kind} ${call.atom}`)).toEqual(['revert b']);
  job.answerAll();
  expect(job.run.state).toBe('PARTIALLY_REVERTED');
  const reverts = job.entries.slice(since).filter((entry) => entry.kind === 'ATOM' && entry.to === 'REVERTING');
  expect(reverts).toHaveLength(1);
});

it('R7: a call that posts a job after its run was cancelled is undone, and the run does not end REVERT_FAILED without a failed revert', () => {
  const launch = task('b', { type: 'launch' });
  const job = new SimulatedJob(flow(linear('f', [task('a'), launch])), { parallel: 10, fails: () => false, happens: () => true });
  job.claim();
  for (const apply of job.flights) {
    job.perform(apply);
    job.answer(apply, 'carried out');
  }
  job.act({ act: { kind: 'CANCEL', reason: 'wrong day', then: 'revert' }, by: ana }, 'carried out');
  job.answerAll();
  expect(job.run.state).toBe('REVERTED');
  expect([...job.world.standing]).toEqual([]);
});

it('B5: a failed attempt that a rollback left out is undone before it begins again, also after REVERTED', () => {
  const root = linear('f', [
    taskItemSchema.parse({ ...task('a', { type: 'pure' }), retry: { id: 'r', strategy: { kind: 'times', attempts: 1 } } }),
  ]);
  const test = new TestRun({
    definition: flow(root, { onFailure: 'hold' }),
    catalog: fakeCatalog,
    script: () => ({ fail: 'BROKEN' }),
  }).go();
  rollBack(test, { kind: 'atoms', atoms: ['r'], leaveOut: [{ atom: 'a', reason: 'it changed nothing' }] }).finish();
  expect(test.run.state).toBe('REVERTED');
  expect(test.states).toEqual({ r: 'REVERTED', a: 'FAILURE' });
  test.act({ kind: 'APPLY_AGAIN', reason: '', parameters: {} });
  expect(test.story.slice(-6)).toEqual(['run REVERTING', 'a REVERTED', 'run RUNNING', 'r RUNNING', 'r SUCCESS', 'a RUNNING']);
});

it('Z1, R10: trying a failed stage again begins the whole resource again if one destroy undoes all its stages', () => {
  const broken = new Set(['apply m.acquire']);
  const fails = ({ call }: Flight) => broken.delete(`${call.kind} ${call.atom}`);
  const definition = flow(linear('f', [task('m', { type: 'rented' })]), { onFailure: 'hold' });
  const job = new SimulatedJob(definition, { parallel: 10, fails, happens: () => true });
  job.claim();
  job.answerAll().act({ act: { kind: 'RETRY_FAILED', reason: '', parameters: {} }, by: ana }, 'carried out');
  job.answerAll();
  expect(job.run.state).toBe('SUCCESS');
  expect([...job.world.standing.keys()]).toEqual(['job/m.reserve/2', 'job/m.configure/2', 'job/m.acquire/2']);
});

it('R11: a revert in its back-off that a newer plan leaves out is kept with that reason, and the rollback ends', () => {
  const b = taskItemSchema.parse({ ...task('b'), revertPolicy: { attempts: 3, delayMs: 5_000 } });
  const broken = new Set(['apply b', 'revert b']);
  const fails = ({ call }: Flight) => broken.delete(`${call.kind} ${call.atom}`);
  const job = new SimulatedJob(flow(linear('f', [task('a'), b])), { parallel: 10, fails, happens: () => true });
  job.claim();
  job.answerAll().act({ act: { kind: 'SUSPEND', reason: '' }, by: ana }, 'carried out');
  const leaveOut = [{ atom: 'b', reason: 'ana looks after it' }];
  const choice: RollbackChoice = { kind: 'atoms', atoms: ['a'], leaveOut };
  job.act({ act: { kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(job.run, choice).hash }, by: ana }, 'carried out');
  job.answerAll();
  expect([job.run.state, job.run.job]).toEqual(['PARTIALLY_REVERTED', 'COMPLETE']);
  expect(job.run.standing).toEqual([{ atom: 'b', because: 'ana looks after it' }]);
});

it('B7: after a takeover a time limit holds in full while a probe is under way', () => {
  const a = taskItemSchema.parse({ ...task('a', { type: 'probed' }), timeLimitMs: 1_000 });
  const job = new SimulatedJob(flow(linear('f', [a]), { onFailure: 'hold' }), { parallel: 10, fails: () => false, happens: () => false });
  job.claim();
  const began = job.now;
  job.pass(900);
  job.die();
  job.claim();
  expect(job.flights.map(({ call }) => call.kind)).toEqual(['probe']);
  expect(job.wakeAt).toBe(began + 1_900);
  job.pass(999);
  job.fire('carried out');
  expect(job.run.state).toBe('RUNNING');
  job.pass(1);
  job.fire('carried out');
  expect(job.run.atoms.map(({ state, failure }) => [state, failure?.code])).toEqual([['FAILURE', 'TIMEOUT']]);
});

const answer = (test: TestRun, atom: string) => test.answer(test.pending.findIndex(({ call }) => call.atom === atom));
const failing =
  (...calls: string[]): Script =>
  ({ kind, atom, attempt }) =>
    calls.includes(`${kind} ${atom} ${attempt}`) ? { fail: 'BROKEN' } : undefined;

it('I2, R4: a revert that a retry had begun when the whole run winds back does not let what is before it begin early', () => {
  const box = flowItemSchema.parse({
    ...linear('box', [task('a'), task('b')]),
    retry: retrySchema.parse({ id: 'r', strategy: { kind: 'times', attempts: 2 } }),
  });
  const each = { pattern: 'for_each', limit: 2, forEach: { list: { from: 'constant', value: [0, 1] } } };
  const root = flowItemSchema.parse({ ...linear('f', [box, task('c')]), ...each });
  const test = new TestRun({ definition: flow(root), catalog: fakeCatalog, script: failing('apply f[0].b 1', 'apply f[1].c 1') }).claim();
  for (const atom of ['f[0].a', 'f[1].a', 'f[1].b', 'f[0].b', 'f[1].c']) answer(test, atom);
  expect(test.run.state).toBe('REVERTING');
  expect(test.pending.map(({ call }) => `${call.kind} ${call.atom}`)).toEqual(['revert f[0].b', 'revert f[1].c']);
  for (const atom of ['f[0].b', 'f[1].c', 'f[1].b', 'f[1].a']) {
    expect(test.states['f[0].a']).toBe('SUCCESS');
    answer(test, atom);
  }
  expect(test.finish().run.state).toBe('REVERTED');
  expect(test.calls.filter((call) => call.startsWith('revert'))).toHaveLength(5);
});

it('R1, R10: a retry that said RETRY begins its next attempt also where another failure holds the run', () => {
  const strategy = { kind: 'for_each', values: ['x', 'y'] };
  const box = flowItemSchema.parse({ ...linear('box', [task('a')]), retry: retrySchema.parse({ id: 'r', strategy }) });
  const definition = flow(unordered('f', [box, task('b')]), { onFailure: 'hold' });
  const test = new TestRun({ definition, catalog: fakeCatalog, script: failing('apply a 1', 'apply b 1') }).claim();
  for (const atom of ['b', 'a', 'a']) answer(test, atom);
  expect(test.story.slice(-4)).toEqual(['r RETRYING', 'r RUNNING', 'r SUCCESS', 'run FAILURE']);
  test.act({ kind: 'RETRY_FAILED', reason: '', parameters: {} }).finish();
  expect(test.run.state).toBe('SUCCESS');
  expect(test.run.atoms.find(({ atom }) => atom === 'r')).toMatchObject({ attempt: 2, output: { value: 'y' } });
});

it('R10, I1: a task that its retry is undoing is not skipped while a cancel holds the run, and is retried', () => {
  const a = taskItemSchema.parse({
    ...task('a', { type: 'probed' }),
    timeLimitMs: 150,
    retry: retrySchema.parse({ id: 'r', strategy: { kind: 'times', attempts: 2 } }),
  });
  const test = new TestRun({ definition: flow(linear('f', [a, task('b')])), catalog: fakeCatalog }).claim().passTime();
  test.act({ kind: 'CANCEL', reason: '', then: 'hold' }).answerNext();
  expect([test.run.state, test.states['a']]).toEqual(['FAILURE', 'FAILURE']);
  test.act({ kind: 'SKIP_FAILED', reason: 'not needed', atom: 'a', output: {} });
  expect(test.answered?.kind).toBe('refused');
  test.act({ kind: 'RETRY_FAILED', reason: '', parameters: {} }).finish();
  expect([test.run.state, test.calls]).toEqual(['SUCCESS', ['apply a', 'revert a', 'apply a', 'apply b']]);
});

it('J6: a job in which something waits is not parked while an output is loaded for what begins next', () => {
  const use = task('use', { bindings: { n: { from: 'output', item: 'big', path: 'n' } } });
  const root = unordered('f', [task('ask', { type: 'ask' }), linear('l', [task('big'), use])]);
  const script: Script = ({ atom }) => (atom === 'big' ? { output: { n: 1, text: 'x'.repeat(20_000) } } : undefined);
  const test = new TestRun({ definition: flow(root), catalog: fakeCatalog, script, cacheNothing: true }).claim();
  answer(test, 'big');
  expect([test.run.job, test.pending.map(({ call }) => call.atom)]).toEqual(['CLAIMED', ['use']]);
});

describe('a resource that one destroy gives back (Z1)', () => {
  const definition = flow(linear('f', [task('a'), task('m', { type: 'rented' })]));

  it('T1, I3: is wholly given back when the rollback is paused while it is destroyed, whatever the next plan names', () => {
    const test = rollBack(new TestRun({ definition, catalog: fakeCatalog }).go(), { kind: 'job' });
    expect(test.pending.map(({ call }) => call.atom)).toEqual(['m.acquire']);
    test.act({ kind: 'SUSPEND', reason: '' }).answerNext();
    expect([test.run.state, test.states['m.reserve'], test.states['m.configure'], test.states['a']]).toEqual([
      'SUSPENDED',
      'REVERTED',
      'REVERTED',
      'SUCCESS',
    ]);
  });

  it('I8: which was kept when its destroy failed is wholly in the plan that takes it in again', () => {
    const apart = flow(
      unordered('f', [linear('l', [task('a'), task('b')]), task('m', { type: 'rented', revertPolicy: { attempts: 2, delayMs: 5_000 } })]),
    );
    const test = rollBack(new TestRun({ definition: apart, catalog: fakeCatalog, script: failing('revert m.acquire 1') }).go(), {
      kind: 'job',
    });
    answer(answer(test, 'm.acquire').act({ kind: 'SUSPEND', reason: '' }), 'b');
    expect([test.run.state, test.states['a']]).toEqual(['SUSPENDED', 'SUCCESS']);
    rollBack(test, { kind: 'atoms', atoms: ['a'], leaveOut: [] }).finish();
    expect([test.run.state, test.run.atoms.find(({ atom }) => atom === 'm.acquire')?.kept]).toEqual([
      'PARTIALLY_REVERTED',
      'not part of the rollback',
    ]);
    const actions = planRollback(test.run, { kind: 'job' }).waves.flat();
    expect(actions.map(({ atom, action }) => `${action} ${atom}`)).toEqual([
      'revert m.acquire',
      'nothing m.configure',
      'nothing m.reserve',
    ]);
  });
});

it('I4, I5: a paused run whose conductor died ends in SUCCESS when its last call ends, as it does without that death', () => {
  const paused = () => {
    const test = new TestRun({ definition: flow(unordered('f', [task('a'), task('b')])), catalog: fakeCatalog }).claim();
    return test.answer(0).act({ kind: 'SUSPEND', reason: '' });
  };
  expect(paused().finish().run.state).toBe('SUCCESS');
  expect(paused().crash().claim().finish().run.state).toBe('SUCCESS');
});

it('I8: a plan that calls the failed revert of a whole again says that the tasks inside are undone with it', () => {
  const root = flowItemSchema.parse({ ...linear('f', [task('a'), task('b')]), revert: { mode: 'task', id: 'undo', type: 'step' } });
  let isBroken = true;
  const fails = ({ call }: Flight) => isBroken && call.kind === 'revert' && call.atom === 'undo';
  const job = new SimulatedJob(flow(root), { parallel: 10, fails, happens: () => true });
  const rollBackAll = () => {
    const { hash } = planRollback(job.run, { kind: 'job' });
    job.act({ act: { kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash }, by: ana }, 'carried out');
  };
  job.claim();
  job.answerAll();
  rollBackAll();
  for (const _ of [1, 2]) {
    job.answerAll();
    job.pass(60_000);
    job.claim();
  }
  // A pause while the last attempt is called, so that its failure does not end the rollback.
  job.act({ act: { kind: 'SUSPEND', reason: '' }, by: ana }, 'carried out');
  job.answerAll();
  expect([job.run.state, job.run.atoms.find(({ atom }) => atom === 'undo')?.state]).toEqual(['SUSPENDED', 'REVERT_FAILURE']);
  isBroken = false;
  const planned = planRollback(job.run, { kind: 'job' }).waves.flat();
  expect(planned.flatMap(({ atom, action }) => (action === 'revert' ? [atom] : []))).toEqual(['undo']);
  rollBackAll();
  job.answerAll();
  expect(job.run.state).toBe('REVERTED');
});

it('B1, I7: a catch, a gate or a retry cannot be left out of a rollback, because the next pass could not work it out again', () => {
  const f1 = graph('f1', [task('a'), task('b')], ['a>b']);
  const root = flowItemSchema.parse({
    ...graph('f', [{ ...f1, retry: retrySchema.parse({ id: 'again', strategy: { kind: 'times', attempts: 3 } }) }, task('other')], []),
    links: [{ id: 'l', from: 'f1', to: 'other', onFailure: true }],
  });
  const test = new TestRun({ definition: flow(root), catalog: fakeCatalog }).go();
  for (const atom of ['f1.catch', 'again', 'other.gate']) {
    const choice: RollbackChoice = { kind: 'atoms', atoms: ['b'], leaveOut: [{ atom, reason: 'left' }] };
    expect(planRollback(test.run, choice).blocked).toContain(`"${atom}" is no task`);
  }
});
