import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startConductor, systemClock } from '@windlass/engine/ports';
import { type Actor, type Entry, typesFromCatalog } from '@windlass/engine/run';
import { fakeCatalog, flow, linear, task } from '@windlass/engine/testing';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Backends } from '../backends.ts';
import { openBackends } from '../open-backends.ts';

const prismaFolder = join(import.meta.dirname, '../../../../prisma');
const ana: Actor = { kind: 'person', id: 'ana', name: 'ana' };
let folder: string;
let stores: Backends;

const open = () => openBackends({ databaseUrl: `file:${join(folder, 'w.db')}`, prismaFolder });
const order = (priority = 0, key: string | null = null) => ({
  flow: 'flow_x',
  version: 1,
  flowName: 'x',
  inputs: { a: 1 },
  priority,
  actor: ana,
  key,
});
const entry = (number: number, token: number): Entry => ({
  kind: 'RUN',
  number,
  time: 1_000 + number,
  actor: ana,
  token,
  from: 'PENDING',
  to: 'RUNNING',
  data: {},
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'windlass-store-'));
  stores = await open();
});
afterEach(async () => {
  await stores.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('what is remembered of a job between commits', () => {
  const claimed = async () => {
    const { job } = await stores.board.post(order(), 1);
    const answer = await stores.board.claimJob(job, 'c1', Date.now());
    return { job, token: answer.kind === 'claimed' ? answer.claim.token : 0 };
  };
  const commit = ({ job, token }: { job: string; token: number }, number: number) =>
    stores.logbook.commit({ job, token, entries: [entry(number, token)] });

  it('goes with a transaction that is rolled back: no number is skipped, and none is written twice', async () => {
    const [first, second] = [await claimed(), await claimed()];
    await Promise.all([commit(first, 2), commit(second, 2)]);
    const other = new Database(join(folder, 'w.db'));
    const refuseFourth =
      "CREATE TRIGGER refuse BEFORE INSERT ON logbook_record WHEN NEW.first = 4 BEGIN SELECT RAISE(ABORT, 'refused'); END";
    other.exec(refuseFourth);
    await commit(second, 3);
    const answers = await Promise.allSettled([commit(first, 3), commit(second, 4)]);
    expect(answers).toMatchObject([{ value: 'committed' }, { reason: { code: 'STORE_FAILED' } }]);
    other.exec('DROP TRIGGER refuse');
    other.close();
    expect(await Promise.all([commit(first, 4), commit(second, 4)])).toEqual(['committed', 'committed']);
    for (const { job } of [first, second]) {
      expect((await stores.logbook.read(job, { after: 0, limit: 10 })).map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    }
  });

  it('J3: does not let in the conductor that wrote last, once another has the claim', async () => {
    const lost = await claimed();
    expect(await commit(lost, 2)).toBe('committed');
    await stores.board.releaseAll(1);
    const taken = await stores.board.claimJob(lost.job, 'c2', Date.now());
    expect(await commit(lost, 3)).toBe('claim-lost');
    expect(await commit({ job: lost.job, token: taken.kind === 'claimed' ? taken.claim.token : 0 }, 3)).toBe('committed');
  });
});

describe('the job board in SQLite', () => {
  it('J1: a posted job is there with its first entry, and a key makes posting idempotent', async () => {
    const first = await stores.board.post(order(0, 'k'), 5);
    const second = await stores.board.post(order(0, 'k'), 6);
    expect(second).toEqual({ job: first.job, fresh: false });
    expect(await stores.logbook.read(first.job, { after: 0, limit: 10 })).toEqual([
      {
        kind: 'JOB',
        number: 1,
        time: 5,
        actor: ana,
        token: 0,
        from: null,
        to: 'UNCLAIMED',
        data: { flow: { id: 'flow_x', version: 1, name: 'x' }, inputs: { a: 1 } },
      },
    ]);
  });

  it('J2: exactly one conductor gets a job; highest priority first, then first in, first out', async () => {
    const jobs = [];
    for (const priority of [0, 5, 0, 5]) jobs.push((await stores.board.post(order(priority), 1)).job);
    const [one, two] = await Promise.all([stores.board.claim('c1', 3, 10), stores.board.claim('c2', 3, 10)]);
    expect(one.map(({ job }) => job)).toEqual([jobs[1], jobs[3], jobs[0]]);
    expect(two.map(({ job }) => job)).toEqual([jobs[2]]);
  });

  it('J3: a claim has a lease and a token that grows; a late owner writes nothing', async () => {
    const { job } = await stores.board.post(order(), 1);
    const [early] = await stores.board.claim('c1', 1, 10);
    const [late] = await stores.board.claim('c2', 1, 10 + 30_001);
    expect([early?.token, late?.token]).toEqual([1, 2]);
    expect(await stores.logbook.commit({ job, token: 1, entries: [entry(2, 1)] })).toBe('claim-lost');
    expect(await stores.logbook.commit({ job, token: 2, entries: [entry(2, 2)] })).toBe('committed');
    expect(early && (await stores.board.renew('c1', [early], 20))).toEqual([job]);
  });

  it('J4: a job whose lease ended is offered again', async () => {
    const { job } = await stores.board.post(order(), 1);
    await stores.board.claim('c1', 1, 10);
    expect(await stores.board.claim('c2', 1, 20)).toEqual([]);
    expect((await stores.board.claim('c2', 1, 10 + 30_000))[0]).toMatchObject({ job, from: 'CLAIMED' });
  });

  it('lists newest first, page by page, and counts by state', async () => {
    for (let index = 0; index < 5; index += 1) await stores.board.post(order(), index);
    const page = await stores.board.list({ limit: 3 });
    const rest = await stores.board.list({ limit: 3, ...(page.next ? { cursor: page.next } : {}) });
    expect(page.rows.map(({ postedAt }) => postedAt)).toEqual([4, 3, 2]);
    expect([rest.rows.length, rest.next]).toEqual([2, null]);
    expect(await stores.board.counts()).toEqual({ byState: { UNCLAIMED: 5 }, attention: 0 });
  });
});

describe('the logbook in SQLite', () => {
  it('L1: refuses a gap in the numbers and writes nothing', async () => {
    const { job } = await stores.board.post(order(), 1);
    await stores.board.claim('c1', 1, 10);
    await expect(stores.logbook.commit({ job, token: 1, entries: [entry(4, 1)] })).rejects.toMatchObject({ code: 'LOGBOOK_BROKEN' });
    expect(await stores.logbook.read(job, { after: 0, limit: 10 })).toHaveLength(1);
  });

  it('L4: pages forward and backward by number, across commits of several entries', async () => {
    const { job } = await stores.board.post(order(), 1);
    await stores.board.claim('c1', 1, 10);
    await stores.logbook.commit({ job, token: 1, entries: [entry(2, 1), entry(3, 1), entry(4, 1)] });
    await stores.logbook.commit({ job, token: 1, entries: [entry(5, 1)] });
    const numbers = (entries: readonly Entry[]) => entries.map(({ number }) => number);
    expect(numbers(await stores.logbook.read(job, { after: 2, limit: 2 }))).toEqual([3, 4]);
    expect(numbers(await stores.logbook.readBack(job, { before: 5, limit: 3 }))).toEqual([4, 3, 2]);
  });

  it('one bad commit of a group takes no other down', async () => {
    const jobs = await Promise.all([1, 2, 3].map(async () => (await stores.board.post(order(), 1)).job));
    await stores.board.claim('c1', 3, 10);
    const results = await Promise.allSettled(
      jobs.map((job, index) => stores.logbook.commit({ job, token: 1, entries: [entry(index === 1 ? 9 : 2, 1)] })),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('survives closing and opening again', async () => {
    const { job } = await stores.board.post(order(), 1);
    await stores.close();
    stores = await open();
    expect((await stores.board.get(job))?.state).toBe('UNCLAIMED');
  });
});

describe('bad input', () => {
  it('a second server on the same file is refused with a sentence', async () => {
    await expect(open()).rejects.toThrowError(/Another Windlass is running/);
  });
});

describe('flows', () => {
  it('saves by revision, publishes what never changes, and knows when the draft differs', async () => {
    const draft = await stores.flows.create(flow(linear('root', [task('a')])), ana, 1);
    const version = await stores.flows.publish({ flow: draft.id, revision: 1, note: 'first' }, ana, 2);
    expect(version).toEqual({ kind: 'published', version: 1 });
    expect((await stores.flows.getDraft(draft.id)).dirty).toBe(false);
    const changed = flow(linear('root', [task('a'), task('b')]));
    const saved = await stores.flows.saveDraft({ flow: draft.id, revision: 1, definition: changed }, ana, 3);
    expect(saved).toMatchObject({ kind: 'saved', draft: { revision: 2, dirty: true, version: 1 } });
    expect((await stores.flows.saveDraft({ flow: draft.id, revision: 1, definition: changed }, ana, 4)).kind).toBe('changed');
    expect((await stores.flows.getVersion(draft.id, 1)).root.items).toHaveLength(1);
  });
});

describe('with a conductor', () => {
  it('runs a posted job to its end and shows it on the board', async () => {
    const draft = await stores.flows.create(flow(linear('root', [task('a'), task('b'), task('c')])), ana, 1);
    await stores.flows.publish({ flow: draft.id, revision: 1, note: '' }, ana, 2);
    const runner = { run: async () => ({ kind: 'done', output: {} }) as const };
    const conductor = startConductor({
      ...stores,
      typeOf: typesFromCatalog(fakeCatalog),
      runner,
      clock: systemClock,
      conductor: { id: 'c1', name: 'c1' },
    });
    const launched = await conductor.launch({ flow: draft.id, version: 1, inputs: {}, priority: 0, actor: ana, key: null });
    if (launched.kind !== 'posted') throw new Error('not posted');
    await expect.poll(async () => (await stores.board.get(launched.job))?.state).toBe('COMPLETE');
    expect(await stores.board.get(launched.job)).toMatchObject({ run: 'SUCCESS', forward: 'succeeded', owner: null });
    const plan = await conductor.plan(launched.job, { kind: 'job' });
    expect(
      await conductor.act(launched.job, { kind: 'ROLL_BACK', reason: 'test', choice: { kind: 'job' }, hash: plan.hash }, ana),
    ).toMatchObject({ kind: 'done' });
    await expect.poll(async () => (await stores.board.get(launched.job))?.run).toBe('REVERTED');
    await conductor.stop();
  });
});
