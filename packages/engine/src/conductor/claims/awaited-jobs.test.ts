import { expect, it } from 'vitest';
import { WOKEN_AT } from '../../board/job-board.ts';
import type { Claim, JobRow } from '../../board/job.ts';
import type { RunDriver } from '../driving/run-driver.ts';
import { AwaitedJobs } from './awaited-jobs.ts';
import { HeldClaims } from './held-claims.ts';

const claimOf = (token: number): Claim => ({ job: 'parent', flow: 'f', version: 1, parent: null, target: null, token, from: 'WAITING' });

it('P9: a driver that follows during a look is not told of a job before it has begun with its claim', async () => {
  const told: string[] = [];
  const claims = new HeldClaims(() => {});
  const drive = (token: number) => {
    const held = claims.add(claimOf(token), { now: 0, elapsed: 0 });
    const driver: Pick<RunDriver, 'awaited' | 'jobAtRest'> = { awaited: () => ['child'], jobAtRest: () => told.push(`driver ${token}`) };
    held.driver = driver as RunDriver;
    return held;
  };
  let found = () => {};
  const awaited = new AwaitedJobs(claims, {
    board: {
      get: async () => ({ wakeAt: WOKEN_AT }) as JobRow,
      atRest: () => new Promise((resolve) => (found = () => resolve([{ job: 'child', hasEnded: true }]))),
    },
    onTrouble: () => {},
  });
  const first = drive(1);
  const look = awaited.look('parent');
  await Promise.resolve();
  claims.forget(first);
  drive(2);
  found();
  await look;
  expect(told).toEqual(['driver 1']);
});

it('P9: a look that is asked for during a look follows it, because the first one may have read too early', async () => {
  const told: string[] = [];
  const claims = new HeldClaims(() => {});
  const driver: Pick<RunDriver, 'awaited' | 'jobAtRest'> = { awaited: () => ['child'], jobAtRest: ({ job }) => told.push(job) };
  claims.add(claimOf(1), { now: 0, elapsed: 0 }).driver = driver as RunDriver;
  const reads: (() => void)[] = [];
  let hasEnded = false;
  const awaited = new AwaitedJobs(claims, {
    board: {
      get: async () => ({ wakeAt: WOKEN_AT }) as JobRow,
      atRest: () => {
        const found = hasEnded ? [{ job: 'child', hasEnded }] : [];
        return new Promise((resolve) => reads.push(() => resolve(found)));
      },
    },
    onTrouble: () => {},
  });
  const look = awaited.look('parent');
  await expect.poll(() => reads.length).toBe(1);
  hasEnded = true;
  void awaited.look('parent');
  reads[0]?.();
  await expect.poll(() => reads.length).toBe(2);
  reads[1]?.();
  await look;
  expect(told).toEqual(['child']);
});
