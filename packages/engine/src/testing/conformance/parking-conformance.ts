// The rules for parked jobs on every job board (J6, P9): part of the suite of board-conformance.ts.
import { expect, it } from 'vitest';
import { type JobBoard, LEASE_MS, MOST_RECLAIMS, WOKEN_AT } from '../../board/job-board.ts';
import type { LogbookStore } from '../../logbook/logbook-store.ts';
import type { BoardTime } from './board-time.ts';
import { NOW, RELEASED, orderOf, startEntry } from './job-order.ts';

interface Fresh {
  readonly board: JobBoard;
  readonly logbook: LogbookStore;
  readonly time: BoardTime;
}

/** A job and a job that it has launched, both claimed with token 1. */
async function launched(board: JobBoard, now: number): Promise<{ readonly parent: string; readonly child: string }> {
  const parent = (await board.post(orderOf(), NOW)).job;
  const child = (await board.post(orderOf({ parent: { job: parent, atom: 'a' } }), NOW)).job;
  for (const job of [parent, child]) await board.claimJob(job, 'c1', now);
  return { parent, child };
}

/** Registers the tests. `fresh` gives an empty board at each call. */
export function testParking(fresh: () => Promise<Fresh>): void {
  it('J4, P9: a dead-lettered job wakes the job that launched it', async () => {
    const { board, logbook, time } = await fresh();
    const { parent, child } = await launched(board, time.now());
    const parked = { ...RELEASED, state: 'WAITING', run: 'RUNNING', wakeAt: time.now() + 90_000_000 } as const;
    await logbook.commit({ job: parent, token: 1, entries: [startEntry(2, 1)], change: parked });
    for (let claims = 0; claims < MOST_RECLAIMS; claims += 1) {
      await time.pass(LEASE_MS);
      expect(await board.claim('c1', 2, time.now())).toMatchObject([{ job: child }]);
    }
    await time.pass(LEASE_MS);
    const claims = [await board.claim('c1', 2, time.now()), await board.claim('c1', 2, time.now())].flat();
    expect(claims).toMatchObject([{ job: parent, from: 'WAITING' }]);
    expect(await board.get(child)).toMatchObject({ attention: 'dead_lettered' });
  });

  it.each(['before', 'after'] as const)('J4: a dead letter is not claimed for a job that woke it %s it became one', async (when) => {
    const { board, logbook, time } = await fresh();
    const { parent, child } = await launched(board, time.now());
    const dead = { ...RELEASED, state: 'WAITING', run: 'RUNNING', attention: 'dead_lettered', wakeAt: null } as const;
    const giveUp = () => logbook.commit({ job: parent, token: 1, entries: [startEntry(2, 1)], change: dead });
    const change = { state: 'COMPLETE', ...RELEASED } as const;
    const end = () => logbook.commit({ job: child, token: 1, entries: [startEntry(2, 1)], change, wakes: [parent] });
    for (const commit of when === 'before' ? [end, giveUp] : [giveUp, end]) await commit();
    expect(await board.claim('c1', 2, time.now())).toEqual([]);
    expect(await board.get(parent)).toMatchObject({ state: 'WAITING', attention: 'dead_lettered', wakeAt: null });
    // A person has it tried again: then it is woken as any other job.
    expect(await board.claimJob(parent, 'c1', time.now())).toMatchObject({ kind: 'claimed' });
    const again = await board.post(orderOf({ parent: { job: parent, atom: 'b' } }), NOW);
    await board.claimJob(again.job, 'c1', time.now());
    await logbook.commit({ job: again.job, token: 1, entries: [startEntry(2, 1)], change, wakes: [parent] });
    expect(await board.get(parent)).toMatchObject({ state: 'CLAIMED', wakeAt: WOKEN_AT });
  });

  it('J6: a parked job is claimed when it is due, and not before', async () => {
    const { board, logbook, time } = await fresh();
    const { job } = await board.post(orderOf({}), NOW);
    const [claim] = await board.claim('c1', 1, time.now());
    if (claim === undefined) throw new Error('nothing was claimed');
    const change = { ...RELEASED, state: 'WAITING', run: 'RUNNING', wakeAt: time.now() + 60_000 } as const;
    await logbook.commit({ job, token: claim.token, entries: [], change });
    expect(await board.get(job)).toMatchObject({ state: 'WAITING', owner: null, wakeAt: change.wakeAt });
    await time.pass(60_000 - time.within - 1);
    expect(await board.claim('c1', 1, time.now())).toEqual([]);
    await time.pass(time.within + 1);
    expect(await board.claim('c1', 1, time.now())).toMatchObject([{ job, from: 'WAITING', isDue: true }]);
  });

  it('J2: a parked job that is due and a new one are claimed by priority', async () => {
    const { board, logbook, time } = await fresh();
    const { job: due } = await board.post(orderOf({ priority: 0 }), NOW);
    await board.claim('c1', 1, time.now());
    const change = { ...RELEASED, state: 'WAITING', run: 'RUNNING', wakeAt: time.now() + 60_000 } as const;
    await logbook.commit({ job: due, token: 1, entries: [], change });
    const { job: fresher } = await board.post(orderOf({ priority: 5 }), NOW);
    await time.pass(60_000 + time.within);
    expect((await board.claim('c1', 2, time.now())).map(({ job }) => job)).toEqual([fresher, due]);
  });

  it.each([40_000, -40_000])('J6: a job is parked as long as its conductor says, whose clock is %i ms ahead', async (ahead) => {
    const { board, logbook, time } = await fresh();
    const { job } = await board.post(orderOf({}), NOW);
    const now = () => time.now() + ahead;
    const [claim] = await board.claim('c1', 1, now());
    const change = { ...RELEASED, state: 'WAITING', run: 'RUNNING', wakeAt: now() + 60_000 } as const;
    await logbook.commit({ job, token: claim?.token ?? 0, entries: [], change, at: now() });
    await time.pass(60_000 - 2 * time.within - 1);
    expect(await board.claim('c1', 1, now())).toEqual([]);
    await time.pass(2 * time.within + 1);
    expect(await board.claim('c1', 1, now())).toMatchObject([{ job, from: 'WAITING', isDue: true }]);
  });

  it('P9: a job whose child ends is due at once, with the clock of its conductor 40 s ahead', async () => {
    const { board, logbook, time } = await fresh();
    const now = () => time.now() + 40_000;
    const { parent, child } = await launched(board, now());
    const parked = { ...RELEASED, state: 'WAITING', run: 'RUNNING', wakeAt: now() + 90_000 } as const;
    await logbook.commit({ job: parent, token: 1, entries: [startEntry(2, 1)], change: parked, at: now() });
    const ended = { change: { state: 'COMPLETE', ...RELEASED }, wakes: [parent] } as const;
    await logbook.commit({ job: child, token: 1, entries: [startEntry(2, 1)], ...ended });
    const claims = await board.claim('c1', 1, now());
    expect(claims).toMatchObject([{ job: parent, from: 'WAITING' }]);
    expect(claims[0]?.isDue, 'it was woken, and its own time has not come').toBeUndefined();
  });

  it('P9: a job that comes to rest wakes the job that launched it, in the same commit', async () => {
    const { board, logbook, time } = await fresh();
    const { parent, child } = await launched(board, time.now());
    const parked = { ...RELEASED, state: 'WAITING', run: 'RUNNING', wakeAt: time.now() + 90_000 } as const;
    await logbook.commit({ job: parent, token: 1, entries: [startEntry(2, 1)], change: parked });
    const wakes = [parent];
    const ended = { job: child, entries: [startEntry(2, 1)], change: { state: 'COMPLETE', ...RELEASED }, wakes } as const;
    expect(await logbook.commit({ ...ended, token: 9 })).toBe('claim-lost');
    expect(await board.get(parent)).toMatchObject({ state: 'WAITING', wakeAt: parked.wakeAt });
    const heard: string[] = [];
    board.onPosted(() => heard.push('posted'));
    board.onChanged((job) => heard.push(job));
    expect(await logbook.commit({ ...ended, token: 1 })).toBe('committed');
    expect(await board.get(parent)).toMatchObject({ state: 'WAITING', wakeAt: WOKEN_AT });
    expect(heard.sort()).toEqual([child, parent, 'posted'].sort());
    expect(await board.claim('c1', 1, time.now())).toMatchObject([{ job: parent, from: 'WAITING' }]);
  });

  it('P9: a job that is woken while it is claimed is due as soon as it is parked, also in one commit with its waker', async () => {
    const { board, logbook, time } = await fresh();
    const parked = { ...RELEASED, state: 'WAITING', run: 'RUNNING', wakeAt: time.now() + 90_000 } as const;
    const ended = { state: 'COMPLETE', ...RELEASED } as const;
    for (const isParkedAtOnce of [false, true]) {
      const { parent, child } = await launched(board, time.now());
      const park = () => logbook.commit({ job: parent, token: 1, entries: [startEntry(2, 1)], change: parked });
      const end = () => logbook.commit({ job: child, token: 1, entries: [startEntry(2, 1)], change: ended, wakes: [parent] });
      if (isParkedAtOnce) await Promise.all([end(), park()]);
      else {
        await end();
        await park();
      }
      expect(await board.claim('c1', 1, time.now())).toMatchObject([{ job: parent, from: 'WAITING' }]);
    }
  });
}
