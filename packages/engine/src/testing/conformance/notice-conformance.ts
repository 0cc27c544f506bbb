// The rules for every store of notices: one notice per need, and each delivery taken by one of several senders.
import { describe, expect, it } from 'vitest';
import type { AttentionReason } from '../../states.ts';
import type { NoticeOrder, NoticeStore } from '../../notices/notice-store.ts';
import type { BoardUnderTest } from './board-conformance.ts';
import { NOW, RUNNING, ana, orderOf } from './job-order.ts';

export interface NoticesUnderTest extends Pick<BoardUnderTest, 'board' | 'logbook'> {
  readonly notices: NoticeStore;
}

const TAKE = { channel: 'webhook', now: NOW, until: NOW + 60_000, limit: 10, mostTries: 3 } as const;

const noticeOf = (job: string, more: Partial<NoticeOrder> = {}): NoticeOrder => ({
  ...{ job, entry: 7, attention: 'held', sentence: 'It is held.', raisedAt: NOW, channels: ['webhook'] },
  ...more,
});

/** Posts a job that waits for a person. */
async function needyJob({ board, logbook }: NoticesUnderTest, attention: AttentionReason | null = 'held'): Promise<string> {
  const { job } = await board.post(orderOf(), NOW);
  const answer = await board.claimJob(job, 'c1', NOW);
  const token = answer.kind === 'claimed' ? answer.claim.token : 0;
  const change = { ...RUNNING, state: 'WAITING', run: 'FAILURE', attention } as const;
  await logbook.commit({ job, token, entries: [], change });
  return job;
}

