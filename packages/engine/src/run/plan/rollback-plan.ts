// The shape of a rollback plan: a pure function of the logbook (SEMANTICS B2). `planRollback` makes it.
import type { Json, JsonObject } from '../../json.ts';
import type { RollbackChoice } from './rollback-choice.ts';

/** One atom in a plan. */
export interface PlannedUndo {
  readonly atom: string;
  readonly attempt: number;
  /** `revert`: revert is called. `nothing`: it has no effect. `keep`: it stays, `because`. */
  readonly action: 'revert' | 'nothing' | 'keep';
  readonly because: string;
  /** What revert will get: the saved output, and the input of that apply. */
  readonly output: Json | null;
  readonly input: JsonObject;
  /** Its type can tell whether what apply left still looks so (B6); that is asked apart, as the plan only reads the logbook. */
  readonly checked: boolean;
  /** Its type lets a person mend the saved output before it is confirmed. */
  readonly editable: boolean;
  /** True when it is in the plan only because it depends on what was chosen. */
  readonly dependant: boolean;
  /** Its revert was begun by an earlier rollback, failed, and was to be tried again. */
  readonly tried?: true;
}

/** Something that no longer looks as apply left it, in the words of its task type. */
export interface Drift {
  readonly atom: string;
  readonly difference: string;
}

/** An atom that ran and stays as it is. */
export interface Standing {
  readonly atom: string;
  readonly because: string;
  /** A person left it out, or what is undone only together with it. */
  readonly leftOut?: true;
  /** What its input came from is undone: the input is orphaned (B1). */
  readonly orphaned?: true;
}

/** A task type whose code was changed without a new version, and the tasks of the plan that the former code applied. */
export interface ChangedCode {
  readonly type: string;
  readonly version: number;
  readonly atoms: readonly string[];
}

/** What will be undone, in waves: all of one wave may run together, after the wave before it. */
export interface RollbackPlan {
  readonly choice: RollbackChoice;
  /** Number of the last entry that the plan rests on. */
  readonly basis: number;
  readonly waves: readonly (readonly PlannedUndo[])[];
  /** Controls that are taken back along with them, without a call. */
  readonly controls: readonly string[];
  /** Atoms that ran and stay as they are, outside the plan. */
  readonly standing: readonly Standing[];
  /** Task types whose tasks would be reverted by other code than applied them (SEMANTICS R6). The hash does not depend on it. */
  readonly changedCode: readonly ChangedCode[];
  /** Counts for the button: *Revert 4 tasks*. */
  readonly reverts: number;
  readonly kept: number;
  /** Set when the plan cannot be carried out now, with what to do first. */
  readonly blocked: string | null;
  /** Confirming sends it back; it changes whenever the logbook moves. */
  readonly hash: string;
}
