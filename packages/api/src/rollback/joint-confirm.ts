import { z } from 'zod';
import { jobId } from '../jobs/shapes.ts';
import { procedure } from '../trpc.ts';
import { jointFlow } from './joint-flow.ts';
import { MOST_JOBS, makeJointPlan } from './joint-plan.ts';
import { drift } from './shapes.ts';

const confirmed = z.object({ job: jobId, hash: z.string().min(1), drift: z.array(drift).default([]) });

/**
 * Launches the job that rolls these back, stage after stage, each by the plan of that hash and in the name of whoever
 * confirms. Refused, having launched nothing, when one of the plans is no longer that plan.
 */
export const jointConfirm = procedure
  .input(
    z.object({
      jobs: z.array(confirmed).min(1).max(MOST_JOBS),
      reason: z.string().trim().min(1, 'Say why: a reason is needed.').max(2_000),
    }),
  )
  .output(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('launched'), job: z.string() }),
      z.object({ kind: z.literal('refused'), message: z.string() }),
    ]),
  )
  .mutation(async ({ ctx, input: { jobs, reason } }) => {
    const known = new Map(jobs.map((one) => [one.job, one]));
    const joint = await makeJointPlan(ctx, [...known.keys()]);
    for (const { row, plan } of joint.jobs) {
      const why = plan.blocked ?? (plan.hash === known.get(row.id)?.hash ? null : 'its logbook has moved since its plan was made.');
      if (why !== null)
        return { kind: 'refused', message: `${row.flowName} (${row.id}): ${why} Nothing was undone; look at the new plan.` };
    }
    const { flow, version } = await jointFlow(ctx.flows, ctx.actor, ctx.now());
    const stages = joint.stages.map((stage) =>
      stage.map((job) => ({ job, hash: known.get(job)?.hash ?? '', drift: known.get(job)?.drift ?? [] })),
    );
    const answer = await ctx.operator.launch({ flow, version, inputs: { stages, reason }, priority: 0, actor: ctx.actor, key: null });
    if (answer.kind === 'posted') return { kind: 'launched', job: answer.job };
    return { kind: 'refused', message: answer.problems[0]?.message ?? 'The rollback could not be launched.' };
  });
