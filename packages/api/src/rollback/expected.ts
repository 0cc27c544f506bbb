import type { Entry, JobRow } from '@windlass/engine/run';
import { z } from 'zod';
import { jobId } from '../jobs/shapes.ts';
import type { Context as Request } from '../context.ts';
import { procedure } from '../trpc.ts';
import { type PastTimes, addTimes, itemOfAddress, medianOf } from './past-times.ts';

/** So many past rollbacks are looked at, among so many jobs, and of each so many of its last entries. */
const MOST_RUNS = 10;
const AMONG = 100;
const MOST_ENTRIES = 2_000;
const PAGE = 500;
const ROLLED_BACK: readonly JobRow['run'][] = ['REVERTED', 'PARTIALLY_REVERTED', 'REVERT_FAILED'];

/** How long the reverts of these atoms took in past runs of the job's flow (B2): of each the median, in ms, and of how many. */
export const expected = procedure
  .input(z.object({ job: jobId, atoms: z.array(z.string()).max(10_000) }))
  .output(z.object({ runs: z.int(), atoms: z.array(z.object({ atom: z.string(), ms: z.number(), of: z.int() })) }))
  .query(async ({ ctx, input: { job, atoms } }) => {
    const row = await ctx.board.get(job);
    if (row === undefined) return { runs: 0, atoms: [] };
    const page = await ctx.board.list({ flows: [row.flow], states: ['COMPLETE', 'WAITING'], limit: AMONG });
    const past = page.rows.filter(({ run }) => ROLLED_BACK.includes(run)).slice(0, MOST_RUNS);
    const times: PastTimes = new Map();
    for (const { id } of past) addTimes(times, await lastEntries(ctx, id));
    return {
      runs: past.length,
      atoms: atoms.flatMap((atom) => {
        const known = times.get(itemOfAddress(atom));
        return known === undefined ? [] : [{ atom, ms: medianOf(known), of: known.length }];
      }),
    };
  });

/** The rollback stands at the end of a logbook. */
async function lastEntries({ logbook }: Pick<Request['services'], 'logbook'>, job: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  let before = Number.MAX_SAFE_INTEGER;
  while (entries.length < MOST_ENTRIES) {
    const page = await logbook.readBack(job, { before, limit: PAGE });
    entries.push(...page);
    before = page.at(-1)?.number ?? 1;
    if (before <= 1) break;
  }
  return entries;
}
