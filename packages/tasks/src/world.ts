// What the host lends to tasks. The server builds it from its configuration.
import type { Drift } from '@windlass/engine/run';
import type { JsonObject } from '@windlass/engine/task';
import type { FilesRoot } from './files/files-root.ts';
import type { HttpClient } from './network/http-client.ts';

/** Which programs `command.run` may start. */
export type CommandPolicy = 'off' | 'all' | readonly string[];

/** How a launched job stands. */
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
  byKey(key: string): Promise<string | undefined>;
  state(job: string): Promise<LaunchedState>;
  /** What of it no longer looks as it was left, in words; null when nothing does. */
  drift(job: string): Promise<string | null>;
  /**
   * Confirms the rollback of a whole job, in the name of whoever launched the job `by`; null when it is under way or was
   * done before, else why it was refused. With `hash`, only that plan.
   */
  confirm(order: {
    readonly job: string;
    readonly hash?: string;
    readonly drift: readonly Drift[];
    readonly reason: string;
    readonly by: string;
    /** A rollback that ended after this time is the one that was asked for. */
    readonly since: number;
  }): Promise<string | null>;
  /**
   * Begins to wind it back, wherever it stands, or finds that done; returns before it has ended. Answers why it was refused,
   * or null. `drift` is what a person confirmed to have changed in it, in the words of `drift`; null where nobody did.
   */
  rollBack(job: string, drift: string | null): Promise<string | null>;
}

export interface World {
  readonly files: FilesRoot;
  readonly http: HttpClient;
  readonly commands: CommandPolicy;
  /** Absent where no jobs can be launched, as in the test of a task. */
  readonly jobs?: LaunchedJobs;
}
