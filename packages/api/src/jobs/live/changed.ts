import { z } from 'zod';
import { procedure } from '../../trpc.ts';
import { streamOf } from '../../wire.ts';
import { changedJobs } from './changed-jobs.ts';

const EVERY_MS = 200;
const MOST_HELD = 1_000;

/** Ids of jobs whose row changed, at most five times a second. An empty list means that any job may have changed. */
export const changed = procedure
  .output(streamOf(z.array(z.string())))
  .subscription(({ ctx: { board }, signal = new AbortController().signal }) =>
    changedJobs({ board, signal, held: MOST_HELD, everyMs: EVERY_MS }),
  );
