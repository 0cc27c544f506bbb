// A job that no conductor can carry out stands under attention with its reason, and only an act leads back (J4, B7).
import { describe, expect, it } from 'vitest';
import type { JobRow } from '../board/job.ts';
import { waysOutOf } from '../operate/ways-out.ts';
import { needsOfJob } from '../operate/needs.ts';
import { LEASE_MS, MOST_RECLAIMS } from '../board/job-board.ts';
import { EngineError } from '../errors.ts';
import { typesFromCatalog } from '../run/graph/atom-types.ts';
import type { TypeLookup } from '../run/graph/graph.ts';
import type { TaskCall, TaskOutcome } from '../dispatch/task-runner.ts';
import { ConductorScene } from '../testing/conductor-scene.ts';
import { fakeCatalog, flow, linear, task } from '../testing/flows.ts';

const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
const ab = () => flow(linear('root', [task('a'), task('b')]));
const DONE = { kind: 'done', output: {} } as const;
const tryAgain = { kind: 'TRY_AGAIN', reason: 'the version is back' } as const;

/** A scene whose flow versions can be removed. */
function withVersions() {
  const scene = new ConductorScene();
  const getVersion = scene.flows.getVersion.bind(scene.flows);
  const missing = { isMissing: false };
  scene.flows.getVersion = async (id, version) => {
    if (missing.isMissing) throw new EngineError('VERSION_UNKNOWN', `Flow ${id} has no version ${version}.`);
    return getVersion(id, version);
  };
  return { scene, missing };
}

/** A scene with a planted defect of the engine: reading a type throws. `a` is applied until `finish`. */
function withDefect() {
  const defect = { isThere: false };
  const types = typesFromCatalog(fakeCatalog);
  const typeOf: TypeLookup = (task) => {
    const found = types(task);
    if (found === null) return null;
    const guarded = new Proxy(found, {
      get: (type, field, receiver) => {
        if (defect.isThere && (field === 'effects' || field === 'output')) throw new RangeError('There is no atom 7.');
        return Reflect.get(type, field, receiver) as unknown;
      },
    });
    return guarded;
  };
  let finish = () => {};
  const scene = new ConductorScene(
    ({ kind, atom }) =>
      kind === 'apply' && atom === 'a' ? new Promise((resolve) => (finish = () => resolve(DONE))) : Promise.resolve(DONE),
    typeOf,
  );
  return { scene, defect, finish: () => finish() };
}

