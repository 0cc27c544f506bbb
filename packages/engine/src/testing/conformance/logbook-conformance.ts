// The rules for every logbook store (J3, L1, L4).
import { describe, expect, it } from 'vitest';
import { PAGE_WEIGHT, isLastPage, weightOf } from '../../logbook/entry-page.ts';
import type { Entry } from '../../logbook/entry.ts';
import { LEASE_MS } from '../../board/job-board.ts';
import type { BoardUnderTest } from './board-conformance.ts';
import { callersTime } from './board-time.ts';
import { NOW, RUNNING, ana, conductorActor, orderOf, startEntry } from './job-order.ts';

const signed = (number: number, actor = conductorActor) => ({ number, time: NOW + number, actor, token: 1 });

/** One entry of each kind, numbered from 2. */
const EVERY_KIND: readonly Entry[] = [
  { ...signed(2), kind: 'JOB', from: 'UNCLAIMED', to: 'CLAIMED' },
  { ...signed(3), kind: 'RUN', from: 'PENDING', to: 'RUNNING' },
  {
    ...signed(4),
    kind: 'ATOM',
    atom: 'a',
    attempt: 1,
    from: 'PENDING',
    to: 'RUNNING',
    data: { input: { text: 'ö " \\ \u2028 𝄞' }, secrets: { pw: ['p'] } },
  },
  {
    ...signed(5),
    kind: 'ATOM',
    atom: 'a',
    attempt: 1,
    from: 'RUNNING',
    to: 'FAILURE',
    data: { failure: { code: 'NO', message: 'no', causes: ['why'] } },
  },
  { ...signed(6), kind: 'MARK', atom: 'a', attempt: 1, mark: 'IN_DOUBT', data: { reason: 'lost' } },
  { ...signed(7, ana), kind: 'ACT', act: 'KEEP', reason: 'wanted', atom: 'a', data: { before: null } },
  { ...signed(8, ana), kind: 'ACT', act: 'RESUME', reason: '' },
  { ...signed(9), kind: 'RUN', from: 'RUNNING', to: 'FAILURE', data: { forward: { kind: 'cancelled', by: 'ana', reason: 'x' } } },
];

