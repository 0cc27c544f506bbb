// The state of a run as of one entry, as screens need it: a page is first painted from it, and folds on from it.
import type { Failure } from '../../failure.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { AtomState, AttentionReason, JobState, RunState } from '../../states.ts';
import type { ForwardOutcome, RetryAttempt, RollbackScope, UnresolvedOutput } from '../../logbook/entry.ts';
import type { Wait } from '../../wait.ts';
import type { StoredValue } from '../../logbook/stored-value.ts';

/** One atom that has left PENDING at least once. */
export interface AtomSnapshot {
  readonly atom: string;
  readonly state: AtomState;
  readonly attempt: number;
  /** Entry number of the start of the current attempt; 0 before the first. */
  readonly startNumber: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Empty where it is large: then `inputAt` says where it stands. */
  readonly input: JsonObject;
  readonly inputAt: StoredValue | null;
  readonly secrets: { readonly [input: string]: readonly string[] };
  /** Null where it is large: then `outputAt` says where it stands. */
  readonly output: Json | null;
  readonly outputAt: StoredValue | null;
  /** Why apply failed; stays when it is skipped or reverted. */
  readonly failure: Failure | null;
  /** Why the last revert of it failed. */
  readonly revertFailure: Failure | null;
  /** Was apply called in this attempt? Only then can there be something to undo. */
  readonly applied: boolean;
  /** Was it called more than once in this attempt, after a crash or a wait? Then an earlier call may have had an effect. */
  readonly repeated: boolean;
  readonly revertAttempt: number;
  readonly revertingSince: number;
  /** When the call that is under way, or was the last, began; its time limit counts from here. */
  readonly calledAt: number;
  /** Since when its call has been told to stop and has not ended; 0 otherwise. In FAILURE it was given up (TIMEOUT). */
  readonly stopping: number;
  /** The next attempt of a revert, or of a retry, is not before this time; 0 when nothing is waited for. */
  readonly notBefore: number;
  /** Reason, when it stays although a rollback went over it. */
  readonly kept: string | null;
  /** A rollback undid what its input came from, and a person left it standing (B1). */
  readonly orphaned: boolean;
  /** Reason, when a crash left its outcome unknown and a person must say. */
  readonly inDoubt: string | null;
  /** REVERTED by the word of a person, not by its revert. */
  readonly byHand: boolean;
  /** Name of the person who marked it as reverted, kept it, or skipped it; null where no person did. */
  readonly settledBy: string | null;
  /** Reason of a skip or of a revert without a call. */
  readonly note: string | null;
  /** What a WAITING atom waits for. */
  readonly waiting: Wait | null;
  /** Of a retry: its attempts that failed, oldest first (SEMANTICS R1). */
  readonly history: readonly RetryAttempt[];
  /** Of a for-each's list or a loop's first round: iterations made so far. Only in a snapshot. */
  readonly grown?: number;
  /** Of a for-each's list: slots of the present list, where these are not 0, 1, 2…. Only in a snapshot. */
  readonly slots?: readonly number[];
  /** Of a for-each's list: the key of each slot, where the present list alone does not give them. Only in a snapshot. */
  readonly keys?: readonly string[];
}

/** A signal that came from outside. */
export interface Signal {
  readonly number: number;
  readonly name: string;
  readonly data: Json;
}

/** From entry `since` on, that code applied the tasks of a type (`file.write@1`). */
export interface AppliedCode {
  readonly type: string;
  readonly code: string;
  readonly since: number;
}

/** The state of a run. */
export interface RunSnapshot {
  /** Number of the last entry folded in. */
  readonly number: number;
  /** Number of the last entry that is more than a change of the claim: what a rollback plan rests on. */
  readonly basis: number;
  readonly token: number;
  readonly job: JobState;
  readonly attention: AttentionReason | null;
  readonly wakeAt: number | null;
  readonly state: RunState;
  readonly inputs: JsonObject;
  readonly outputs: JsonObject | null;
  /** Where the inputs and outputs of the flow stand if they are over 8 KB: a process that drives runs holds them, a reader does not. */
  readonly inputsAt: StoredValue | null;
  readonly outputsAt: StoredValue | null;
  /** Outputs of the flow that could not be worked out. */
  readonly unresolved: readonly UnresolvedOutput[];
  readonly forward: ForwardOutcome | null;
  /** The rollback that is going on or was the last one. */
  readonly rollback: (RollbackScope & { readonly by: string; readonly from: RunState }) | null;
  readonly left: readonly { readonly atom: string; readonly because: string }[];
  /** Where RESUME leads from SUSPENDED. */
  readonly resumeTo: 'RUNNING' | 'REVERTING';
  readonly cancel: { readonly by: string; readonly reason: string; readonly then: 'revert' | 'hold' } | null;
  /** Parameters that a person edited, by atom. */
  readonly edits: { readonly [atom: string]: JsonObject };
  /** Effects of earlier attempts that stay. */
  readonly keptBefore: readonly { readonly atom: string; readonly because: string }[];
  /** Signals that nothing has waited for yet; `number` is that of the act's entry. */
  readonly signals: readonly Signal[];
  readonly runningSince: number | null;
  /** When the present claim, or the last one, was taken: the limits of calls that it took over count from here. */
  readonly claimedAt: number;
  /** Which code applied what, by task type (SEMANTICS R6). */
  readonly codes: readonly AppliedCode[];
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly atoms: readonly AtomSnapshot[];
}
