import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { searchText, searchedFor } from './search.ts';

/** Counting so many jobs takes 0.1 s. The count of more jobs is not exact. */
const MOST = 1_000_000;

/** Number of jobs that a search finds: exact up to 1,000,000. */
export const count = procedure
  .input(z.object({ search: searchText.default('') }))
  .output(z.object({ count: z.int(), isExact: z.boolean() }))
  .query(async ({ ctx, input: { search } }) => ctx.board.count(await searchedFor(search, ctx), MOST));
