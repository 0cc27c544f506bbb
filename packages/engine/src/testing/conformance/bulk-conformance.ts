// The rules for stores of bulk acts and saved views, and for carrying out bulk acts with such a store.
import { describe, expect, it } from 'vitest';
import type { SavedViewStore } from '../../board/search/saved-view.ts';
import { BULK_LEASE_MS, type BulkActStore } from '../../bulk/bulk-act.ts';
import { BulkRunner } from '../../bulk/bulk-runner.ts';
import type { Entry } from '../../logbook/entry.ts';
import type { Operator } from '../../operator.ts';
import { NOW, ana } from './job-order.ts';

export interface BulkUnderTest {
  readonly bulkActs: BulkActStore;
  readonly views: SavedViewStore;
}

const jobsOf = (count: number) => Array.from({ length: count }, (_, index) => `job_${String(index).padStart(12, '0')}`);
const orderFor = (jobs: readonly string[]) =>
  ({ act: { kind: 'CANCEL', reason: 'wrong release', then: 'revert' }, actor: ana, search: 'flow:x', jobs }) as const;

/** Answers acts like a conductor, and writes them to a logbook. */
function operatorOn(answer: (job: string) => 'done' | 'refused' | 'failed') {
  const acts: { readonly job: string; readonly reason: string; readonly by: string }[] = [];
  const written: { readonly job: string; readonly entry: Entry }[] = [];
  const act: Operator['act'] = async (job, { reason, ...given }, by) => {
    const kind = answer(job);
    if (kind === 'failed') throw new Error(`${job} is broken`);
    if (kind === 'refused') return { kind, code: 'ACT_REFUSED', message: 'It is over.' };
    acts.push({ job, reason, by: by.name });
    const data = 'bulk' in given && given.bulk !== undefined ? { bulk: given.bulk } : {};
    written.push({ job, entry: { kind: 'ACT', number: 2, time: NOW, actor: ana, token: 1, act: given.kind, reason, data } });
    return { kind, number: 2 };
  };
  const readBack = async (job: string): Promise<Entry[]> => written.flatMap((one) => (one.job === job ? one.entry : []));
  return { acts, operator: { act }, logbook: { readBack } };
}

