// The entries of a logbook (L1). An entry is written once and never changed. The state of a run is
// the fold of its entries (run/state/fold/fold.ts), so entries hold everything that a fold needs.
import type { StoredValue } from './stored-value.ts';
import type { Actor } from '../actor.ts';
import type { Failure } from '../failure/failure.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Wait } from '../task/wait.ts';
import type { StoredField } from './stored-value.ts';
import type { AtomState, AttentionReason, JobState, RunState } from '../states.ts';

interface EntryBase {
  /** 1, 2, 3… without a gap per job. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly actor: Actor;
  /** The fencing token of the claim under which the entry was written; 0 for posting, which has no claim. */
  readonly token: number;
}

/** The job on the board: posted, claimed, set waiting, completed. */
export interface JobEntry extends EntryBase {
  readonly kind: 'JOB';
  readonly from: JobState | null;
  readonly to: JobState;
  readonly data?: JobEntryData;
}
export interface JobEntryData {
  /** On posting. */
  readonly flow?: { readonly id: string; readonly version: number; readonly name: string };
  readonly inputs?: JsonObject;
  /** On leaving a claim. */
  readonly attention?: AttentionReason;
  /** On claiming: the conductor; on abandoning: the reason. */
  readonly note?: string;
  /** On posting: the only item to run with the items it needs (P10); the job that launched it (P9). */
  readonly target?: string;
  readonly parent?: { readonly job: string; readonly atom: string };
  /** To WAITING: the time at which the job is due. */
  readonly until?: number;
  readonly stored?: StoredSizes;
}

/** The run changes state. */
export interface RunEntry extends EntryBase {
  readonly kind: 'RUN';
  readonly from: RunState;
  readonly to: RunState;
  readonly data?: RunEntryData;
}
export interface RunEntryData {
  /** To SUCCESS: the flow's outputs. */
  readonly outputs?: JsonObject;
  /** To SUCCESS: outputs that could not be evaluated; absent when there are none. */
  readonly unresolved?: readonly UnresolvedOutput[];
  /** The forward outcome: why the run failed or was cancelled. */
  readonly forward?: ForwardOutcome;
  /** To REVERTING: the atoms to undo, and the atoms to keep. */
  readonly rollback?: RollbackScope;
  /** From a rolled back state to RUNNING, or after an undone failure: atoms that get a new attempt. */
  readonly again?: readonly string[];
  /** At the end of a rollback: the effects that stand; `standing` in a run. */
  readonly left?: readonly { readonly atom: string; readonly because: string }[];
  readonly stored?: StoredSizes;
}

/** An output of the flow that could not be evaluated, and why. */
export interface UnresolvedOutput {
  readonly output: string;
  readonly reason: string;
}

/** The forward outcome of a run; kept beside the rollback outcome (T2). */
export type ForwardOutcome =
  | {
      readonly kind: 'succeeded';
      /** Failures that links on failure caught on the way, the first hundred in definition order. */
      readonly caught?: readonly CaughtFailure[];
    }
  | { readonly kind: 'failed'; readonly atom: string; readonly failure: Failure }
  | { readonly kind: 'overdue' }
  | { readonly kind: 'cancelled'; readonly by: string; readonly reason: string };

/** A caught failure (P11): the address of the caught item, and the atom that failed in it. */
export interface CaughtFailure {
  readonly item: string;
  readonly atom: string;
  readonly code: string;
  readonly message: string;
}

/** The range of a rollback. */
export interface RollbackScope {
  /** `all`: every atom that ran or is still running; else these atoms. */
  readonly atoms: 'all' | readonly string[];
  /** Dependants that a person left out, each with the reason (B1). */
  readonly leftOut?: readonly {
    readonly atom: string;
    readonly reason: string;
    /** The rollback undoes the source of its input. */
    readonly orphaned?: true;
  }[];
  /** `apply`: go forward again as soon as these are undone (retry of a held failure). */
  readonly then: 'stop' | 'apply';
  /** Set when a person confirmed a plan; the reason, if one was given. */
  readonly plan?: string;
  readonly reason?: string;
  /** The job and the idempotency key of the task that confirmed it; absent for a person, and in older entries. */
  readonly confirmedBy?: { readonly job: string; readonly key: string };
  /** The drift that the person confirmed (B6); each revert gets that of its own atom. */
  readonly drift?: readonly { readonly atom: string; readonly difference: string }[];
}