/** Registers the suite. `fresh` gives an empty board with its logbook at each call. */
export function testLogbook(name: string, fresh: () => Promise<BoardUnderTest>): void {
  const claimed = async () => {
    const stores = await fresh();
    const { job } = await stores.board.post(orderOf(), NOW);
    await stores.board.claim('c1', 1, NOW);
    return { ...stores, job };
  };
  const numbers = (entries: readonly Entry[]) => entries.map(({ number }) => number);

  describe(`logbook: ${name}`, () => {
    it('L1: returns every kind of entry unchanged', async () => {
      const { logbook, job } = await claimed();
      expect(await logbook.commit({ job, token: 1, entries: EVERY_KIND })).toBe('committed');
      expect(await logbook.read(job, { after: 1, limit: 100 })).toEqual(EVERY_KIND);
    });

    it('L1: numbers follow one another; a commit with a gap or a repetition is refused and writes nothing', async () => {
      const { logbook, job } = await claimed();
      for (const number of [1, 3, 7]) {
        await expect(logbook.commit({ job, token: 1, entries: [startEntry(number, 1)] })).rejects.toMatchObject({ code: 'LOGBOOK_BROKEN' });
      }
      expect(await logbook.commit({ job, token: 1, entries: [startEntry(2, 1)] })).toBe('committed');
      expect(numbers(await logbook.read(job, { after: 0, limit: 10 }))).toEqual([1, 2]);
    });

    it('L1: returns each entry once, of a logbook of any number of commits', async () => {
      const { logbook, job } = await claimed();
      for (let last = 2; last <= 50; last += 2) {
        await logbook.commit({ job, token: 1, entries: [startEntry(last, 1), startEntry(last + 1, 1)] });
        const all = Array.from({ length: last + 1 }, (_, at) => at + 1);
        expect(numbers(await logbook.read(job, { after: 0, limit: 1_000 }))).toEqual(all);
        expect(numbers(await logbook.read(job, { after: 2, limit: 1_000 }))).toEqual(all.slice(2));
        expect(numbers(await logbook.readBack(job, { before: last + 2, limit: 1_000 }))).toEqual([...all].reverse());
      }
    });

    it('L1: a refused commit does not affect other commits', async () => {
      const { board, logbook } = await fresh();
      const jobs = await Promise.all([1, 2, 3].map(async () => (await board.post(orderOf(), NOW)).job));
      await board.claim('c1', 3, NOW);
      const asked = jobs.map((job, index) => logbook.commit({ job, token: 1, entries: [startEntry(index === 1 ? 9 : 2, 1)] }));
      expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    });

    it('J3: a conductor that lost its claim writes nothing, neither entries nor the row', async () => {
      const { board, logbook, job, time = callersTime() } = await claimed();
      await time.pass(LEASE_MS);
      await board.claim('c2', 1, time.now());
      const change = {
        state: 'COMPLETE',
        run: 'SUCCESS',
        attention: null,
        wakeAt: null,
        forward: 'late',
        forwardKind: 'succeeded',
        startedAt: 1,
        endedAt: 2,
      } as const;
      expect(await logbook.commit({ job, token: 1, entries: [startEntry(2, 1)], change })).toBe('claim-lost');
      expect(await logbook.commit({ job, token: 1, entries: [], change })).toBe('claim-lost');
      expect(await board.get(job)).toMatchObject({ state: 'CLAIMED', owner: 'c2', forward: '', forwardKind: null });
      expect(await logbook.commit({ job, token: 2, entries: [startEntry(2, 2)] })).toBe('committed');
    });

    it('J3, T2: an abandoned claim cannot commit, even if no other conductor has claimed the job; its row has the outcome', async () => {
      const { board, logbook, job } = await claimed();
      const change = {
        state: 'WAITING',
        run: 'FAILURE',
        attention: 'held',
        wakeAt: null,
        forward: 'failed at a',
        forwardKind: 'failed',
        startedAt: 1,
        endedAt: 2,
      } as const;
      expect(await logbook.commit({ job, token: 1, entries: [startEntry(2, 1)], change })).toBe('committed');
      expect(await board.get(job)).toMatchObject(change);
      expect(await logbook.commit({ job, token: 1, entries: [startEntry(3, 1)] })).toBe('claim-lost');
      expect(numbers(await logbook.read(job, { after: 0, limit: 10 }))).toEqual([1, 2]);
    });

    it('a change that stays CLAIMED keeps owner and lease', async () => {
      const { board, logbook, job } = await claimed();
      const change = { ...RUNNING, state: 'CLAIMED' } as const;
      await logbook.commit({ job, token: 1, entries: [startEntry(2, 1)], change });
      expect(await board.get(job)).toMatchObject({ run: 'RUNNING', startedAt: NOW, owner: 'c1', leaseUntil: expect.any(Number) });
    });

    it('L4: pages forward and backward by number, across and within commits', async () => {
      const { logbook, job } = await claimed();
      for (let first = 2; first < 300; first += 3) {
        await logbook.commit({ job, token: 1, entries: [0, 1, 2].map((more) => startEntry(first + more, 1)) });
      }
      const all = numbers(await logbook.read(job, { after: 0, limit: 1_000 }));
      expect(all).toEqual(Array.from({ length: 301 }, (_, index) => index + 1).slice(0, all.length));
      expect(all.length).toBeGreaterThan(298);
      expect(numbers(await logbook.read(job, { after: 2, limit: 4 }))).toEqual([3, 4, 5, 6]);
      expect(numbers(await logbook.readBack(job, { before: 9, limit: 4 }))).toEqual([8, 7, 6, 5]);
      expect(numbers(await logbook.readBack(job, { before: Number.MAX_SAFE_INTEGER, limit: 2 }))).toEqual(all.slice(-2).reverse());
      expect(await logbook.read(job, { after: 1_000, limit: 10 })).toEqual([]);
    });

    it('L4: a page of large entries is shorter but never empty, and further pages have the rest', async () => {
      const { logbook, job } = await claimed();
      const heavy = (number: number): Entry => ({
        ...signed(number, ana),
        kind: 'ACT',
        act: 'RESUME',
        reason: '',
        data: { text: 'x'.repeat(1_500_000) },
      });
      // Both within one commit and across commits.
      await logbook.commit({ job, token: 1, entries: [2, 3, 4, 5].map(heavy) });
      for (let number = 6; number < 12; number += 1) await logbook.commit({ job, token: 1, entries: [heavy(number)] });
      const pages: number[][] = [];
      for (let [after, isLast] = [0, false]; !isLast; ) {
        const page = await logbook.read(job, { after, limit: 1_000 });
        expect(page.slice(0, -1).reduce((sum, entry) => sum + weightOf(entry), 0)).toBeLessThan(PAGE_WEIGHT);
        pages.push(numbers(page));
        isLast = isLastPage(page, 1_000);
        after = page.at(-1)?.number ?? after;
      }
      expect(pages.filter(({ length }) => length > 0)).toEqual([[1, 2, 3, 4], [5, 6, 7], [8, 9, 10], [11]]);
      expect(numbers(await logbook.readBack(job, { before: 12, limit: 1_000 }))).toEqual([11, 10, 9]);
      expect(numbers(await logbook.read(job, { after: 1, limit: 1 }))).toEqual([2]);
    });

    it('L4: a snapshot and the followed entries after it have no gap and no duplicate', async () => {
      const { logbook, job } = await claimed();
      await logbook.commit({ job, token: 1, entries: [startEntry(2, 1)] });
      const followed: number[] = [];
      const stop = logbook.follow(job, (entries) => followed.push(...numbers(entries)));
      const snapshot = numbers(await logbook.read(job, { after: 0, limit: 100 }));
      await logbook.commit({ job, token: 1, entries: [startEntry(3, 1), startEntry(4, 1)] });
      await logbook.commit({ job, token: 9, entries: [startEntry(5, 9)] });
      stop();
      await logbook.commit({ job, token: 1, entries: [startEntry(5, 1)] });
      expect([...snapshot, ...followed]).toEqual([1, 2, 3, 4]);
    });

    it('L4: a follower that throws changes neither the answer of a commit nor the calls of other followers', async () => {
      const { board, logbook, job } = await claimed();
      const [entries, changed, posts]: [number[], string[], string[]] = [[], [], []];
      const fail = () => {
        throw new Error('a listener has failed');
      };
      for (const listener of [fail, (told: readonly Entry[]) => entries.push(...numbers(told)), fail]) logbook.follow(job, listener);
      for (const listener of [fail, (told: string) => changed.push(told), fail]) board.onChanged(listener);
      for (const listener of [fail, () => posts.push('posted'), fail]) board.onPosted(listener);
      const row = { ...RUNNING, state: 'CLAIMED' } as const;
      expect(await logbook.commit({ job, token: 1, entries: [startEntry(2, 1)], change: row })).toBe('committed');
      expect(await logbook.commit({ job, token: 1, entries: [startEntry(3, 1)] })).toBe('committed');
      const posted = await board.post(orderOf(), NOW);
      expect([posted.fresh, entries, changed, posts]).toEqual([true, [2, 3], [job, posted.job], ['posted']]);
    });

    it('throws JOB_UNKNOWN for an unknown job', async () => {
      const { logbook } = await fresh();
      await expect(logbook.read('job_nowhere', { after: 0, limit: 1 })).rejects.toMatchObject({ code: 'JOB_UNKNOWN' });
      await expect(logbook.readBack('job_nowhere', { before: 5, limit: 1 })).rejects.toMatchObject({ code: 'JOB_UNKNOWN' });
    });
  });
}