describe('a dead letter', () => {
  it('J4: an absent version: an entry has the reason, the row keeps the state of the run, and the job is not offered again', async () => {
    const { scene, missing } = withVersions();
    const conductor = scene.start();
    const job = await scene.launch(conductor, ab());
    missing.isMissing = true;
    await scene.pass(5_000);
    const note = expect.stringContaining('has no version 1');
    expect(await scene.store.get(job)).toMatchObject({
      ...{ state: 'WAITING', run: 'PENDING', attention: 'dead_lettered', attentionNote: note, forward: '', startedAt: null },
    });
    const given = waysOutOf({ operator: conductor, flows: scene.flows }, await rowOf(scene, job));
    expect(await given).toEqual({ readable: 'entries', underWay: [], mayCancel: false, mayRollBack: false });
    const entries = await scene.entries(job);
    expect(entries.slice(1)).toMatchObject([{ kind: 'JOB', from: 'CLAIMED', to: 'WAITING', data: { attention: 'dead_lettered', note } }]);
    expect(await conductor.act(job, tryAgain, ana)).toMatchObject({ kind: 'refused', message: note });
  });

  it('J4, L2: trying again is an act with an entry; the job is carried out at once, and its lost conductors count from 0', async () => {
    const { scene, missing } = withVersions();
    const conductor = scene.start();
    const job = await scene.launch(conductor, ab());
    missing.isMissing = true;
    await scene.pass(1_000);
    missing.isMissing = false;
    expect(await conductor.act(job, tryAgain, ana)).toMatchObject({ kind: 'done' });
    await scene.pass(500);
    expect(await scene.store.get(job)).toMatchObject({ run: 'SUCCESS', attention: null, attentionNote: null });
    expect((await scene.entries(job)).filter(({ kind }) => kind === 'ACT')).toMatchObject([
      { act: 'TRY_AGAIN', actor: ana, reason: 'the version is back' },
    ]);
  });

  it.each([
    ['cancel', { kind: 'CANCEL', reason: '', then: 'revert' } as const, 'REVERTED'],
    ['cancel and hold', { kind: 'CANCEL', reason: '', then: 'hold' } as const, 'FAILURE'],
    ['try again', tryAgain, 'SUCCESS'],
  ])('J4, B7: a job that conductors were lost with can be brought on: %s', async (_, act, end) => {
    const scene = new ConductorScene();
    const conductor = scene.start();
    const job = await scene.launch(conductor, ab());
    await conductor.stop(0);
    await scene.settle();
    await loseConductors(scene, job);
    expect(await scene.store.get(job)).toMatchObject({ attention: 'dead_lettered' });
    const second = scene.start('c2');
    await scene.pass(1_000);
    expect(await scene.store.get(job)).toMatchObject({ attention: 'dead_lettered' });
    expect(await second.act(job, act, ana)).toMatchObject({ kind: 'done' });
    await scene.pass(5_000);
    expect(await scene.store.get(job)).toMatchObject({ run: end });
  });

  describe.each(['RUNNING', 'SUSPENDING'])('while its run was %s', (state) => {
    /** `a` was applied, and the servers were lost during `b`, which is of that type. */
    const deadLetterAt = async (type: string, answer: (call: TaskCall) => TaskOutcome = () => DONE) => {
      let isStuck = true;
      const scene = new ConductorScene((call) =>
        call.atom === 'b' && call.kind === 'apply' && isStuck ? new Promise(() => {}) : Promise.resolve(answer(call)),
      );
      const first = scene.start();
      const job = await scene.launch(first, flow(linear('root', [task('a'), task('b', { type })])));
      await scene.pass(500);
      if (state === 'SUSPENDING') await first.act(job, { kind: 'SUSPEND', reason: '' }, ana);
      const stopped = first.stop(0);
      await scene.pass(100);
      await stopped;
      await loseConductors(scene, job);
      expect(await scene.store.get(job)).toMatchObject({ run: state });
      isStuck = false;
      const conductor = scene.start('c2');
      scene.calls.length = 0;
      const rollBack = async () => {
        const plan = await conductor.plan(job, { kind: 'job' });
        expect([plan.blocked, plan.waves.flat().flatMap(({ atom, uncertain }) => (uncertain ? [atom] : []))]).toEqual([null, ['b']]);
        return conductor.act(job, { kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash: plan.hash }, ana);
      };
      return { scene, job, conductor, rollBack };
    };

    it('J4, B1: it is rolled back straight from its logbook, and a task that was being applied is reverted without being applied again', async () => {
      const { scene, job, rollBack } = await deadLetterAt('step');
      expect(await rollBack()).toMatchObject({ kind: 'done' });
      await scene.pass(2_000);
      expect(await scene.store.get(job)).toMatchObject({ run: 'REVERTED', attention: null });
      expect(scene.calls).toEqual(['revert b', 'revert a']);
      const failures = (await scene.entries(job)).flatMap((entry) => (entry.kind === 'ATOM' ? (entry.data?.failure?.code ?? []) : []));
      expect(failures).toEqual(['CONDUCTOR_LOST']);
    });

    it.each([
      ['it happened', { kind: 'done', output: { n: 1 } } as const, ['probe b', 'revert b', 'revert a']],
      ['it did not happen', { kind: 'absent' } as const, ['probe b', 'revert a']],
    ])('A4: a probe is asked in the rollback, and no task is applied again: %s', async (_, probed, calls) => {
      const { scene, job, rollBack } = await deadLetterAt('probed', ({ kind }) => (kind === 'probe' ? probed : DONE));
      expect(await rollBack()).toMatchObject({ kind: 'done' });
      await scene.pass(2_000);
      expect([(await scene.store.get(job))?.run, scene.calls]).toEqual(['REVERTED', calls]);
    });

    it('A4: a task that may not be repeated waits in the rollback for a person, who cannot have it applied again', async () => {
      const { scene, job, conductor, rollBack } = await deadLetterAt('once');
      expect(await rollBack()).toMatchObject({ kind: 'done' });
      await scene.pass(2_000);
      expect(await scene.store.get(job)).toMatchObject({ run: 'REVERTING', attention: 'in_doubt' });
      const needs = await needsOfJob({ operator: conductor, flows: scene.flows }, await rowOf(scene, job));
      expect(needs).toMatchObject([{ kind: 'doubt', atom: 'b', doubt: { call: 'endedApply', mayRepeat: false } }]);
      const settle = (answer: 'repeat' | 'failed') =>
        conductor.act(job, { kind: 'SETTLE_DOUBT', reason: 'I looked', atom: 'b', answer: { kind: answer } }, ana);
      expect(await settle('repeat')).toMatchObject({ kind: 'refused', message: expect.stringContaining('rolled back') });
      expect(await settle('failed')).toMatchObject({ kind: 'done' });
      await scene.pass(2_000);
      expect([(await scene.store.get(job))?.run, scene.calls]).toEqual(['REVERTED', ['revert b', 'revert a']]);
    });

    it('T1: an irreversible effect is kept, and the report says that its outcome is unknown', async () => {
      const { scene, job, conductor, rollBack } = await deadLetterAt('send');
      expect(await rollBack()).toMatchObject({ kind: 'done' });
      await scene.pass(2_000);
      expect([(await scene.store.get(job))?.run, scene.calls]).toEqual(['PARTIALLY_REVERTED', ['revert a']]);
      const { standing } = await conductor.snapshot(job);
      expect(standing).toEqual([{ atom: 'b', because: 'whether it took effect is not known' }]);
    });

    it('B7: it is not paused, since that would begin the task again, and nothing is called or written', async () => {
      const { scene, job, conductor } = await deadLetterAt('step');
      const before = (await scene.entries(job)).length;
      const message = expect.stringContaining(state === 'RUNNING' ? 'there is nothing to pause' : 'can be paused');
      expect(await conductor.act(job, { kind: 'SUSPEND', reason: '' }, ana)).toMatchObject({ kind: 'refused', message });
      await scene.pass(2_000);
      expect([scene.calls, (await scene.entries(job)).length]).toEqual([[], before]);
    });

    it('J4: needs attention with the task that was under way, and with the ways out that are open', async () => {
      const { scene, job, conductor, rollBack } = await deadLetterAt('step');
      const given = async () => waysOutOf({ operator: conductor, flows: scene.flows }, await rowOf(scene, job));
      expect(await given()).toEqual({ readable: 'run', underWay: [{ atom: 'b', name: 'b' }], mayCancel: true, mayRollBack: true });
      await rollBack();
      await scene.pass(2_000);
      expect(await given()).toBeNull();
    });

    it('J4: an error of the store is thrown, and not taken for an unreadable logbook', async () => {
      const { scene, job, conductor } = await deadLetterAt('step');
      const broken = () => Promise.reject(new EngineError('STORE_FAILED', 'The database cannot be reached.'));
      const [flows, row] = [scene.flows, await rowOf(scene, job)];
      const snapshot = conductor.snapshot.bind(conductor);
      const plan = conductor.plan.bind(conductor);
      const failing = [
        waysOutOf({ operator: { snapshot: broken, plan }, flows }, row),
        waysOutOf({ operator: { snapshot, plan: broken }, flows }, row),
        waysOutOf({ operator: conductor, flows: { getVersion: broken } }, row),
        needsOfJob({ operator: { snapshot: broken, doubts: broken }, flows }, row),
        needsOfJob({ operator: conductor, flows: { getVersion: broken } }, row),
      ];
      for (const one of failing) await expect(one).rejects.toThrow('cannot be reached');
      const defect = () => Promise.reject(new RangeError('There is no atom 7.'));
      expect(await waysOutOf({ operator: { snapshot, plan: defect }, flows }, row)).toMatchObject({ mayCancel: true, mayRollBack: false });
    });

    it.each(['revert', 'hold'] as const)('J4, A5: a cancel applies nothing again: %s', async (then) => {
      const { scene, job, conductor } = await deadLetterAt('step');
      expect(await conductor.act(job, { kind: 'CANCEL', reason: '', then }, ana)).toMatchObject({ kind: 'done' });
      await scene.pass(2_000);
      const end = then === 'revert' ? ['REVERTED', ['revert b', 'revert a']] : ['FAILURE', []];
      expect([(await scene.store.get(job))?.run, scene.calls]).toEqual(end);
    });
  });

  it('J4: an unreadable logbook: the row says so, only trying again is open, and it is refused until the logbook can be read', async () => {
    const scene = new ConductorScene();
    const conductor = scene.start();
    let isBroken = true;
    const read = scene.store.read.bind(scene.store);
    scene.store.read = async (job, range) => {
      if (isBroken) throw new EngineError('LOGBOOK_BROKEN', `The logbook of ${job} cannot be read at entry 1: it is not JSON.`);
      return read(job, range);
    };
    const job = await scene.launch(conductor, ab());
    await scene.pass(1_000);
    const why = expect.stringContaining('it is not JSON');
    expect(await scene.store.get(job)).toMatchObject({ state: 'WAITING', run: 'PENDING', attention: 'dead_lettered', attentionNote: why });
    const given = waysOutOf({ operator: conductor, flows: scene.flows }, await rowOf(scene, job));
    expect(await given).toEqual({ readable: 'row', underWay: [], mayCancel: false, mayRollBack: false });
    for (const act of [tryAgain, { kind: 'CANCEL', reason: '', then: 'revert' } as const]) {
      expect(await conductor.act(job, act, ana)).toMatchObject({ kind: 'refused', code: 'ACT_REFUSED', message: why });
    }
    isBroken = false;
    expect((await scene.entries(job)).map(({ number }) => number)).toEqual([1]);
    expect(await conductor.act(job, tryAgain, ana)).toMatchObject({ kind: 'done' });
    await scene.pass(500);
    expect(await scene.store.get(job)).toMatchObject({ run: 'SUCCESS', attention: null, attentionNote: null });
  });

  it('J4: an exception inside the engine: an entry names the cause, no conductor gets the job, and trying again goes on', async () => {
    const { scene, defect, finish } = withDefect();
    const conductor = scene.start();
    const job = await scene.launch(conductor, ab());
    await scene.pass(500);
    defect.isThere = true;
    finish();
    await scene.pass(2 * LEASE_MS, 250);
    const note = expect.stringContaining('There is no atom 7.');
    expect(await scene.store.get(job)).toMatchObject({ state: 'WAITING', run: 'RUNNING', attention: 'dead_lettered', attentionNote: note });
    const last = (await scene.entries(job)).at(-1);
    expect(last).toMatchObject({ kind: 'JOB', from: 'CLAIMED', to: 'WAITING', data: { attention: 'dead_lettered', note } });
    defect.isThere = false;
    expect(await conductor.act(job, tryAgain, ana)).toMatchObject({ kind: 'done' });
    await scene.pass(100);
    finish();
    await scene.pass(1_000);
    expect(await scene.store.get(job)).toMatchObject({ run: 'SUCCESS', attention: null });
    expect(scene.mostAtOnce).toBe(1);
  });

  it('B7: an exception inside the engine at an act: the act is refused, no entry of it is written, and the job needs a person', async () => {
    const { scene, defect, finish } = withDefect();
    const conductor = scene.start();
    const job = await scene.launch(conductor, ab());
    await scene.pass(500);
    await conductor.act(job, { kind: 'SUSPEND', reason: '' }, ana);
    finish();
    await scene.pass(500);
    expect(await scene.store.get(job)).toMatchObject({ state: 'WAITING', run: 'SUSPENDED', attention: null });
    defect.isThere = true;
    const cancel = { kind: 'CANCEL', reason: '', then: 'revert' } as const;
    expect(await conductor.act(job, cancel, ana)).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('failed while deciding'),
    });
    await scene.pass(1_000);
    const note = expect.stringContaining('There is no atom 7.');
    expect(await scene.store.get(job)).toMatchObject({
      state: 'WAITING',
      run: 'SUSPENDED',
      attention: 'dead_lettered',
      attentionNote: note,
    });
    expect((await scene.entries(job)).flatMap((entry) => (entry.kind === 'ACT' ? [entry.act] : []))).toEqual(['SUSPEND']);
    defect.isThere = false;
    expect(await conductor.act(job, cancel, ana)).toMatchObject({ kind: 'done' });
    await scene.pass(1_000);
    expect(await scene.store.get(job)).toMatchObject({ run: 'REVERTED', attention: null });
  });

  it('B7: only a dead-lettered job can be tried again', async () => {
    const scene = new ConductorScene((call) => (call.atom === 'b' ? new Promise(() => {}) : Promise.resolve({ kind: 'done', output: {} })));
    const conductor = scene.start();
    const job = await scene.launch(conductor, ab());
    await scene.pass(500);
    expect(await conductor.act(job, tryAgain, ana)).toMatchObject({ kind: 'refused', message: expect.stringContaining('CLAIMED') });
    expect((await scene.entries(job)).filter(({ kind }) => kind === 'ACT')).toEqual([]);
  });
});

async function rowOf(scene: ConductorScene, job: string): Promise<JobRow> {
  const row = await scene.store.get(job);
  if (row === undefined) throw new Error(`There is no job ${job}.`);
  return row;
}

/** Conductors claim the job and are lost, until the board dead-letters it. */
async function loseConductors(scene: ConductorScene, job: string): Promise<void> {
  for (let lost = 0; lost <= MOST_RECLAIMS + 1; lost += 1) {
    await scene.store.claim(`lost${lost}`, 1, scene.network.now);
    await scene.pass(LEASE_MS, LEASE_MS);
  }
  expect((await scene.store.get(job))?.attention).toBe('dead_lettered');
}
