// Rules over several jobs, called with a store and a conductor as the API calls them.
import { afterEach, expect, it } from 'vitest';
import { MemoryStore } from '../board/memory-store.ts';
import { systemClock } from '../clock.ts';
import { type Conductor, startConductor } from '../conductor/conductor.ts';
import { MemoryFlows } from '../definition/flows/memory-flows.ts';
import type { FlowDefinition } from '../definition/schema.ts';
import { typesFromCatalog } from '../run/graph/atom-types.ts';
import { snapshotOf } from '../run/state/snapshot/snapshot-of.ts';
import { fakeCatalog, flow, linear, task } from '../testing/flows.ts';
import { TestRun } from '../testing/run-in-memory.ts';
import { expectedTimes } from './expected-times.ts';
import { JOINT_FLOW } from './joint-flow.ts';
import { makeJointPlan } from './joint-plan.ts';
import { launchJointRollback } from './joint-rollback.ts';
import { needsOf } from './needs.ts';

const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
const started: Conductor[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((conductor) => conductor.stop(50)));
});

async function world(definition: FlowDefinition) {
  const store = new MemoryStore();
  const flows = new MemoryFlows();
  const { id } = await flows.create(definition, ana, 1);
  await flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
  const operator = startConductor({
    ...{
      board: store,
      logbook: store,
      flows,
      typeOf: typesFromCatalog(fakeCatalog),
      clock: systemClock,
      conductor: { id: 'c1', name: 'c1' },
    },
    runner: { run: async ({ kind, atom }) => ({ kind: 'done', output: kind === 'apply' ? { made: `${atom}-0001` } : {} }) },
  });
  started.push(operator);
  const ended = async (run: string, inputs: { [name: string]: string } = {}) => {
    const posted = await operator.launch({ flow: id, version: 1, inputs, priority: 0, actor: ana, key: null });
    const job = posted.kind === 'posted' ? posted.job : '';
    await expect.poll(async () => (await store.get(job))?.run).toBe(run);
    return job;
  };
  return { store, flows, ports: { board: store, logbook: store, flows, operator }, ended };
}

it("B2: a joint plan puts the job that used another job's output first, and is refused as a whole when one plan has changed", async () => {
  const { flows, ports, ended } = await world(flow(linear('f', [task('make')])));
  const maker = await ended('SUCCESS');
  const user = await ended('SUCCESS', { given: 'make-0001' });
  const { stages, jobs } = await makeJointPlan(ports, [maker, user]);
  expect(stages).toEqual([[user], [maker]]);
  expect(jobs[0]?.usedBy).toMatchObject([{ job: user, atom: 'make', value: 'make-0001' }]);

  const order = jobs.map(({ row, plan }, at) => ({ job: row.id, hash: at === 0 ? 'another' : plan.hash, drift: [] }));
  const answer = await launchJointRollback(ports, { jobs: order, reason: 'both were wrong', actor: ana, now: 2 });
  expect(answer).toMatchObject({ kind: 'refused', message: expect.stringContaining('its logbook has changed') });
  expect((await flows.list()).map(({ name }) => name)).not.toContain(JOINT_FLOW.name);
  await expect(makeJointPlan(ports, ['job_nowhere'])).rejects.toMatchObject({ code: 'JOB_UNKNOWN' });
});

it('B2: times are expected from past rollbacks of the same flow, and are absent without any', async () => {
  const { ports, store, ended } = await world(flow(linear('f', [task('make')])));
  const job = await ended('SUCCESS');
  expect(await expectedTimes(ports, job, ['make'])).toEqual({ runs: 0, atoms: [] });
  const choice = { kind: 'job' } as const;
  const { hash } = await ports.operator.plan(job, choice);
  await ports.operator.act(job, { kind: 'ROLL_BACK', reason: 'once', choice, hash }, ana);
  await expect.poll(async () => (await store.get(job))?.run).toBe('REVERTED');
  const again = await ended('SUCCESS');
  expect(await expectedTimes(ports, again, ['make', 'nothing'])).toMatchObject({ runs: 1, atoms: [{ atom: 'make', of: 1 }] });
  expect(await expectedTimes(ports, 'job_nowhere', ['make'])).toEqual({ runs: 0, atoms: [] });
});

it('R10: the need of a held job is its failed task, by the name that people gave it', () => {
  const definition = { ...flow(linear('f', [{ ...task('a'), name: 'Attach it' }])), onFailure: 'hold' as const };
  const { run } = new TestRun({ definition, catalog: fakeCatalog, script: () => ({ fail: 'BROKEN' }) }).go();
  expect(needsOf(snapshotOf(run), { definition, doubts: [] })).toMatchObject([
    { kind: 'held', atom: 'a', name: 'Attach it', task: { type: 'step', version: 1 }, output: null },
  ]);
  expect(needsOf(snapshotOf(run), { definition: null, doubts: [] })).toMatchObject([{ name: 'a', task: null }]);
});
