// P9: a job that comes to rest wakes the job that launched it, wherever that one is.
import { expect, it } from 'vitest';
import type { TaskOutcome } from '../dispatch/task-runner.ts';
import type { JobChange } from '../logbook/logbook-store.ts';
import { RELEASED, orderOf } from '../testing/conformance/job-order.ts';
import { ConductorScene } from '../testing/conductor-scene.ts';
import { flow, linear, task, unordered } from '../testing/flows.ts';

const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
const done: TaskOutcome = { kind: 'done', output: {} };

/** A scene in which `go` launches a job of the flow `child` and waits for it, for a day unless it is woken. */
async function withChild() {
  const finishes = new Map<string, (outcome: TaskOutcome) => void>();
  const state = { child: '', childFlow: '', beforeItWaits: async () => {} };
  const scene: ConductorScene = new ConductorScene(async ({ job, kind, atom }) => {
    if (kind !== 'apply' || atom === 'quick') return done;
    if (atom !== 'go') return new Promise((resolve) => finishes.set(atom, resolve));
    const order = { flow: state.childFlow, flowName: 'child', version: 1, inputs: {}, priority: 0, actor: ana, key: `${job} go` };
    state.child = (await scene.store.post({ ...order, parent: { job, atom } }, scene.network.now)).job;
    if ((await scene.store.get(state.child))?.state === 'COMPLETE') return done;
    await state.beforeItWaits();
    return { kind: 'waiting', waiting: { on: 'job', job: state.child, until: scene.network.now + 86_400_000, output: null } };
  });
  const { id } = await scene.flows.create(flow(linear('root', [task('slow'), task('quick')]), { onFailure: 'hold' }), ana, 1);
  await scene.flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
  state.childFlow = id;
  return { scene, state, finish: (atom: string, outcome = done) => finishes.get(atom)?.(outcome) };
}

it.each([1, 2])('a parked parent is claimed again at once, also with %i conductors', async (conductors) => {
  const { scene, state, finish } = await withChild();
  const [first] = Array.from({ length: conductors }, (_, index) => scene.start(`c${index + 1}`));
  if (first === undefined) throw new Error('no conductor');
  const job = await scene.launch(first, flow(linear('root', [task('go'), task('quick')])));
  await scene.pass(1_000);
  expect(await scene.store.get(job)).toMatchObject({ state: 'WAITING', attention: null });
  finish('slow');
  await scene.pass(500);
  expect(await scene.store.get(state.child)).toMatchObject({ state: 'COMPLETE', run: 'SUCCESS' });
  expect(await scene.store.get(job)).toMatchObject({ state: 'COMPLETE', run: 'SUCCESS' });
});

it('a parent that the same conductor drives is woken directly', async () => {
  const { scene, finish } = await withChild();
  const conductor = scene.start();
  const job = await scene.launch(conductor, flow(unordered('root', [task('go'), task('other')])));
  await scene.pass(1_000);
  expect(await scene.store.get(job)).toMatchObject({ state: 'CLAIMED' });
  finish('slow');
  await scene.settle();
  const atoms = async () => Object.fromEntries((await conductor.snapshot(job)).atoms.map(({ atom, state }) => [atom, state]));
  expect(await atoms()).toEqual({ go: 'SUCCESS', other: 'RUNNING' });
  finish('other');
  await scene.pass(500);
  expect(await scene.store.get(job)).toMatchObject({ run: 'SUCCESS' });
});

it('a child that ends after its parent has looked at it, and before the parent waits, ends the wait at once', async () => {
  const { scene, state, finish } = await withChild();
  let wait = () => {};
  state.beforeItWaits = () => new Promise((resolve) => (wait = resolve));
  const conductor = scene.start();
  const job = await scene.launch(conductor, flow(unordered('root', [task('go'), task('other')])));
  await scene.pass(1_000);
  finish('slow');
  await scene.pass(500);
  expect(await scene.store.get(state.child)).toMatchObject({ state: 'COMPLETE', run: 'SUCCESS' });
  wait();
  await scene.settle();
  const atoms = (await conductor.snapshot(job)).atoms.map(({ atom, state: now }) => [atom, now]);
  expect(atoms).toEqual([
    ['go', 'SUCCESS'],
    ['other', 'RUNNING'],
  ]);
});

it('a child that needs a person wakes its parent too, and a paused child does not', async () => {
  const { scene, state, finish } = await withChild();
  const conductor = scene.start();
  const job = await scene.launch(conductor, flow(linear('root', [task('go')])));
  await scene.pass(1_000);
  const asked = () => scene.calls.filter((call) => call === 'apply go').length;
  finish('slow', { kind: 'failed', failure: { code: 'BROKEN', message: 'no' } });
  await scene.pass(1_000);
  expect(await scene.store.get(state.child)).toMatchObject({ state: 'WAITING', run: 'FAILURE', attention: 'held' });
  expect(asked()).toBe(2);
  await conductor.act(state.child, { kind: 'RETRY_FAILED', reason: '', parameters: {} }, ana);
  await scene.pass(1_000);
  await conductor.act(state.child, { kind: 'SUSPEND', reason: '' }, ana);
  finish('slow');
  await scene.pass(1_000);
  expect(await scene.store.get(state.child)).toMatchObject({ state: 'WAITING', run: 'SUSPENDED', attention: null });
  expect(asked()).toBe(2);
  await conductor.act(state.child, { kind: 'RESUME', reason: '' }, ana);
  await scene.pass(1_000);
  expect(asked()).toBe(3);
  expect(await scene.store.get(job)).toMatchObject({ run: 'SUCCESS' });
});

