// Everything that people can do with jobs. The conductor of this process implements this port; the API uses only the port.
import type { Actor } from './actor.ts';
import type { JobOrder } from './board/job.ts';
import type { Json } from './json.ts';
import type { StoredValue } from './logbook/stored-value.ts';
import type { Act } from './run/acts/act.ts';
import type { Doubt } from './run/acts/doubted-call.ts';
import type { RollbackChoice } from './run/plan/rollback-choice.ts';
import type { Drift, RollbackPlan } from './run/plan/rollback-plan.ts';
import type { RunSnapshot } from './run/state/snapshot/snapshot.ts';

/** The act was recorded, or it was refused with a sentence that says what to do instead. */
export type ActAnswer =
  | { readonly kind: 'done'; readonly number: number }
  | { readonly kind: 'refused'; readonly code: 'ACT_REFUSED' | 'PLAN_CHANGED' | 'CLAIM_TAKEN' | 'DRIFTED'; readonly message: string };

/** The answer to a launch. A problem names the input by its path. */
export type LaunchAnswer =
  | { readonly kind: 'posted'; readonly job: string; readonly fresh: boolean }
  | { readonly kind: 'invalid'; readonly problems: readonly { readonly path: string; readonly message: string }[] };

/** The port for launching and operating jobs. Every method throws JOB_UNKNOWN for an unknown job. */
export interface Operator {
  /**
   * Checks the inputs against the version's schema, then posts the job. Throws FLOW_UNKNOWN, also for a removed flow,
   * VERSION_UNKNOWN, and LAUNCH_TOO_DEEP when too many jobs have launched one another.
   */
  launch(order: Omit<JobOrder, 'flowName' | 'inputs'> & { readonly inputs: Json }): Promise<LaunchAnswer>;
  act(job: string, act: Act, actor: Actor): Promise<ActAnswer>;
  /** The plan as of now; making it changes nothing. */
  plan(job: string, choice: RollbackChoice): Promise<RollbackPlan>;
  /**
   * Differences between the world now and what apply left, for the effects of that plan (B6), including effects that could not
   * be checked. A confirmation must name them, or it is refused.
   */
  drift(job: string, choice: RollbackChoice): Promise<readonly Drift[]>;
  /** The state of the run as of its last committed entry, or as of entry `at`. */
  snapshot(job: string, at?: number): Promise<RunSnapshot>;
  /** The doubts of the run, each with the answers that it takes now. */
  doubts(job: string): Promise<readonly Doubt[]>;
  /** A value over 8 KB that a snapshot, a plan or an entry refers to. Throws JOB_UNKNOWN, VALUE_UNKNOWN. */
  value(job: string, at: StoredValue): Promise<Json>;
}
