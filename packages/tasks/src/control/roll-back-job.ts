import { type TaskContext, TaskError, Waiting, defineTask } from '@windlass/engine/task';
import { z } from 'zod';
import type { World } from '../world.ts';
import { demandNoSecret } from './demand-no-secret.ts';

export const rollBackJob = defineTask({
  type: 'job.rollback',
  version: 1,
  title: 'Roll back a job',
  summary: 'Rolls another job back by its plan, in the name of the person who launched this job, and waits for it.',
  icon: 'undo',
  group: 'Control',
  input: z.object({
    job: z
      .string()
      .regex(/^job_[a-z0-9]+$/, 'must be the id of a job')
      .meta({ title: 'Job', description: 'Id of the job to wind back.' }),
    hash: z
      .string()
      .optional()
      .meta({ title: 'Plan', description: 'Hash of the plan that was read; without it, whatever is the plan when its turn comes.' }),
    drift: z
      .array(z.object({ atom: z.string(), difference: z.string() }))
      .default([])
      .meta({ title: 'Known changes', description: 'What was read to have changed since, and is undone all the same.' }),
    reason: z.string().default('').meta({ title: 'Reason', description: 'It stands in the logbook of that job.' }),
  }),
  output: z.object({ words: z.string().meta({ title: 'How it ended' }) }),
  effects: { kind: 'irreversible', reason: 'what was undone in another job is not applied again by itself' },
  // A begun rollback is awaited. A plan is confirmed only once, because its hash is invalid afterwards.
  repeatable: true,
  async apply({ job, hash, drift, reason }, { world, job: self, idempotencyKey: key, startedAt, secretIn }: TaskContext<World>) {
    demandNoSecret(secretIn([reason, JSON.stringify(drift)]), 'The reason of the rollback');
    const { jobs } = world;
    if (jobs === undefined) throw new TaskError('LAUNCHING_OFF', 'Jobs cannot be rolled back from here.', { nothingDone: true });
    const refused = await jobs.confirm({ job, ...(hash === undefined ? {} : { hash }), drift, reason, by: self, key, since: startedAt });
    if (refused !== null) throw new TaskError('ROLLBACK_REFUSED', refused, { data: { job }, nothingDone: true });
    const state = await jobs.state(job);
    if (state.kind === 'undone' || state.kind === 'partly') return { words: state.words };
    if (state.kind === 'stuck') throw new TaskError('ROLLBACK_INCOMPLETE', `The job ${job} ${state.words}.`, { data: { job } });
    if (state.kind === 'succeeded') throw new TaskError('ROLLBACK_INCOMPLETE', `The job ${job} was not rolled back.`, { data: { job } });
    // For a time that has passed, the engine calls this task again after a pause that grows to half a minute.
    const until = (await jobs.wakes(job, self)) ? null : startedAt;
    return new Waiting({ on: 'job', job, until, output: null });
  },
});
