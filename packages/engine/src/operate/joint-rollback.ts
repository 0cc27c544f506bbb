// Confirms a joint plan: launches the job that rolls the others back, or nothing.
import type { Actor } from '../actor.ts';
import type { FlowStore } from '../definition/flows/flow-store.ts';
import type { Operator } from '../operator.ts';
import type { Drift } from '../run/plan/rollback-plan.ts';
import { jointFlow } from './joint-flow.ts';
import { type JointPorts, makeJointPlan } from './joint-plan.ts';

export interface JointOrder {
  /** The jobs, each with the hash of the plan that the person saw and the drift that the person confirmed. */
  readonly jobs: readonly { readonly job: string; readonly hash: string; readonly drift: readonly Drift[] }[];
  readonly reason: string;
  readonly actor: Actor;
  readonly now: number;
}

export type JointAnswer = { readonly kind: 'launched'; readonly job: string } | { readonly kind: 'refused'; readonly message: string };

interface Ports extends JointPorts {
  readonly flows: FlowStore;
  readonly operator: Pick<Operator, 'plan' | 'drift' | 'launch'>;
}

/**
 * Launches the job that rolls these jobs back, stage by stage, each by the plan with that hash and in the actor's name.
 * Refused, with nothing launched, when the plan of any job has another hash now.
 */
export async function launchJointRollback(ports: Ports, { jobs, reason, actor, now }: JointOrder): Promise<JointAnswer> {
  const known = new Map(jobs.map((one) => [one.job, one]));
  const joint = await makeJointPlan(ports, [...known.keys()]);
  for (const { row, plan } of joint.jobs) {
    const why = plan.blocked ?? (plan.hash === known.get(row.id)?.hash ? null : 'its logbook has changed since its plan was made.');
    if (why !== null) {
      return { kind: 'refused', message: `${row.flowName} (${row.id}): ${why} Nothing was undone. Look at the new plan.` };
    }
  }
  const { flow, version } = await jointFlow(ports.flows, actor, now);
  const stages = joint.stages.map((stage) =>
    stage.map((job) => ({
      job,
      hash: known.get(job)?.hash ?? '',
      drift: (known.get(job)?.drift ?? []).map(({ atom, difference }) => ({ atom, difference })),
    })),
  );
  const answer = await ports.operator.launch({ flow, version, inputs: { stages, reason }, priority: 0, actor, key: null });
  if (answer.kind === 'posted') return { kind: 'launched', job: answer.job };
  return { kind: 'refused', message: answer.problems[0]?.message ?? 'The rollback could not be launched.' };
}
