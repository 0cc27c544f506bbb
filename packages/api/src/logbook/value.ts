import { z } from 'zod';
import { jobId } from '../jobs/shapes.ts';
import { procedure } from '../trpc.ts';
import { json } from '../wire.ts';
import { storedValue } from './shapes.ts';

/** A value over 8 KB that a snapshot, a plan or an entry only refers to. Throws JOB_UNKNOWN, VALUE_UNKNOWN. */
export const value = procedure
  .input(z.object({ job: jobId, at: storedValue }))
  .output(z.object({ value: json }))
  .query(async ({ ctx: { operator }, input: { job, at } }) => ({ value: await operator.value(job, at) }));
