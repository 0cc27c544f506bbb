// The rules for every job board (J1 to J4, J7). A backend's test gives a function that makes an empty board with its
// logbook.
import { describe, expect, it } from 'vitest';
import type { JobBoard } from '../../board/job-board.ts';
import { LEASE_MS, MOST_RECLAIMS } from '../../board/job-board.ts';
import type { LogbookStore } from '../../logbook/logbook-store.ts';
import { type BoardTime, callersTime } from './board-time.ts';
import { NOW, RELEASED, ana, orderOf, startEntry } from './job-order.ts';
import { testParking } from './parking-conformance.ts';

export interface BoardUnderTest {
  readonly board: JobBoard;
  readonly logbook: LogbookStore;
  /** Set if the board has a clock of its own. */
  readonly time?: BoardTime;
  /** Set if several processes can share the board: makes another process, and ends it as if it was killed. */
  readonly anotherProcess?: () => Promise<{ readonly board: JobBoard; readonly end: () => Promise<void> }>;
}

/** Registers the suite. `fresh` gives an empty board at each call. */
export function testJobBoard(name: string, open: () => Promise<BoardUnderTest>): void {
  const fresh = async () => {
    const made = await open();
    return { ...made, time: made.time ?? callersTime() };
  };
  describe(`job board: ${name}`, () => {
    it('J1: a posted job is stored with its first entry', async () => {
      const { board, logbook } = await fresh();
      const { job, fresh: isFresh } = await board.post(orderOf({ priority: 3 }), NOW);
      expect([job.startsWith('job_'), job.length, isFresh]).toEqual([true, 16, true]);
      expect(await board.get(job)).toEqual({
        id: job,
        flow: 'flow_x',
        flowName: 'x',
        version: 1,
        state: 'UNCLAIMED',
        run: 'PENDING',
        attention: null,
        attentionNote: null,
        forward: '',
        forwardKind: null,
        priority: 3,
        postedAt: NOW,
        postedBy: ana.name,
        startedAt: null,
        endedAt: null,
        owner: null,
        leaseUntil: null,
        wakeAt: null,
        parent: null,
        depth: 0,
        target: null,
      });
      expect(await logbook.read(job, { after: 0, limit: 10 })).toEqual([
        {
          kind: 'JOB',
          number: 1,
          time: NOW,
          actor: ana,
          token: 0,
          from: null,
          to: 'UNCLAIMED',
          data: { flow: { id: 'flow_x', version: 1, name: 'x' }, inputs: { a: 1 } },
        },
      ]);
    });

    it('J1: posting again with the same key answers with the same job, also at the same time', async () => {
      const { board } = await fresh();
      const posted = await Promise.all([1, 2, 3].map(() => board.post(orderOf({ key: 'k' }), NOW)));
      const later = await board.post(orderOf({ key: 'k' }), NOW + 1);
      expect(new Set([...posted, later].map(({ job }) => job)).size).toBe(1);
      expect([...posted, later].filter((answer) => answer.fresh)).toHaveLength(1);
      expect((await board.post(orderOf({ key: 'other' }), NOW)).fresh).toBe(true);
    });

    it('J2: of many conductors exactly one gets each job', async () => {
      const { board } = await fresh();
      const posted = await Promise.all(Array.from({ length: 40 }, () => board.post(orderOf(), NOW)));
      const claims = await Promise.all(Array.from({ length: 10 }, (_, index) => board.claim(`c${index}`, 7, NOW)));
      const taken = claims.flat().map(({ job }) => job);
      expect(taken).toHaveLength(40);
      expect(new Set(taken)).toEqual(new Set(posted.map(({ job }) => job)));
    });

    it('J2: highest priority first; within one priority first in, first out', async () => {
      const { board } = await fresh();
      const jobs: string[] = [];
      for (const priority of [0, 5, -1, 5, 0]) jobs.push((await board.post(orderOf({ priority }), NOW)).job);
      const claimed = (await board.claim('c1', 10, NOW)).map(({ job }) => jobs.indexOf(job));
      expect(claimed).toEqual([1, 3, 0, 4, 2]);
    });

    it('J2: a job whose lease ended is ordered by priority and age', async () => {
      const { board, time } = await fresh();
      const jobs: string[] = [];
      for (const priority of [0, 5]) jobs.push((await board.post(orderOf({ priority }), NOW)).job);
      await board.claim('c1', 2, time.now());
      for (const priority of [5, 0, 9]) jobs.push((await board.post(orderOf({ priority }), NOW)).job);
      await time.pass(LEASE_MS);
      const claimed = await board.claim('c2', 4, time.now());
      expect(claimed.map(({ job }) => jobs.indexOf(job))).toEqual([4, 1, 2, 0]);
    });

    it('J2: an act claims that job once, even if it is complete', async () => {
      const { board, logbook } = await fresh();
      const { job } = await board.post(orderOf(), NOW);
      const answers = await Promise.all([board.claimJob(job, 'c1', NOW), board.claimJob(job, 'c2', NOW)]);
      // Either conductor may be first.
      const [winner, loser] = answers[0].kind === 'claimed' ? (['c1', answers[1]] as const) : (['c2', answers[0]] as const);
      expect(answers.map(({ kind }) => kind).sort()).toEqual(['claimed', 'taken']);
      expect(loser).toEqual({ kind: 'taken', by: winner });
      await logbook.commit({ job, token: 1, entries: [startEntry(2, 1)], change: { state: 'COMPLETE', ...RELEASED } });
      expect(await board.claimJob(job, 'c2', NOW)).toMatchObject({ kind: 'claimed', claim: { token: 2, from: 'COMPLETE' } });
      await expect(board.claimJob('job_nowhere', 'c1', NOW)).rejects.toMatchObject({ code: 'JOB_UNKNOWN' });
    });

    it('J3: a claim has a lease and a token that grows by one with each claim', async () => {
      const { board, time } = await fresh();
      const { job } = await board.post(orderOf(), NOW);
      const [first] = await board.claim('c1', 1, time.now());
      await time.pass(LEASE_MS);
      const [second] = await board.claim('c2', 1, time.now());
      expect(first).toEqual({
        job,
        flow: 'flow_x',
        version: 1,
        parent: null,
        target: null,
        token: 1,
        from: 'UNCLAIMED',
      });
      expect(second).toMatchObject({ job, token: 2, from: 'CLAIMED' });
      const row = await board.get(job);
      expect(row).toMatchObject({ state: 'CLAIMED', owner: 'c2' });
      expect(Math.abs((row?.leaseUntil ?? 0) - time.now() - LEASE_MS)).toBeLessThanOrEqual(time.within);
    });

    it('J3: renewing renews the lease and names the claims that were lost', async () => {
      const { board, time } = await fresh();
      await board.post(orderOf(), NOW);
      await board.post(orderOf(), NOW);
      const claims = await board.claim('c1', 2, time.now());
      await time.pass(20_000);
      expect(await board.renew('c1', claims, time.now())).toEqual([]);
      await time.pass(LEASE_MS - 20_000);
      expect(await board.claim('c2', 2, time.now())).toEqual([]);
      await time.pass(20_000);
      const [taken] = await board.claim('c2', 1, time.now());
      expect(await board.renew('c1', claims, time.now())).toEqual([taken?.job]);
    });

    it('J3: an earlier claim of the same conductor cannot be renewed, and its later claim can', async () => {
      const { board, time } = await fresh();
      const { job } = await board.post(orderOf(), NOW);
      const earlier = await board.claim('c1', 1, time.now());
      await time.pass(LEASE_MS + time.within + 1);
      const later = await board.claim('c1', 1, time.now());
      expect([...earlier, ...later].map(({ token }) => token)).toEqual([1, 2]);
      expect(await board.renew('c1', earlier, time.now())).toEqual([job]);
      expect(await board.renew('c1', later, time.now())).toEqual([]);
    });

    it('J4: a job whose lease ended is offered again, and not before', async () => {
      const { board, time } = await fresh();
      const { job } = await board.post(orderOf(), NOW);
      await board.claim('c1', 1, time.now());
      await time.pass(LEASE_MS - time.within - 1);
      expect(await board.claim('c2', 1, time.now())).toEqual([]);
      await time.pass(time.within + 1);
      expect(await board.claim('c2', 1, time.now())).toMatchObject([{ job }]);
    });

    it('J4: all leases of dead conductors can be ended at once', async () => {
      const { board, anotherProcess, time } = await fresh();
      for (let count = 0; count < 3; count += 1) await board.post(orderOf(), NOW);
      const other = await anotherProcess?.();
      await (other?.board ?? board).claim('dead', 2, time.now());
      await other?.end();
      expect(await board.releaseAll(time.now())).toBe(2);
      expect(await board.claim('c1', 5, time.now())).toHaveLength(3);
    });

    it('J4: a job whose conductors are lost repeatedly stands under attention, and is not dropped', async () => {
      const { board, logbook, time } = await fresh();
      const { job } = await board.post(orderOf(), NOW);
      for (let claims = 0; claims <= MOST_RECLAIMS; claims += 1) {
        const [claim] = await board.claim('c1', 1, time.now());
        await logbook.commit({ job, token: claim?.token ?? 0, entries: [startEntry(2 + claims, claim?.token ?? 0)] });
        await time.pass(LEASE_MS);
      }
      const followed: unknown[] = [];
      logbook.follow(job, (entries) => followed.push(...entries));
      expect(await board.claim('c1', 1, time.now())).toEqual([]);
      const note = expect.stringContaining('conductors in a row');
      expect(await board.get(job)).toMatchObject({
        state: 'WAITING',
        run: 'PENDING',
        attention: 'dead_lettered',
        attentionNote: note,
        forward: '',
        forwardKind: null,
        owner: null,
      });
      const [last] = await logbook.readBack(job, { before: 100, limit: 1 });
      expect(followed).toEqual([last]);
      expect(last).toMatchObject({
        kind: 'JOB',
        number: MOST_RECLAIMS + 3,
        from: 'CLAIMED',
        to: 'WAITING',
        data: { attention: 'dead_lettered' },
      });
      const again = await board.claimJob(job, 'c1', time.now());
      expect(again).toMatchObject({ kind: 'claimed', claim: { from: 'WAITING' } });
      const token = again.kind === 'claimed' ? again.claim.token : 0;
      await logbook.commit({
        ...{ job, token, entries: [startEntry(MOST_RECLAIMS + 4, token)] },
        change: { ...RELEASED, state: 'CLAIMED', run: 'RUNNING' },
      });
      expect(await board.get(job)).toMatchObject({ attention: null, attentionNote: null });
      // The number of lost conductors begins at 0 again.
      await time.pass(LEASE_MS);
      expect(await board.claim('c1', 1, time.now())).toMatchObject([{ job }]);
    });

    it('J4: reclamations after progress, and abandoned claims, do not count', async () => {
      const { board, logbook, time } = await fresh();
      const { job } = await board.post(orderOf(), NOW);
      let number = 2;
      for (let claims = 0; claims < 3 * MOST_RECLAIMS; claims += 1) {
        const [claim] = await board.claim('c1', 1, time.now());
        expect(claim?.job).toBe(job);
        const token = claim?.token ?? 0;
        if (claims % 3 === 0 && claim) {
          await board.abandon(claim, time.now());
          continue;
        }
        const commits = claims % 3 === 1 ? 2 : 1;
        for (let count = 0; count < commits; count += 1) await logbook.commit({ job, token, entries: [startEntry(number++, token)] });
        await time.pass(LEASE_MS);
      }
    });

    it('J5: an abandoned job is offered again at once; a late abandon changes nothing', async () => {
      const { board, time } = await fresh();
      const { job } = await board.post(orderOf(), NOW);
      const [first] = await board.claim('c1', 1, time.now());
      if (first) await board.abandon(first, time.now());
      expect(await board.claim('c2', 1, time.now())).toMatchObject([{ job, token: 2 }]);
      if (first) await board.abandon(first, time.now());
      expect(await board.claim('c3', 1, time.now())).toEqual([]);
    });

    it('lists newest first in pages, filters, and counts', async () => {
      const { board, logbook } = await fresh();
      const jobs: string[] = [];
      for (let index = 0; index < 5; index += 1)
        jobs.push((await board.post(orderOf({ flow: index === 2 ? 'flow_y' : 'flow_x' }), NOW + index)).job);
      const [claim] = await board.claim('c1', 1, NOW);
      const change = { state: 'WAITING', ...RELEASED, attention: 'held' } as const;
      await logbook.commit({ job: claim?.job ?? '', token: 1, entries: [startEntry(2, 1)], change });
      const first = await board.list({ limit: 3 });
      const rest = await board.list({ limit: 3, ...(first.next ? { cursor: first.next } : {}) });
      expect([...first.rows, ...rest.rows].map(({ id }) => id)).toEqual([...jobs].reverse());
      expect(rest.next).toBeNull();
      expect((await board.list({ limit: 9, states: ['WAITING'] })).rows).toMatchObject([{ id: jobs[0], owner: null, leaseUntil: null }]);
      expect((await board.list({ limit: 9, flows: ['flow_y'] })).rows.map(({ id }) => id)).toEqual([jobs[2]]);
      expect((await board.list({ limit: 9, attention: true })).rows.map(({ id }) => id)).toEqual([jobs[0]]);
      expect(await board.counts()).toEqual({ byState: { UNCLAIMED: 4, WAITING: 1 }, attention: 1 });
      expect(await board.get('job_nowhere')).toBeUndefined();
    });

    it('P9: names the jobs that have ended, need a person, or are unknown', async () => {
      const { board, logbook } = await fresh();
      const jobs: string[] = [];
      for (let count = 0; count < 4; count += 1) jobs.push((await board.post(orderOf(), NOW)).job);
      const claims = await board.claim('c1', 3, NOW);
      const changes = [
        { state: 'COMPLETE', ...RELEASED },
        { state: 'WAITING', ...RELEASED, endedAt: null, attention: 'held' },
      ] as const;
      for (const [at, change] of changes.entries()) {
        const { job, token } = claims[at] ?? { job: '', token: 0 };
        await logbook.commit({ job, token, entries: [startEntry(2, token)], change });
      }
      const many = Array.from({ length: 600 }, (_none, at) => `job_none${at}`);
      const found = await board.atRest([...jobs, ...many]);
      const ended = (job: string) => ({ job, hasEnded: true });
      const [complete, held] = claims.map(({ job }) => job);
      expect(found).toEqual([ended(complete ?? ''), { job: held, hasEnded: false }, ...many.map(ended)]);
    });

    it('lists the ended jobs of one flow, newest first, at most as many as asked for', async () => {
      const { board, logbook } = await fresh();
      const jobs: string[] = [];
      for (const flow of ['flow_x', 'flow_x', 'flow_y', 'flow_x', 'flow_x']) jobs.push((await board.post(orderOf({ flow }), NOW)).job);
      for (const job of jobs.slice(0, 4)) {
        const claimed = await board.claimJob(job, 'c1', NOW);
        const token = claimed.kind === 'claimed' ? claimed.claim.token : 0;
        await logbook.commit({ job, token, entries: [startEntry(2, token)], change: { state: 'COMPLETE', ...RELEASED } });
      }
      expect((await board.ended('flow_x', 9)).map(({ id }) => id)).toEqual([jobs[3], jobs[1], jobs[0]]);
      expect(await board.ended('flow_x', 1)).toMatchObject([{ id: jobs[3], run: 'SUCCESS', endedAt: RELEASED.endedAt }]);
      expect(await board.ended('flow_nowhere', 9)).toEqual([]);
    });

    testParking(fresh);

    it('P9: a job has the number of launches above it', async () => {
      const { board } = await fresh();
      const first = (await board.post(orderOf(), NOW)).job;
      const second = (await board.post(orderOf({ parent: { job: first, atom: 'a' } }), NOW)).job;
      const third = (await board.post(orderOf({ parent: { job: second, atom: 'a' } }), NOW)).job;
      expect(await Promise.all([first, second, third].map(async (job) => (await board.get(job))?.depth))).toEqual([0, 1, 2]);
    });

    it('calls listeners for posted and changed jobs until they are removed', async () => {
      const { board } = await fresh();
      const heard: string[] = [];
      const stops = [board.onPosted(() => heard.push('posted')), board.onChanged((job) => heard.push(job))];
      const { job } = await board.post(orderOf(), NOW);
      await board.claim('c1', 1, NOW);
      for (const stop of stops) stop();
      await board.post(orderOf(), NOW);
      expect(heard.filter((word) => word === 'posted')).toHaveLength(1);
      expect(heard.filter((word) => word === job)).toHaveLength(2);
    });
  });
}