it('J6: a task that goes on waiting for a child that needs a person is called once for it, while its job goes on', async () => {
  const { scene, state, finish } = await withChild();
  // Servers share the board, so the mark of the wake stands in the row until the job is parked.
  scene.store.relay = { serve: () => () => {}, ask: async () => null };
  let reads = 0;
  // A call without pause ends here, so that the test fails and does not hang.
  scene.store.fail = (asked) => {
    if (asked === 'get') reads += 1;
    if (reads > 2_000) throw new Error('the row was read 2,000 times');
  };
  const conductor = scene.start();
  const job = await scene.launch(conductor, flow(unordered('root', [task('go'), task('other')])));
  await scene.pass(1_000);
  finish('slow', { kind: 'failed', failure: { code: 'BROKEN', message: 'no' } });
  await scene.pass(2_000);
  expect(await scene.store.get(state.child)).toMatchObject({ attention: 'held' });
  const asked = () => scene.calls.filter((call) => call === 'apply go').length;
  const before = asked();
  expect(before).toBeLessThanOrEqual(4);
  await scene.pass(20_000);
  expect(asked()).toBe(before);
  await conductor.act(state.child, { kind: 'RETRY_FAILED', reason: '', parameters: {} }, ana);
  await scene.pass(1_000);
  finish('slow');
  await scene.pass(1_000);
  expect((await conductor.snapshot(job)).atoms.map(({ state: now }) => now)).toEqual(['SUCCESS', 'RUNNING']);
});

it.each([false, true])(
  'J6: launches that wait for the end of children with a need cost one call each (shared board: %s)',
  async (isShared) => {
    const CHILDREN = 30;
    const children = new Map<string, string>();
    const finishes: ((outcome: TaskOutcome) => void)[] = [];
    const scene: ConductorScene = new ConductorScene(async ({ job, atom }) => {
      if (atom === 'slow') return new Promise((resolve) => finishes.push(resolve));
      const order = orderOf({ flow: childFlow, inputs: {}, parent: { job, atom } });
      const launched = children.get(atom) ?? (await scene.store.post(order, scene.network.now)).job;
      children.set(atom, launched);
      if ((await scene.store.get(launched))?.state === 'COMPLETE') return done;
      return { kind: 'waiting', waiting: { on: 'job', job: launched, until: scene.network.now + 86_400_000, output: null, ends: true } };
    });
    if (isShared) scene.store.relay = { serve: () => () => {}, ask: async () => null };
    const { id: childFlow } = await scene.flows.create(flow(linear('root', [task('slow')]), { onFailure: 'hold' }), ana, 1);
    await scene.flows.publish({ flow: childFlow, revision: 1, note: '' }, ana, 1);
    const launches = Array.from({ length: CHILDREN }, (_none, at) => task(`launch${at}`));
    const conductor = scene.start();
    const job = await scene.launch(conductor, flow(unordered('root', launches)));
    await scene.pass(1_000);
    for (const finish of finishes) {
      finish({ kind: 'failed', failure: { code: 'BROKEN', message: 'no' } });
      await scene.pass(500);
    }
    const asked = () => scene.calls.filter((call) => call.startsWith('apply launch')).length;
    expect(asked()).toBe(CHILDREN);
    for (const child of children.values()) {
      await conductor.act(child, { kind: 'SKIP_FAILED', atom: 'slow', output: {}, reason: 'by hand' }, ana);
      await scene.pass(500);
    }
    expect(await scene.store.get(job)).toMatchObject({ state: 'COMPLETE', run: 'SUCCESS' });
    expect(asked()).toBe(2 * CHILDREN);
  },
);

