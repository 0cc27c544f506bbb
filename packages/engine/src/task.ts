// The task type: one kind of work with `apply` and, where its effect can be undone, `revert`.
// Its schemas alone give the palette entry and the form; its code runs only through a TaskRunner.
import type { z } from 'zod';
import type { EffectsRule } from './effects.ts';
import type { Failure } from './failure.ts';
import type { Json, JsonObject, JsonSchema } from './json.ts';
import type { Repeatable } from './repeatable.ts';
import type { Wait, Waiting, Waits } from './wait.ts';

/** What every call of a task gets beside its input. `World` is what the host lends: files, HTTP, commands. */
export interface TaskContext<World = unknown> {
  readonly world: World;
  /** The same when the same attempt is repeated after a crash (SEMANTICS A3). */
  readonly idempotencyKey: string;
  readonly job: string;
  readonly atom: string;
  readonly attempt: number;
  /** Of a resource: the stage that is called, and what its stages have given so far. */
  readonly stage: string | null;
  readonly prior: JsonObject;
  /** Milliseconds since 1970 when this attempt was first started; unchanged when it is repeated. */
  readonly startedAt: number;
  /** Fires when the attempt is to stop: cancelled, or the process is going down. */
  readonly signal: AbortSignal;
  /** One line for the task's log; kept apart from the logbook, bounded, secrets masked. */
  log(line: string): void;
  /** How far it is, 0 to 1, and with what; shown live, not recorded (A6). As often as is convenient. */
  progress(fraction: number, message?: string): void;
  /** A sign of life where there is nothing to count. */
  heartbeat(): void;
  /**
   * Name of a secret of this call that stands in the value, in plain text or encoded; null when none does. For a task that
   * hands a value to another store, where it would be kept: it refuses instead.
   */
  secretIn(value: Json): string | null;
}

/** What a revert is given: the input of the apply that it undoes, and its output or its failure (R5, R6). */
export interface Undo<Input, Output> {
  readonly input: Input;
  /** Absent when apply failed or its outcome was never known: then undo whatever may have been done. */
  readonly output: Output | undefined;
  readonly failure: Failure | undefined;
  /** What `check` said to have changed, where a person has confirmed that it is undone all the same (B6). */
  readonly drift?: string;
}

/** The answer of a probe after a crash: did the attempt take effect? (A4) */
export type ProbeAnswer<Output> =
  | { readonly happened: 'yes'; readonly output: Output }
  | { readonly happened: 'no' }
  | { readonly happened: 'unknown'; readonly because: string };

/** The answer of a probe after a crash in a revert: is the effect undone? (A4) */
export type RevertProbeAnswer =
  | { readonly undone: 'yes' }
  | { readonly undone: 'no' }
  | { readonly undone: 'unknown'; readonly because: string };

/** How the author writes a task type; `defineTask` checks it and hides the types of input and output. */
export interface TaskSpec<I extends z.ZodObject, O extends z.ZodObject, World> {
  /** Dotted name such as `file.write`; never reused for something else. */
  readonly type: string;
  readonly version: number;
  readonly title: string;
  /** One sentence for the palette. */
  readonly summary: string;
  /** Name of a lucide icon. */
  readonly icon: string;
  /** Palette group, such as `Files`. */
  readonly group: string;
  readonly input: I;
  readonly output: O;
  readonly effects: EffectsRule;
  /** May apply be repeated blindly after a crash? Without it, and without a probe, a person is asked. */
  readonly repeatable: Repeatable;
  /** May revert be repeated blindly after a crash? Yes, unless said otherwise; `checkTask` proves it. */
  readonly revertRepeatable?: Repeatable;
  apply(input: z.output<I>, context: TaskContext<World>): Promise<z.input<O> | Waiting>;
  /** May answer that it waits for another job, as apply may: the revert is called again when that has come to rest. */
  revert?(undo: Undo<z.output<I>, z.output<O>>, context: TaskContext<World>): Promise<void> | Promise<Waiting | undefined>;
  probe?(input: z.output<I>, context: TaskContext<World>): Promise<ProbeAnswer<z.input<O>>>;
  /** After a crash in a revert: is the effect undone? It only looks. */
  probeRevert?(undo: Undo<z.output<I>, z.output<O>>, context: TaskContext<World>): Promise<RevertProbeAnswer>;
  /** Before a rollback: does what apply left still look so? An answer says what is different (SEMANTICS B6). */
  check?(undo: Undo<z.output<I>, z.output<O>>, context: TaskContext<World>): Promise<string | null>;
  /** A person may mend the saved output before a rollback by hand, with a reason: the revert works from what it says. */
  readonly mayEditOutput?: boolean;
  /** A task that waits: apply is never called, the answer of the wait is its output. Pure. */
  waits?(input: z.output<I>, now: number): Wait;
}

/** A task type as the engine and the catalog hold it. */
export interface TaskType<World = unknown> {
  readonly type: string;
  readonly version: number;
  readonly title: string;
  readonly summary: string;
  readonly icon: string;
  readonly group: string;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  /** Defaults of inputs, by name. */
  readonly defaults: JsonObject;
  readonly effects: EffectsRule;
  readonly repeatable: Repeatable;
  readonly revertRepeatable: Repeatable;
  readonly apply: (input: JsonObject, context: TaskContext<World>) => Promise<unknown>;
  readonly revert: ((undo: Undo<JsonObject, JsonObject>, context: TaskContext<World>) => Promise<unknown>) | undefined;
  readonly probe: ((input: JsonObject, context: TaskContext<World>) => Promise<ProbeAnswer<unknown>>) | undefined;
  readonly probeRevert: ((undo: Undo<JsonObject, JsonObject>, context: TaskContext<World>) => Promise<RevertProbeAnswer>) | undefined;
  readonly check: ((undo: Undo<JsonObject, JsonObject>, context: TaskContext<World>) => Promise<string | null>) | undefined;
  readonly mayEditOutput: boolean;
  readonly waits: Waits | undefined;
  /** Names the code of the type: other code has another name (SEMANTICS R6). Absent where nothing keeps watch over it. */
  readonly code?: string;
  /** Of a resource: its stages in order; and whether one destroy undoes them all (SEMANTICS Z1). */
  readonly stages: readonly string[] | undefined;
  readonly destroys: boolean;
  /** Of a resource: what people call it, by what is held so far. */
  readonly label: ((held: JsonObject, input: JsonObject) => string) | undefined;
}

/** A task type without its code: what the API sends, the palette shows and validation reads. */
export interface TaskDescriptor {
  readonly type: string;
  readonly version: number;
  readonly title: string;
  readonly summary: string;
  readonly icon: string;
  readonly group: string;
  readonly input: JsonSchema;
  readonly output: JsonSchema;
  readonly effects: EffectsRule;
  readonly hasRevert: boolean;
  readonly hasCheck?: boolean;
  readonly mayEditOutput?: boolean;
  readonly stages?: readonly string[];
  readonly destroys?: boolean;
}

/** The task types that a server knows. */
export interface TaskCatalog<World = unknown> {
  /** The type at that version, or undefined when this server does not have it. */
  find(type: string, version: number): TaskType<World> | undefined;
  /** The newest version of every type, in palette order. */
  list(): readonly TaskType<World>[];
}

/** How validation learns what a task type is. */
export type DescriptorLookup = (type: string, version: number) => TaskDescriptor | undefined;