/** Registers the suite. `fresh` gives empty stores at each call. */
export function testBulkActs(name: string, fresh: () => Promise<BulkUnderTest>): void {
  describe(`bulk acts: ${name}`, () => {
    const clock = { now: () => NOW, elapsed: () => NOW, at: () => () => {}, after: () => () => {} };
    const runnerOn = (store: BulkActStore, world: ReturnType<typeof operatorOn>, server = 's1') =>
      new BulkRunner({
        ...{ store, operator: world.operator, logbook: world.logbook, clock, server },
        onTrouble: (cause) => {
          throw cause;
        },
      });
    const ended = async (store: BulkActStore, id: number) => {
      await expect.poll(async () => (await store.get(id))?.state).toBe('ENDED');
      return store.get(id);
    };

    it('L2: is a record with actor, time, reason, search, and the outcome of each job', async () => {
      const { bulkActs } = await fresh();
      const jobs = jobsOf(20);
      const id = await bulkActs.post(orderFor(jobs), NOW);
      const world = operatorOn((job) => (job === jobs[3] ? 'refused' : job === jobs[4] ? 'failed' : 'done'));
      runnerOn(bulkActs, world).wake();
      expect(await ended(bulkActs, id)).toEqual({
        ...{ id, act: orderFor([]).act, actor: ana, search: 'flow:x', askedAt: NOW, state: 'ENDED', total: 20, endedAt: NOW },
        outcomes: { done: 18, refused: 1, failed: 1 },
      });
      expect(await bulkActs.jobs(id, { after: 2, limit: 2 })).toEqual([
        { number: 3, job: jobs[3], outcome: 'refused', note: 'It is over.', at: NOW },
        { number: 4, job: jobs[4], outcome: 'failed', note: `${jobs[4]} is broken`, at: NOW },
      ]);
      expect(await bulkActs.jobs(id, { outcome: 'refused', after: -1, limit: 9 })).toHaveLength(1);
      expect(world.acts[0]).toEqual({ job: jobs[0], reason: `wrong release (bulk act ${id})`, by: 'Ana' });
    });

    it('goes on after its server has died, and does no act twice', async () => {
      const { bulkActs } = await fresh();
      const jobs = jobsOf(20);
      const id = await bulkActs.post(orderFor(jobs), NOW);
      const world = operatorOn(() => 'done');
      // The server that dies has acted on three jobs and stored the outcome of the first.
      const taken = await bulkActs.take('dead', NOW);
      for (const job of jobs.slice(0, 3)) await world.operator.act(job, { kind: 'SUSPEND', reason: '', bulk: id }, ana);
      await bulkActs.settle(id, [{ number: 0, job: jobs[0] ?? '', outcome: 'done', note: '', at: NOW }]);
      expect([taken?.id, await bulkActs.take('s1', NOW)]).toEqual([id, undefined]);
      await bulkActs.releaseAll();
      runnerOn(bulkActs, world).wake();
      expect(await ended(bulkActs, id)).toMatchObject({ outcomes: { done: 20, refused: 0, failed: 0 } });
      expect(world.acts.map(({ job }) => job)).toEqual(jobs);
    });

    it('one server carries it out; another takes over when the first stops renewing', async () => {
      const { bulkActs } = await fresh();
      const id = await bulkActs.post(orderFor(jobsOf(1)), NOW);
      const answers = await Promise.all(['a', 'b', 'c'].map((server) => bulkActs.take(server, NOW)));
      expect(answers.filter((answer) => answer !== undefined)).toHaveLength(1);
      const holder = ['a', 'b', 'c'][answers.findIndex((answer) => answer !== undefined)] ?? '';
      expect(await bulkActs.take('d', NOW + BULK_LEASE_MS)).toBeUndefined();
      expect((await bulkActs.take('d', NOW + BULK_LEASE_MS + 1))?.id).toBe(id);
      expect(await bulkActs.hold(id, holder, NOW)).toBe(false);
    });

    it('a stopped bulk act does nothing to the waiting jobs', async () => {
      const { bulkActs } = await fresh();
      const jobs = jobsOf(30);
      const id = await bulkActs.post(orderFor(jobs), NOW);
      const world = operatorOn(() => 'done');
      const act: Operator['act'] = async (...order) => {
        if (order[0] === jobs[0]) await bulkActs.end(id, 'STOPPED', NOW);
        return world.operator.act(...order);
      };
      const runner = runnerOn(bulkActs, { ...world, operator: { act } });
      runner.wake();
      await expect.poll(() => world.acts.length).toBeGreaterThan(0);
      await runner.stop();
      const stopped = await bulkActs.get(id);
      expect(stopped).toMatchObject({ state: 'STOPPED', outcomes: { done: world.acts.length } });
      expect(world.acts.length).toBeLessThan(jobs.length);
      expect(await bulkActs.end(id, 'ENDED', NOW)).toBe(false);
    });

    it('keeps 2,500 jobs in their order, and lists the newest first', async () => {
      const { bulkActs } = await fresh();
      const jobs = jobsOf(2_500);
      const id = await bulkActs.post(orderFor(jobs), NOW);
      const later = await bulkActs.post(orderFor(jobsOf(1)), NOW + 1);
      const last = await bulkActs.jobs(id, { after: 2_497, limit: 100 });
      expect(last.map(({ job }) => job)).toEqual(jobs.slice(2_498));
      expect((await bulkActs.list({ limit: 9 })).map((one) => one.id)).toEqual([later, id]);
      expect((await bulkActs.list({ limit: 9, before: later })).map((one) => one.id)).toEqual([id]);
    });
  });

  describe(`saved views: ${name}`, () => {
    const draft = { name: 'Mine', search: 'state:failed', columns: 'job,state', order: 'oldest', isShared: false } as const;
    const bo = { kind: 'person', id: 'bo', name: 'Bo' } as const;

    it('a view is listed for its owner, or for all people when shared; only its owner changes it', async () => {
      const { views } = await fresh();
      const mine = await views.saveView(draft, ana, NOW);
      const shared = await views.saveView({ ...draft, name: 'All', isShared: true }, ana, NOW);
      expect(await views.views('ana')).toEqual([shared, mine]);
      expect(await views.views('bo')).toEqual([shared]);
      const his = await views.saveView({ ...draft, name: 'Mine', search: '' }, bo, NOW);
      expect([his.search, his.id === mine.id]).toEqual(['', false]);
      expect(await views.saveView({ ...draft, search: 'by:me' }, ana, NOW + 1)).toEqual({ ...mine, search: 'by:me', savedAt: NOW + 1 });
      expect([await views.removeView(mine.id, 'bo'), await views.removeView(mine.id, 'ana')]).toEqual([false, true]);
      expect((await views.views('ana')).map(({ name: called }) => called)).toEqual(['All']);
    });
  });
}
