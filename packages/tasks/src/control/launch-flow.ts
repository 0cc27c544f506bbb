import { type Json, type TaskContext, TaskError, Waiting, defineTask } from '@windlass/engine/task';
import { z } from 'zod';
import type { LaunchedJobs, World } from '../world.ts';
import { demandNoSecret } from './demand-no-secret.ts';

const input = z.object({
  flow: z
    .string()
    .min(1)
    .meta({ title: 'Flow', description: 'Id of the flow to launch, such as flow_0f3a…: it stands in the address of its page.' }),
  version: z.int().min(1).meta({ title: 'Version', description: 'A published version; it never changes.' }),
  inputs: z.record(z.string(), z.json()).default({}).meta({ title: 'Inputs', description: 'The inputs of the launched job.' }),
  wait: z.boolean().default(true).meta({ title: 'Wait for it', description: 'Whether this step ends only with the job.' }),
});

export const launchFlow = defineTask({
  type: 'flow.launch',
  version: 1,
  title: 'Launch a flow',
  summary: 'Posts a job of another flow, and waits for it if asked to. Undone by rolling that job back.',
  icon: 'rocket',
  group: 'Control',
  input,
  output: z.object({
    job: z.string().meta({ title: 'Job', description: 'Id of the launched job.' }),
    outputs: z.record(z.string(), z.json()).meta({ title: 'Outputs', description: 'What the job gave; empty when it was not waited for.' }),
  }),
  effects: { kind: 'reversible', undo: 'rolls the launched job back' },
  repeatable: true,
  async apply({ flow, version, inputs, wait }, { world, idempotencyKey, job: parent, atom, secretIn }: TaskContext<World>) {
    demandNoSecret(secretIn({ flow, inputs }), 'The inputs of the launched job');
    const job = await jobsOf(world).launch({ flow, version, inputs, key: idempotencyKey, parent: { job: parent, atom } });
    if (!wait) return { job, outputs: {} };
    const state = await jobsOf(world).state(job);
    if (state.kind === 'succeeded') return { job, outputs: state.outputs };
    // A person may settle the need of the launched job, so its parent goes on waiting.
    if (state.kind === 'running' || state.kind === 'stuck') return new Waiting({ on: 'job', job, until: null, output: null, ends: true });
    throw new TaskError('JOB_FAILED', `The launched job ${job} ${state.words}.`, { data: { job } });
  },
  async revert({ output, failure, drift }, { world, idempotencyKey }: TaskContext<World>) {
    const job = output?.job ?? jobOf(failure?.data) ?? (await jobsOf(world).byKey(idempotencyKey.replace(/\/revert$/, '')));
    if (job === undefined) return undefined;
    const refused = await jobsOf(world).rollBack(job, drift ?? null);
    const state = await jobsOf(world).state(job);
    if (state.kind === 'undone') return undefined;
    if (state.kind === 'stuck' || state.kind === 'partly')
      throw new TaskError('ROLLBACK_INCOMPLETE', `The launched job ${job} ${state.words}.`, { data: { job } });
    if (refused !== null)
      throw new TaskError('ROLLBACK_REFUSED', `The launched job ${job} cannot be rolled back. ${refused}`, { data: { job } });
    return waitFor(job);
  },
  async check({ output }, { world }: TaskContext<World>) {
    return output === undefined ? null : jobsOf(world).drift(output.job);
  },
  async hindrance({ flow, version }, { jobs }: World) {
    if (jobs === undefined || typeof flow !== 'string') return null;
    return jobs.whyNot({ flow, ...(typeof version === 'number' ? { version } : {}) });
  },
});

/** Parked until the job comes to rest, which wakes this one. */
function waitFor(job: string): Waiting {
  return new Waiting({ on: 'job', job, until: null, output: null });
}

function jobsOf({ jobs }: World): LaunchedJobs {
  if (jobs === undefined) throw new TaskError('LAUNCHING_OFF', 'Jobs cannot be launched from here.', { nothingDone: true });
  return jobs;
}

function jobOf(data: Json | undefined): string | undefined {
  return typeof data === 'object' && data !== null && !Array.isArray(data) && typeof data['job'] === 'string' ? data['job'] : undefined;
}
