import type { Progress } from '@windlass/engine/run';
import { z } from 'zod';
import { procedure } from '../../trpc.ts';
import { type ShapeOf, type Wire, streamOf, word } from '../../wire.ts';
import { followProgress } from './follow-progress.ts';
import { jobId } from '../shapes.ts';

const EVERY_MS = 200;
/** A screen shows no more calls than these. */
const MOST = 500;

const one: Wire<Progress> = z.object({
  atom: z.string(),
  kind: word<Progress['kind']>(),
  attempt: z.int(),
  fraction: z.number().nullable(),
  message: z.string().nullable(),
  time: z.number(),
} satisfies ShapeOf<Progress>);

/** The progress of all running calls that sent a heartbeat, at once and after each change. */
export const progress = procedure
  .input(z.object({ job: jobId }))
  .output(streamOf(z.array(one)))
  .subscription(({ ctx, input: { job }, signal = new AbortController().signal }) =>
    followProgress({ progress: ctx.progress, job, signal, most: MOST, everyMs: EVERY_MS }),
  );
