// The task type: one kind of work with `apply` and, if its effect can be undone, `revert`.
// The palette entry and the form come from its schemas; its code runs only through a TaskRunner.
import type { z } from 'zod';
import type { EffectsRule } from './effects.ts';
import type { Failure } from '../failure/failure.ts';
import type { Json, JsonObject, JsonSchema } from '../json.ts';
import type { Repeatable } from './repeatable.ts';
import type { UndoNeedsOutput } from './undo-needs-output.ts';
import type { Wait, Waiting, Waits } from './wait.ts';

/** Given to every call of a task beside its input. `World` is the access that the host gives: files, HTTP, commands. */
export interface TaskContext<World = unknown> {
  readonly world: World;
  /** The same key when the same attempt is repeated after a crash (A3). */
  readonly idempotencyKey: string;
  readonly job: string;
  readonly atom: string;
  readonly attempt: number;
  /** Of a resource: the stage to carry out, and the outputs of its earlier stages. */
  readonly stage: string | null;
  readonly prior: JsonObject;
  /** Milliseconds since 1970 when this attempt first began; unchanged when it is repeated. */
  readonly startedAt: number;
  /** Aborted when the attempt must stop: it was cancelled, or the process shuts down. */
  readonly signal: AbortSignal;
  /** Writes one line to the task's log, which is bounded, masked, and apart from the logbook. */
  log(line: string): void;
  /** Reports progress, 0 to 1, with a message; shown live, not recorded (A6). It may be called at any rate. */
  progress(fraction: number, message?: string): void;
  /** Reports that the task is alive when its progress cannot be measured. */
  heartbeat(): void;
  /**
   * Name of a secret of this call that the value contains, in plain form or encoded; null when it contains none. A task that
   * would pass the value to another store, where it would be kept, refuses such a value.
   */
  secretIn(value: Json): string | null;
}

/** The input of a revert: the input of the apply that it undoes, and the output or failure of that apply (R5, R6). */
export interface Undo<Input, Output> {
  readonly input: Input;
  /** Undefined when apply failed or its outcome is unknown: revert then undoes any effect that apply may have had. */
  readonly output: Output | undefined;
  readonly failure: Failure | undefined;
  /** The difference that `check` reported, after a person confirmed undoing it anyway (B6). */
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

/** A task type as its author writes it; `defineTask` checks it and hides the types of input and output. */
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
  /** May apply be repeated after a crash without a check? If not, and without a probe, a person is asked. */
  readonly repeatable: Repeatable;
  /** May revert be repeated after a crash without a check? True by default; `checkTask` proves it. */
  readonly revertRepeatable?: Repeatable;
  apply(input: z.output<I>, context: TaskContext<World>): Promise<z.input<O> | Waiting>;
  /** May answer, as apply may, that it waits for another job; revert is called again when that job has come to rest. */
  revert?(undo: Undo<z.output<I>, z.output<O>>, context: TaskContext<World>): Promise<void> | Promise<Waiting | undefined>;
  probe?(input: z.output<I>, context: TaskContext<World>): Promise<ProbeAnswer<z.input<O>>>;
  /** After a crash during a revert: is the effect undone? It must not change anything. */
  probeRevert?(undo: Undo<z.output<I>, z.output<O>>, context: TaskContext<World>): Promise<RevertProbeAnswer>;
  /** Before a rollback: is the effect still as apply left it? The answer describes the difference, or is null (B6). */
  check?(undo: Undo<z.output<I>, z.output<O>>, context: TaskContext<World>): Promise<string | null>;
  /** May a person edit the saved output, with a reason, before a rollback? The revert then uses the edited output. */
  readonly mayEditOutput?: boolean;
  /** When revert can undo the effect only with the output of apply, which a failed attempt does not have. */
  readonly undoNeedsOutput?: UndoNeedsOutput;
  /**
   * Before publishing and launching: what keeps a task with these constant inputs from working in this world now, in one or
   * two sentences; null when nothing is known to. Other inputs are absent, and a constant need not fit. It must not change
   * anything.
   */
  hindrance?(constants: JsonObject, world: World): Promise<string | null>;
  /** For a task that waits: apply is never called, and the answer of the wait is its output. Pure. */
  waits?(input: z.output<I>, now: number, wallTime?: number): Wait;
}

/** A task type as the engine and the catalog store it. */
export interface TaskType<World = unknown> {
  readonly type: string;
  readonly version: number;
  readonly title: string;
  readonly summary: string;
  readonly icon: string;
  readonly group: string;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  /** Default values of inputs, by name. */
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
  readonly undoNeedsOutput?: UndoNeedsOutput;
  readonly hindrance?: (constants: JsonObject, world: World) => Promise<string | null>;
  readonly waits: Waits | undefined;
  /** Identifies the code of the type; changed code has another identity (R6). Undefined when changes are not tracked. */
  readonly code?: string;
  /** Of a resource: its stages in order, and whether one destroy undoes all of them (Z1). */
  readonly stages: readonly string[] | undefined;
  readonly destroys: boolean;
  /** Of a resource: the name that people give it, from what is held so far. */
  readonly label: ((held: JsonObject, input: JsonObject) => string) | undefined;
}

/** A task type without its code: what the API sends, the palette shows and validation uses. */
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
  readonly undoNeedsOutput?: UndoNeedsOutput;
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

/** Looks up the descriptor of a task type for validation. */
export type DescriptorLookup = (type: string, version: number) => TaskDescriptor | undefined;
