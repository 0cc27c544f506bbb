import { MOST_JOINT_JOBS, launchJointRollback } from '@windlass/engine/ports';
import { z } from 'zod';
import { jobId } from '../jobs/shapes.ts';
import { procedure } from '../trpc.ts';
import { drift } from './shapes.ts';

const confirmed = z.object({ job: jobId, hash: z.string().min(1), drift: z.array(drift).default([]) });

/** Launches a job that rolls back all of these jobs, each by the plan with its hash. Refuses when one of the plans has changed. */
export const jointConfirm = procedure
  .input(
    z.object({
      jobs: z.array(confirmed).min(1).max(MOST_JOINT_JOBS),
      reason: z.string().trim().min(1, 'Say why: a reason is needed.').max(2_000),
    }),
  )
  .output(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('launched'), job: z.string() }),
      z.object({ kind: z.literal('refused'), message: z.string() }),
    ]),
  )
  .mutation(({ ctx, input }) => launchJointRollback(ctx, { ...input, actor: ctx.actor, now: ctx.now() }));
