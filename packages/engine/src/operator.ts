// What people may ask of jobs. The conductor of this process answers it; the API only speaks to this port.
import type { Actor } from './actor.ts';
import type { JobOrder } from './board/job.ts';
import type { Json } from './json.ts';
import type { Act } from './run/acts/act.ts';
import type { RollbackChoice } from './run/plan/rollback-choice.ts';
import type { Drift, RollbackPlan } from './run/plan/rollback-plan.ts';
import type { RunSnapshot } from './run/state/snapshot.ts';

/** An act was recorded, or refused with a sentence that says what to do instead. */
export type ActAnswer =
  | { readonly kind: 'done'; readonly number: number }
  | { readonly kind: 'refused'; readonly code: 'ACT_REFUSED' | 'PLAN_CHANGED' | 'CLAIM_TAKEN' | 'DRIFTED'; readonly message: string };

/** Launching a flow version. Problems name the input by path. */
export type LaunchAnswer =
  | { readonly kind: 'posted'; readonly job: string; readonly fresh: boolean }
  | { readonly kind: 'invalid'; readonly problems: readonly { readonly path: string; readonly message: string }[] };

/** The operator's port to jobs. Every method throws JOB_UNKNOWN for a job that is not there. */
export interface Operator {
  /**
   * Checks the inputs against the version's schema, then posts. Throws FLOW_UNKNOWN, also for a flow that was removed,
   * VERSION_UNKNOWN, and LAUNCH_TOO_DEEP where too many jobs have launched one another.
   */
  launch(order: Omit<JobOrder, 'flowName' | 'inputs'> & { readonly inputs: Json }): Promise<LaunchAnswer>;
  act(job: string, act: Act, actor: Actor): Promise<ActAnswer>;
  /** The plan as of now; asking for it changes nothing. */
  plan(job: string, choice: RollbackChoice): Promise<RollbackPlan>;
  /**
   * What of that plan no longer looks as apply left it, asked of the world now (B6); also what could not be asked.
   * Confirming names it, or is refused.
   */
  drift(job: string, choice: RollbackChoice): Promise<readonly Drift[]>;
  /** The state of the run as of its last committed entry, or as of entry `at`. */
  snapshot(job: string, at?: number): Promise<RunSnapshot>;
}