/** An atom changes state. */
export interface AtomEntry extends EntryBase {
  readonly kind: 'ATOM';
  readonly atom: string;
  /** 1 for the first apply; later forward passes go on counting. */
  readonly attempt: number;
  readonly from: AtomState;
  readonly to: AtomState;
  readonly data?: AtomEntryData;
}
export interface AtomEntryData {
  /** To RUNNING: the inputs of this attempt, with placeholders for secrets. */
  readonly input?: JsonObject;
  /** To RUNNING: the code of the task type, once per job and type, and again when the code changes (R6). */
  readonly code?: string;
  /** To RUNNING: names of secrets by input. */
  readonly secrets?: { readonly [input: string]: readonly string[] };
  /** To SUCCESS, or to IGNORE by a skip. */
  readonly output?: Json;
  readonly stored?: StoredSizes;
  /** To SUCCESS of a retry: the fold reads the output, so an entry on the wire keeps it whole. Absent in older entries. */
  readonly control?: true;
  /** To FAILURE, to REVERT_FAILURE, and to REVERTING when a revert is tried again. */
  readonly failure?: Failure;
  /** To REVERTING: number of the revert attempt, from 1. */
  readonly revertAttempt?: number;
  /** To REVERTING: earliest time of the attempt. */
  readonly notBefore?: number;
  /** To REVERTED without a call or by hand, and to IGNORE: the reason. With `byHand`, see by-hand.ts for older entries. */
  readonly reason?: string;
  /** The same attempt is called again after a lost conductor. */
  readonly repeated?: true;
  /** To REVERTED: a person undid the task, or says that it is undone. */
  readonly byHand?: true;
  /** The call was told to stop and has not ended yet; ENDED says when it has. */
  readonly ending?: true;
  /** To SUCCESS, or to FAILURE where the data do not fit: number of the signal that ended the wait (A7). */
  readonly signal?: number;
  /** To WAITING: the wait. */
  readonly waiting?: Wait;
  /** On the end of an attempt: number of lines that the task has logged (L5). */
  readonly log?: number;
  /** To RETRYING: atoms that go back to PENDING, in order. */
  readonly again?: readonly string[];
  /** For the list of a for-each: the slot of each element, if they are not 0, 1, 2… (P6). */
  readonly slots?: readonly number[];
  /** For the list of a for-each: the key of each element, if the for-each has a key expression. */
  readonly keys?: readonly string[];
}

/** Number of characters of an entry's values over 8 KB that were left out for a reader. Never in a logbook. */
export type StoredSizes = { readonly [Field in StoredField]?: number };

/** One failed attempt of a retry's container. */
export interface RetryAttempt {
  readonly value: Json;
  /** Where a value over 8 KB stands; a reader has its small part only. */
  readonly valueAt?: StoredValue;
  /** Number of the retry's own attempt, and its decision about it. */
  readonly attempt: number;
  readonly decision: RetryDecision;
  readonly startedAt: number;
  readonly failures: readonly { readonly atom: string; readonly code: string; readonly message: string }[];
  /** Value of the next attempt, if an expression gave one. */
  readonly next?: Json;
}

/** The decision of a retry (R1). */
export type RetryDecision = 'RETRY' | 'REVERT' | 'REVERT_ALL';

/** A mark on an atom without a change of state. */
export interface MarkEntry extends EntryBase {
  readonly kind: 'MARK';
  readonly atom: string;
  readonly attempt: number;
  /**
   * ASKED: a retry has decided about a failure; on a catch: none of its links took the failure. STOPPING:
   * the call was told to stop. ENDED: a call that was told to stop, or has passed its time limit, has ended. CAUGHT: a link on failure
   * was taken, and its source is undone before the target begins (P11).
   */
  readonly mark: 'KEPT' | 'IN_DOUBT' | 'DOUBT_SETTLED' | 'OUTPUT_EDITED' | 'ASKED' | 'STOPPING' | 'ENDED' | 'CAUGHT';
  readonly data?: {
    readonly reason?: string;
    readonly output?: Json;
    readonly before?: Json;
    /** For OUTPUT_EDITED: the entry with the output before the edit, if that is over 8 KB. */
    readonly beforeEntry?: number;
    readonly stored?: StoredSizes;
    readonly decision?: RetryDecision;
    /** The atom that failed. */
    readonly atom?: string;
    /** For IN_DOUBT: the call is still under way in this process, and may still end. */
    readonly live?: true;
    /** For ENDED: the answer of the call; absent when it ended with its process, or may be made again. */
    readonly outcome?: 'done' | 'failed';
    /** Value of the next attempt, if an expression gave one. */
    readonly value?: Json;
    /** For CAUGHT: the link that was taken, and the id of its target. */
    readonly link?: string;
    readonly to?: string;
  };
}

/** An act of a person, with its reason and the state before it (L2). */
export interface ActEntry extends EntryBase {
  readonly kind: 'ACT';
  readonly act: ActKind;
  readonly reason: string;
  readonly atom?: string;
  readonly data?: JsonObject;
}

export const ACT_KINDS = [
  'SUSPEND',
  'RESUME',
  'CANCEL',
  'ROLL_BACK',
  'APPLY_AGAIN',
  'RETRY_FAILED',
  'SKIP_FAILED',
  'RETRY_REVERT',
  'MARK_REVERTED',
  'KEEP',
  'SETTLE_DOUBT',
  'ANSWER_APPROVAL',
  'SIGNAL',
  'TRY_AGAIN',
] as const;
export type ActKind = (typeof ACT_KINDS)[number];

/** One entry of a logbook. */
export type Entry = JobEntry | RunEntry | AtomEntry | MarkEntry | ActEntry;

/** An entry before it has a number, time and actor. */
export type EntryDraft = Entry extends infer E ? (E extends Entry ? Omit<E, 'number' | 'time' | 'actor' | 'token'> : never) : never;
