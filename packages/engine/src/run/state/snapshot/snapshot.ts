// The state of a run as of one entry, for screens: a page first shows it, and folds further entries into it.
import type { Failure } from '../../../failure/failure.ts';
import type { Json, JsonObject } from '../../../json.ts';
import type { AtomState, AttentionReason, JobState, RunState } from '../../../states.ts';
import type { ForwardOutcome, RetryAttempt, RollbackScope, UnresolvedOutput } from '../../../logbook/entry.ts';
import type { Wait } from '../../../task/wait.ts';
import type { StoredValue } from '../../../logbook/stored-value.ts';

/** A rollback of the run. */
export interface BegunRollback extends RollbackScope {
  readonly by: string;
  /** The state of the run in which it began, and the time. */
  readonly from: RunState;
  readonly since: number;
}

/** One atom that has left PENDING at least once. */
export interface AtomSnapshot {
  readonly atom: string;
  readonly state: AtomState;
  readonly attempt: number;
  /** Entry number of the start of the current attempt; 0 before the first. */
  readonly startNumber: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Empty when the input is large: then `inputAt` names its entry. */
  readonly input: JsonObject;
  readonly inputAt: StoredValue | null;
  readonly secrets: { readonly [input: string]: readonly string[] };
  /** Null when the output is large: then `outputAt` names its entry. */
  readonly output: Json | null;
  readonly outputAt: StoredValue | null;
  /** Why apply failed; kept when the atom is skipped or reverted. */
  readonly failure: Failure | null;
  /** Why its last revert failed. */
  readonly revertFailure: Failure | null;
  /** Was apply called in this attempt? Only then can there be an effect to undo. */
  readonly applied: boolean;
  /** Was apply called more than once in this attempt, after a crash or a wait? Then an earlier call may have had an effect. */
  readonly repeated: boolean;
  readonly revertAttempt: number;
  readonly revertingSince: number;
  /** Time of the entry with which it began to wait, for a retry or a next attempt too; 0 if it does not wait. */
  readonly waitsSince: number;
  /** Start of the present or last call; its time limit counts from here. */
  readonly calledAt: number;
  /** Time at which its call was told to stop, while the call has not ended; else 0. In FAILURE the call has passed its time limit (TIMEOUT). */
  readonly stopping: number;
  /** Earliest time of the next attempt of a revert or retry; 0 when none is waiting. */
  readonly notBefore: number;
  /** Why a rollback kept it; null when it was not kept. */
  readonly kept: string | null;
  /** A rollback undid the source of its input, and a person left the atom standing (B1). */
  readonly orphaned: boolean;
  /** Why its outcome is unknown, when a person must say what happened; else null. */
  readonly inDoubt: string | null;
  /** A person marked it as reverted; its revert was not called. */
  readonly byHand: boolean;
  /** Name of the person who marked it as reverted, kept it, or skipped it; null when no person did. */
  readonly settledBy: string | null;
  /** Reason of a skip or of a revert without a call. */
  readonly note: string | null;
  /** The wait of a WAITING atom. */
  readonly waiting: Wait | null;
  /** For a retry: its failed attempts, oldest first (R1). */
  readonly history: readonly RetryAttempt[];
  /** For the list of a for-each or the first round of a loop: number of iterations so far. Only in a snapshot. */
  readonly grown?: number;
  /** For the list of a for-each: slots of the present list, if they are not 0, 1, 2…. Only in a snapshot. */
  readonly slots?: readonly number[];
  /** For the list of a for-each: the key of each slot, if the present list does not give them. Only in a snapshot. */
  readonly keys?: readonly string[];
}

/** A signal from outside. */
export interface Signal {
  readonly number: number;
  readonly name: string;
  readonly data: Json;
}

/** The code that applied the tasks of a type (`file.write@1`) from entry `since` on. */
export interface AppliedCode {
  readonly type: string;
  readonly code: string;
  readonly since: number;
}

/** The state of a run. */
export interface RunSnapshot {
  /** Number of the last folded entry. */
  readonly number: number;
  /** Number of the last entry that is not only a change of the claim; rollback plans depend on it. */
  readonly basis: number;
  readonly token: number;
  readonly job: JobState;
  readonly attention: AttentionReason | null;
  readonly wakeAt: number | null;
  readonly state: RunState;
  readonly inputs: JsonObject;
  readonly outputs: JsonObject | null;
  /** References to the flow's inputs and outputs over 8 KB: a process that drives runs holds the values, a reader does not. */
  readonly inputsAt: StoredValue | null;
  readonly outputsAt: StoredValue | null;
  /** Outputs of the flow that could not be evaluated. */
  readonly unresolved: readonly UnresolvedOutput[];
  readonly forward: ForwardOutcome | null;
  /** The present or last rollback. */
  readonly rollback: BegunRollback | null;
  /** Effects that the last rollback left. In a run that goes forward, those of earlier attempts, as in `keptBefore`. */
  readonly standing: readonly { readonly atom: string; readonly because: string }[];
  /** The state to which RESUME leads from SUSPENDED. */
  readonly resumeTo: 'RUNNING' | 'REVERTING';
  readonly cancel: { readonly by: string; readonly reason: string; readonly then: 'revert' | 'hold' } | null;
  /** Parameters that a person edited, by atom. */
  readonly edits: { readonly [atom: string]: JsonObject };
  /** Effects of earlier attempts that still stand. */
  readonly keptBefore: readonly { readonly atom: string; readonly because: string }[];
  /** Signals that no wait has taken yet; `number` is that of the act's entry. */
  readonly signals: readonly Signal[];
  readonly runningSince: number | null;
  /** Time of the present or last claim: the limits of calls that it took over count from here. */
  readonly claimedAt: number;
  /** The code that applied tasks, by task type (R6). */
  readonly codes: readonly AppliedCode[];
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly atoms: readonly AtomSnapshot[];
}
