// Two servers on one PostgreSQL, each with a conductor of its own: their clocks differ, and people act through both.
import { type Clock, type Conductor, type FlowStore, LEASE_MS, type TaskRunner, startConductor, systemClock } from '@windlass/engine/ports';
import { type TaskItem, taskItemSchema } from '@windlass/engine/definition';
import { type Actor, type Entry, typesFromCatalog } from '@windlass/engine/run';
import { fakeCatalog, flow, linear, task } from '@windlass/engine/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Backends } from '../backends.ts';
import { openBackends } from '../open-backends.ts';
import { type PostgresUnderTest, hasPostgres, prismaFolder, startTestPostgres } from '../testing/postgres-under-test.ts';

const person = (name: string): Actor => ({ kind: 'person', id: name, name });
const [ana, ben] = [person('ana'), person('ben')];

interface Server {
  readonly stores: Backends;
  readonly conductor: Conductor;
  /** How often its conductor has looked for jobs. */
  readonly looks: () => number;
}

/** The clock of a machine that is off. */
function clockAhead(ms: number): Clock {
  return { ...systemClock, now: () => systemClock.now() + ms, at: (time, due) => systemClock.at(time - ms, due) };
}

describe.skipIf(!hasPostgres)('two conductors on one PostgreSQL', () => {
  let postgres: PostgresUnderTest;
  let databaseUrl: string;
  const servers: Server[] = [];
  beforeAll(() => {
    postgres = startTestPostgres();
  });
  beforeEach(async () => {
    databaseUrl = await postgres.newDatabase();
  });
  afterEach(async () => {
    for (const { conductor } of servers) await conductor.stop(50);
    for (const { stores } of servers.splice(0)) await stores.close();
  });
  afterAll(() => postgres.stop());

  async function start(
    name: string,
    run: TaskRunner['run'],
    { clock = systemClock, isDead = () => false }: { readonly clock?: Clock; readonly isDead?: (conductor: string) => boolean } = {},
  ): Promise<Server> {
    const stores = await openBackends({ databaseUrl, prismaFolder, clock });
    let looks = 0;
    const claim = stores.board.claim.bind(stores.board);
    stores.board.claim = (...asked) => {
      looks += 1;
      return claim(...asked);
    };
    const conductor = startConductor({
      ...stores,
      typeOf: typesFromCatalog(fakeCatalog),
      runner: { run },
      conductor: { id: name, name },
      isDead,
    });
    const server = { stores, conductor, looks: () => looks };
    servers.push(server);
    return server;
  }

  async function launched({ stores, conductor }: Server, items: readonly (string | TaskItem)[]): Promise<string> {
    const id = await published(stores.flows, items);
    const posted = await conductor.launch({ flow: id, version: 1, inputs: {}, priority: 0, actor: ana, key: null });
    return posted.kind === 'posted' ? posted.job : '';
  }

  it('J3: whose clocks differ by 40 s never both drive a job: leases are measured by the clock of the database', async () => {
    const calls: string[] = [];
    let finish = () => {};
    const run =
      (server: string): TaskRunner['run'] =>
      ({ kind, atom }) => {
        calls.push(`${server} ${kind} ${atom}`);
        return new Promise((resolve) => {
          finish = () => resolve({ kind: 'done', output: {} });
        });
      };
    const right = await start('right', run('right'));
    const job = await launched(right, ['a']);
    await expect.poll(() => calls).toEqual(['right apply a']);
    const ahead = await start('ahead', run('ahead'), { clock: clockAhead(40_000) });
    const behind = await start('behind', run('behind'), { clock: clockAhead(-40_000) });
    // Each looks for jobs several times, and is asked to act on this one.
    for (let rounds = 6; rounds > 0; rounds -= 1) {
      const { conductor, looks } = rounds % 2 === 0 ? ahead : behind;
      const kind = rounds % 2 === 0 ? 'SUSPEND' : 'RESUME';
      const signal = { kind: 'SIGNAL', reason: kind, name: `s${rounds}`, data: null } as const;
      expect(await conductor.act(job, signal, ana)).toMatchObject({ kind: 'done' });
      const before = looks();
      await expect.poll(looks).toBeGreaterThan(before + 1);
    }
    finish();
    await expect.poll(async () => (await right.stores.board.get(job))?.run).toBe('SUCCESS');
    expect(calls).toEqual(['right apply a']);
    const entries = await allEntries(right.stores, job);
    expect(entries.filter((entry) => entry.kind === 'JOB' && entry.to === 'CLAIMED')).toHaveLength(1);
    expect(entries.filter(({ kind }) => kind === 'ACT')).toHaveLength(6);
  });

  it('L1: a server whose clock is off writes entries by the clock of the database, and none is older than the one before', async () => {
    const run: TaskRunner['run'] = async () => ({ kind: 'done', output: {} });
    const jobs: string[] = [];
    for (const ms of [40_000, -40_000]) {
      const before = Date.now();
      const server = await start(`off by ${ms}`, run, { clock: clockAhead(ms) });
      const job = await launched(server, ['a', 'b']);
      await expect.poll(async () => (await server.stores.board.get(job))?.run).toBe('SUCCESS');
      for (const { time } of await allEntries(server.stores, job)) {
        expect(time).toBeGreaterThan(before - 20_000);
        expect(time).toBeLessThan(Date.now() + 20_000);
      }
      jobs.push(job);
      await server.conductor.stop(50);
    }
    // The next act is written by the other server.
    const [{ stores }] = servers as [Server];
    const other = await start('right', run);
    for (const job of jobs) {
      const { hash } = await other.conductor.plan(job, { kind: 'job' });
      const act = { kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash } as const;
      expect(await other.conductor.act(job, act, ana)).toMatchObject({ kind: 'done' });
      await expect.poll(async () => (await stores.board.get(job))?.run).toBe('REVERTED');
      const times = (await allEntries(stores, job)).map(({ time }) => time);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
  });

  it.each([
    { isDead: false, then: 'is in doubt', run: 'REVERTING', attention: 'in_doubt', calls: ['first apply a'] },
    { isDead: true, then: 'has ended with it', run: 'REVERTED', attention: null, calls: ['first apply a', 'second revert a'] },
  ])(
    'R11, A4: a call that was ending when its server lost the claim $then, that server being known dead: $isDead',
    async ({ isDead, run, attention, calls: wanted }) => {
      const calls: string[] = [];
      let lateAnswer = () => {};
      const note = (server: string, { kind, atom }: Parameters<TaskRunner['run']>[0]) => void calls.push(`${server} ${kind} ${atom}`);
      const first = await start('first', (call) => {
        note('first', call);
        return new Promise((resolve) => {
          lateAnswer = () => resolve({ kind: 'done', output: {} });
        });
      });
      const hangs = taskItemSchema.parse({ ...task('a', { type: 'once' }), timeLimitMs: 50 });
      const job = await launched(first, [hangs]);
      await expect.poll(async () => (await first.stores.board.get(job))?.run).toBe('REVERTING');
      // The first server is cut off from the database for a lease, and lives.
      const second = await start(
        'second',
        async (call) => {
          note('second', call);
          return { kind: 'done', output: {} };
        },
        { isDead: (conductor) => isDead && conductor === 'first' },
      );
      await expect
        .poll(async () => {
          if ((await second.stores.board.get(job))?.owner === 'first') await postgres.timeOf(databaseUrl).pass(2 * LEASE_MS);
          return (await allEntries(second.stores, job)).some(({ actor }) => actor.id === 'second');
        })
        .toBe(true);
      await expect.poll(async () => (await second.stores.board.get(job))?.state).not.toBe('CLAIMED');
      expect(await second.stores.board.get(job)).toMatchObject({ run, attention });
      const { length } = await allEntries(second.stores, job);
      lateAnswer();
      await first.conductor.stop(50);
      expect(calls).toEqual(wanted);
      expect(await allEntries(second.stores, job)).toHaveLength(length);
    },
  );

  it('B2, B4: of two people who confirm one plan on two servers, one is answered done and one is refused, and the logbook has one act', async () => {
    const run: TaskRunner['run'] = async () => ({ kind: 'done', output: {} });
    const [first, second] = [await start('c1', run), await start('c2', run)];
    for (let round = 1; round <= 20; round += 1) {
      const job = await launched(first, ['a', 'b', 'c']);
      await expect.poll(async () => (await first.stores.board.get(job))?.state).toBe('COMPLETE');
      const { hash } = await first.conductor.plan(job, { kind: 'job' });
      const act = { kind: 'ROLL_BACK', reason: `round ${round}`, choice: { kind: 'job' }, hash } as const;
      const answers = await Promise.all([first.conductor.act(job, act, ana), second.conductor.act(job, act, ben)]);
      const told = answers.map((answer) => (answer.kind === 'done' ? 'done' : answer.code)).sort();
      expect(told[1], JSON.stringify(answers)).toBe('done');
      expect(['ACT_REFUSED', 'PLAN_CHANGED'], JSON.stringify(answers)).toContain(told[0]);
      await expect.poll(async () => (await first.stores.board.get(job))?.run).toBe('REVERTED');
      const acts = (await allEntries(first.stores, job)).flatMap((entry) => (entry.kind === 'ACT' ? [entry] : []));
      const done = answers.findIndex(({ kind }) => kind === 'done');
      expect(acts).toMatchObject([{ act: 'ROLL_BACK', actor: [ana, ben][done] }]);
    }
  });
});

async function published(flows: FlowStore, items: readonly (string | TaskItem)[]): Promise<string> {
  const root = linear(
    'root',
    items.map((item) => (typeof item === 'string' ? task(item) : item)),
  );
  const { id } = await flows.create(flow(root), ana, 1);
  await flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
  return id;
}

async function allEntries({ logbook }: Backends, job: string): Promise<readonly Entry[]> {
  return logbook.read(job, { after: 0, limit: 1_000 });
}