/** Registers the suite. */
export function testNotices(name: string, fresh: () => Promise<NoticesUnderTest>): void {
  describe(`notices: ${name}`, () => {
    it('lists the jobs that wait for a person, without those claimed again', async () => {
      const under = await fresh();
      const [held, asked] = [await needyJob(under), await needyJob(under, 'approval')];
      const calm = await needyJob(under, null);
      const found = await under.notices.needing([held, calm]);
      expect(found).toMatchObject([{ id: held, attention: 'held', token: 1, isClaimed: false, flow: 'flow_x', version: 1, flowName: 'x' }]);
      expect((await under.notices.allNeeding(0, 10)).map(({ id }) => id)).toEqual([held, asked]);
      expect((await under.notices.allNeeding(found[0]?.seq ?? 0, 1)).map(({ id }) => id)).toEqual([asked]);
      await under.board.claimJob(held, 'c2', NOW);
      expect(await under.notices.needing([held])).toEqual([]);
    });

    it('R11: lists a job in doubt whose conductor still waits for the call', async () => {
      const under = await fresh();
      const { job } = await under.board.post(orderOf(), NOW);
      const answer = await under.board.claimJob(job, 'c1', NOW);
      const token = answer.kind === 'claimed' ? answer.claim.token : 0;
      await under.logbook.commit({
        job,
        token,
        entries: [],
        change: { ...RUNNING, state: 'CLAIMED', run: 'REVERTING', attention: 'in_doubt' },
      });
      const needy = { id: job, attention: 'in_doubt', token, isClaimed: true };
      expect(await under.notices.needing([job])).toMatchObject([needy]);
      expect(await under.notices.allNeeding(0, 10)).toMatchObject([needy]);
    });

    it('a need raised again or by two at once is one notice; a later channel is added', async () => {
      const under = await fresh();
      const { notices } = under;
      const job = await needyJob(under);
      expect(await notices.channelsOf(job, 7)).toBeNull();
      await Promise.all([notices.raise(noticeOf(job)), notices.raise(noticeOf(job, { sentence: 'Another.' }))]);
      await notices.raise(noticeOf(job, { channels: ['webhook', 'email'] }));
      expect((await notices.channelsOf(job, 7))?.toSorted()).toEqual(['email', 'webhook']);
      expect((await notices.list({ limit: 10 })).rows).toMatchObject([
        {
          job,
          entry: 7,
          isOpen: true,
          readAt: null,
          deliveries: [{ channel: 'email' }, { channel: 'webhook', state: 'PENDING', tries: 0 }],
        },
      ]);
      await notices.raise(noticeOf(job, { entry: 9, sentence: 'odd \u0000 "quoted"' }));
      expect((await notices.list({ limit: 10 })).rows.map(({ entry }) => entry)).toEqual([9, 7]);
      await notices.raise(noticeOf('job_nowhere'));
      expect(await notices.unread()).toBe(2);
    });

    it('lists newest first, page by page, and counts unread notices', async () => {
      const under = await fresh();
      const { notices } = under;
      const job = await needyJob(under);
      for (const entry of [1, 2, 3]) await notices.raise(noticeOf(job, { entry }));
      const first = await notices.list({ limit: 2 });
      const rest = await notices.list({ limit: 2, ...(first.next === null ? {} : { cursor: first.next }) });
      expect([first.rows.map(({ entry }) => entry), rest.rows.map(({ entry }) => entry), rest.next]).toEqual([[3, 2], [1], null]);
      await notices.markRead([first.rows[0]?.id ?? '', '999999'], ana, NOW + 1);
      await notices.markRead([first.rows[0]?.id ?? ''], { ...ana, name: 'Ben' }, NOW + 2);
      expect((await notices.list({ limit: 1 })).rows).toMatchObject([{ readAt: NOW + 1, readBy: 'Ana' }]);
      expect(await notices.unread()).toBe(2);
    });

    it('of several senders at once, one gets each delivery', async () => {
      const under = await fresh();
      const { notices } = under;
      const job = await needyJob(under);
      for (let entry = 1; entry <= 8; entry += 1) await notices.raise(noticeOf(job, { entry }));
      const taken = (await Promise.all([1, 2, 3, 4].map(() => notices.take(TAKE)))).flat();
      expect(taken.map(({ entry }) => entry).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      expect(taken[0]).toMatchObject({ job, flowName: 'x', sentence: 'It is held.', tries: 1, channel: 'webhook' });
      expect(await notices.take({ ...TAKE, channel: 'email' })).toEqual([]);
    });

    it('a failed delivery is due again later, and not after its last try', async () => {
      const under = await fresh();
      const { notices } = under;
      await notices.raise(noticeOf(await needyJob(under)));
      const [first] = await notices.take(TAKE);
      expect(first && (await notices.settle(first, { kind: 'failed', why: 'it answered 503', againAt: NOW + 500 }))).toBe(true);
      expect([await notices.take(TAKE), await notices.nextDue('webhook')]).toEqual([[], NOW + 500]);
      const [second] = await notices.take({ ...TAKE, now: NOW + 500 });
      expect(second?.tries).toBe(2);
      expect(second && (await notices.settle(second, { kind: 'failed', why: 'it answered 404', againAt: null }))).toBe(true);
      expect([await notices.take({ ...TAKE, now: NOW * 9 }), await notices.nextDue('webhook')]).toEqual([[], null]);
      expect((await notices.list({ limit: 1 })).rows[0]?.deliveries).toMatchObject([
        { state: 'FAILED', tries: 2, error: 'it answered 404' },
      ]);
    });

    it('a delivery whose lease ended is taken over, and its former holder cannot settle it', async () => {
      const under = await fresh();
      const { notices } = under;
      await notices.raise(noticeOf(await needyJob(under)));
      const [lost] = await notices.take(TAKE);
      expect([await notices.take(TAKE), await notices.nextDue('webhook')]).toEqual([[], TAKE.until]);
      const [now] = await notices.take({ ...TAKE, now: TAKE.until, until: TAKE.until + 60_000 });
      expect(now).toMatchObject({ notice: lost?.notice, tries: 2 });
      expect(lost && (await notices.settle(lost, { kind: 'failed', why: 'late', againAt: null }))).toBe(false);
      expect(now && (await notices.settle(now, { kind: 'sent', at: NOW + 9, remark: null }))).toBe(true);
      expect((await notices.list({ limit: 1 })).rows[0]?.deliveries).toMatchObject([{ state: 'SENT', error: null, sentAt: NOW + 9 }]);
    });

    it('deliveries of a dead server are due at once if it was the only server', async () => {
      const under = await fresh();
      const { notices } = under;
      await notices.raise(noticeOf(await needyJob(under)));
      const [lost] = await notices.take(TAKE);
      await notices.releaseAll(NOW + 1);
      expect(lost && (await notices.settle(lost, { kind: 'sent', at: NOW + 1, remark: null }))).toBe(false);
      expect(await notices.take({ ...TAKE, now: NOW + 1 })).toMatchObject([{ notice: lost?.notice, tries: 2 }]);
    });

    it('an interrupted attempt is not counted, and attempts that never end fail at last', async () => {
      const under = await fresh();
      const { notices } = under;
      await notices.raise(noticeOf(await needyJob(under)));
      const [first] = await notices.take(TAKE);
      expect(first && (await notices.settle(first, { kind: 'later', at: NOW }))).toBe(true);
      for (const tries of [1, 2, 3]) {
        const now = NOW + tries * 100_000;
        expect(await notices.take({ ...TAKE, now, until: now + 60_000 })).toMatchObject([{ tries }]);
      }
      expect(await notices.take({ ...TAKE, now: NOW * 9 })).toEqual([]);
      expect((await notices.list({ limit: 1 })).rows[0]?.deliveries).toMatchObject([{ state: 'FAILED', tries: 3 }]);
    });
  });
}
