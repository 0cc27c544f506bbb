// The shape of a rollback plan: a pure function of the logbook (B2). `planRollback` makes it.
import type { Json, JsonObject } from '../../json.ts';
import type { StoredValue } from '../../logbook/stored-value.ts';
import type { RollbackChoice } from './rollback-choice.ts';

/** One atom in a plan. */
export interface PlannedUndo {
  readonly atom: string;
  readonly attempt: number;
  /** `revert`: revert is called. `nothing`: there is nothing to undo. `keep`: the effect is kept. `because` says why. */
  readonly action: 'revert' | 'nothing' | 'keep';
  readonly because: string;
  /** The input of revert: the saved output, and the input of the apply that it undoes. */
  readonly output: Json | null;
  readonly input: JsonObject;
  /** Where they stand if they are over 8 KB; then `output` is null and `input` empty. Left out otherwise. */
  readonly outputAt?: StoredValue;
  readonly inputAt?: StoredValue;
  /** The type has a check of its effect (B6). The check is called apart, because a plan only reads the logbook. */
  readonly checked: boolean;
  /** A person may edit the saved output before confirming. */
  readonly editable: boolean;
  /** The atom is in the plan only because it depends on a chosen atom. */
  readonly dependant: boolean;
  /** Of a dependant: the nearest chosen atoms that it depends on, at most ten. Absent where it is undone only together with others. */
  readonly dependsOn?: readonly string[];
  /** An earlier rollback called its revert, which failed. */
  readonly tried?: true;
  /** Its conductor was lost while it was applied, so the outcome is not known. A probe is asked; without one its revert undoes it, or a person says how it ended (A4). */
  readonly uncertain?: true;
}

/** An effect that is no longer as apply left it, in the words of its task type. */
export interface Drift {
  readonly atom: string;
  readonly difference: string;
}

/** An atom that ran and is kept. */
export interface Standing {
  readonly atom: string;
  readonly because: string;
  /** A person left it out, or left out an atom that can only be undone together with it. */
  readonly leftOut?: true;
  /** An atom that its input came from is undone, so its input is orphaned (B1). */
  readonly orphaned?: true;
}

/** A task type whose code was changed without a new version, and the tasks of the plan that the former code applied. */
export interface ChangedCode {
  readonly type: string;
  readonly version: number;
  readonly atoms: readonly string[];
}

/** The atoms to undo, in waves: the reverts of one wave may run together, after the wave before it. */
export interface RollbackPlan {
  readonly choice: RollbackChoice;
  /** Number of the last entry that the plan depends on. */
  readonly basis: number;
  readonly waves: readonly (readonly PlannedUndo[])[];
  /** Controls that are undone with them, without a call. */
  readonly controls: readonly string[];
  /** Atoms that ran and are kept, outside the plan. */
  readonly standing: readonly Standing[];
  /** Task types whose tasks would be reverted by other code than applied them (R6); not part of the hash. */
  readonly changedCode: readonly ChangedCode[];
  /** Numbers for the button: *Revert 4 tasks*. */
  readonly reverts: number;
  readonly kept: number;
  /** Why the plan cannot be carried out now and what to do first; null when it can. */
  readonly blocked: string | null;
  /** Sent back to confirm the plan; it changes whenever an entry is added. */
  readonly hash: string;
}
