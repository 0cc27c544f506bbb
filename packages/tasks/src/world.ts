// The services that the host gives to tasks. The server builds them from its configuration.
import type { Drift } from '@windlass/engine/run';
import type { JsonObject } from '@windlass/engine/task';
import type { FilesRoot } from './files/files-root.ts';
import type { HttpClient } from './network/http-client.ts';

/** Which programs `command.run` may start. */
export type CommandPolicy = 'off' | 'all' | readonly string[];

/** The state of a launched job. */
export type LaunchedState =
  | { readonly kind: 'running' }
  | { readonly kind: 'succeeded'; readonly outputs: JsonObject }
  /** It failed or was cancelled, and its effects are undone. */
  | { readonly kind: 'undone'; readonly words: string }
  /** It was rolled back, and something of it stands. */
  | { readonly kind: 'partly'; readonly words: string }
  /** It needs a person. */
  | { readonly kind: 'stuck'; readonly words: string };

/** Jobs that a task may launch. */
export interface LaunchedJobs {
  /** Posts a job; the same key gives the same job. */
  launch(order: {
    readonly flow: string;
    readonly version: number;
    readonly inputs: JsonObject;
    readonly key: string;
    readonly parent: { readonly job: string; readonly atom: string };
  }): Promise<string>;
  /** Why nothing could be launched of that flow, or version of it, in a sentence; null when it can. */
  whyNot(order: { readonly flow: string; readonly version?: number }): Promise<string | null>;
  byKey(key: string): Promise<string | undefined>;
  state(job: string): Promise<LaunchedState>;
  /** The drift of the job's effects, in words; null when there is none. */
  drift(job: string): Promise<string | null>;
  /**
   * Confirms the rollback of a whole job, in the name of the person who launched the job `by`. Null when the rollback is
   * under way or done, else the reason of the refusal. With `hash`, only the plan with that hash.
   */
  confirm(order: {
    readonly job: string;
    readonly hash?: string;
    readonly drift: readonly Drift[];
    readonly reason: string;
    readonly by: string;
    /** Idempotency key of the task. The job's logbook keeps it, so a repeated call knows the rollback that it has confirmed. */
    readonly key: string;
    /** Start of the task: without `hash`, a rollback that another confirmed later is awaited as the task's own is. */
    readonly since: number;
  }): Promise<string | null>;
  /** Will the end of that job wake the job `waiting`: did that one launch it, or confirm its present rollback? */
  wakes(job: string, waiting: string): Promise<boolean>;
  /**
   * Starts to cancel and revert the job in any state, or finds that done. Returns before the job is reverted: null, or the
   * reason of a refusal. `drift` is the drift that a person confirmed, in the words of `drift`; null when no person did.
   */
  rollBack(job: string, drift: string | null): Promise<string | null>;
}

/** The state of a program that a stopped server started for a call. `unknown`: this server has no record of it. */
export type ProgramFate =
  | { readonly kind: 'running'; readonly program: string; readonly pid: number }
  | { readonly kind: 'over'; readonly program: string }
  | { readonly kind: 'unknown' };

/** Records of the programs that tasks run: a program outlives a killed server. The key of a record is the idempotency key of its call. */
export interface StartedPrograms {
  /** Records the program of a call; a killed process leaves the record. Call the answer when the program has ended. */
  record(started: { readonly key: string; readonly program: string; readonly pid: number }): () => void;
  /** The program that a stopped server started for the call with that key; waits until this server has ended those that it can end. */
  fateOf(key: string): Promise<ProgramFate>;
}

export interface World {
  readonly files: FilesRoot;
  readonly http: HttpClient;
  readonly commands: CommandPolicy;
  /** Absent when programs are not recorded, as in the test of a task. */
  readonly programs?: StartedPrograms;
  /** Absent when no jobs can be launched, as in the test of a task. */
  readonly jobs?: LaunchedJobs;
}