it('J6: the end of a child costs a parked parent the same, however many other children it waits for', async () => {
  const CHILDREN = 40;
  const children = new Map<string, string>();
  const finishes: (() => void)[] = [];
  const scene: ConductorScene = new ConductorScene(async ({ job, atom }) => {
    if (atom === 'slow') return new Promise((resolve) => finishes.push(() => resolve(done)));
    const order = orderOf({ flow: childFlow, inputs: {}, parent: { job, atom } });
    const launched = children.get(atom) ?? (await scene.store.post(order, scene.network.now)).job;
    children.set(atom, launched);
    if ((await scene.store.get(launched))?.state === 'COMPLETE') return done;
    return { kind: 'waiting', waiting: { on: 'job', job: launched, until: scene.network.now + 86_400_000, output: null } };
  });
  const { id: childFlow } = await scene.flows.create(flow(linear('root', [task('slow')])), ana, 1);
  await scene.flows.publish({ flow: childFlow, revision: 1, note: '' }, ana, 1);
  const launches = Array.from({ length: CHILDREN }, (_none, at) => task(`launch${at}`));
  const job = await scene.launch(scene.start(), flow(unordered('root', launches)));
  await scene.pass(1_000);
  expect(await scene.store.get(job)).toMatchObject({ state: 'WAITING' });
  for (const finish of finishes) {
    finish();
    await scene.pass(500);
  }
  expect(await scene.store.get(job)).toMatchObject({ state: 'COMPLETE', run: 'SUCCESS' });
  expect(scene.calls.filter((call) => call.startsWith('apply launch'))).toHaveLength(2 * CHILDREN);
});

/** A scene in which `go` waits for a job that another server drives, beside `other`; `rest` brings that job to rest. */
async function withForeignJob(more: { readonly ends?: true } = {}) {
  const state = { job: '', until: 86_400_000, beforeItWaits: async () => {} };
  const scene: ConductorScene = new ConductorScene(async ({ atom }) => {
    if (atom !== 'go') return new Promise(() => {});
    if ((await scene.store.get(state.job))?.state === 'COMPLETE') return done;
    await state.beforeItWaits();
    return { kind: 'waiting', waiting: { on: 'job', job: state.job, until: scene.network.now + state.until, output: null, ...more } };
  });
  scene.store.relay = { ask: async () => null, serve: () => () => {} };
  state.job = (await scene.store.post(orderOf(), scene.network.now)).job;
  const claim = async () => {
    const taken = await scene.store.claimJob(state.job, 'elsewhere', scene.network.now);
    return taken.kind === 'claimed' ? taken.claim.token : 0;
  };
  let token = await claim();
  const conductor = scene.start();
  const job = await scene.launch(conductor, flow(unordered('root', [task('go'), task('other')])));
  const rest = async (change: Partial<JobChange> = {}) => {
    await scene.store.commit({ job: state.job, token, entries: [], change: { ...RELEASED, state: 'COMPLETE', ...change }, wakes: [job] });
    if (change.state === 'WAITING') token = await claim();
  };
  const stateOfGo = async () => (await conductor.snapshot(job)).atoms.find(({ atom }) => atom === 'go')?.state;
  return { scene, state, rest, stateOfGo, first: conductor, job };
}

it('P9: a job that goes on beside its wait hears of the end of a job of another server, also after the store failed at that moment', async () => {
  const { scene, rest, stateOfGo } = await withForeignJob();
  await scene.pass(1_000);
  scene.store.fail = (what) => {
    if (what === 'get') throw new Error('the database does not answer');
  };
  await rest();
  await scene.pass(1_000);
  scene.store.fail = () => {};
  expect(await stateOfGo()).toBe('WAITING');
  await scene.pass(10_000, 500);
  expect(await stateOfGo()).toBe('SUCCESS');
});

it('P9: the end of a job is found by the wait that begins after it, although the job had needed a person before', async () => {
  const { scene, state, rest, stateOfGo } = await withForeignJob({ ends: true });
  state.until = 3_000;
  await scene.pass(1_000);
  await rest({ state: 'WAITING', endedAt: null, attention: 'held' });
  let wait = () => {};
  state.beforeItWaits = () => new Promise((resolve) => (wait = resolve));
  await scene.pass(3_000);
  expect(await stateOfGo()).toBe('RUNNING');
  await rest();
  await scene.settle();
  state.until = 86_400_000;
  wait();
  await scene.settle();
  expect(await stateOfGo()).toBe('SUCCESS');
});

it('P9: a job that needs a person anew is told anew, since a task may end then', async () => {
  const { scene, rest } = await withForeignJob();
  const asked = () => scene.calls.filter((call) => call === 'apply go').length;
  await scene.pass(1_000);
  const held = { state: 'WAITING', endedAt: null, attention: 'held' } as const;
  await rest(held);
  await scene.pass(1_000);
  const before = asked();
  await rest(held);
  await scene.pass(1_000);
  expect(asked()).toBeGreaterThan(before);
});

it('P9: a job that ends elsewhere while the run that waits for it is being loaded ends the wait at once', async () => {
  const { scene, rest, first, job } = await withForeignJob();
  await scene.pass(1_000);
  void first.stop(0);
  await scene.pass(1_000);
  const { atRest } = scene.store;
  scene.store.atRest = async (jobs) => {
    scene.store.atRest = atRest;
    const found = await scene.store.atRest(jobs);
    await rest();
    return found;
  };
  const second = scene.start('c2');
  await scene.pass(1_000);
  const atoms = (await second.snapshot(job)).atoms.map(({ atom, state }) => [atom, state]);
  expect(atoms).toEqual([
    ['go', 'SUCCESS'],
    ['other', 'RUNNING'],
  ]);
});
