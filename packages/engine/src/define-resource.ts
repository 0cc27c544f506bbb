// A resource: something that is taken in stages and given back in stages (SEMANTICS Z1). Each stage is an atom of its
// own with entries of its own; to the drawing it is one task.
import type { z } from 'zod';
import type { EffectsRule } from './effects.ts';
import { EngineError } from './errors.ts';
import { type Failure, TaskError } from './failure.ts';
import type { JsonObject } from './json.ts';
import { demandJson, parseJson } from './parse-json.ts';
import { defineTask, mayBeReversible } from './define-task.ts';
import type { Repeatable } from './repeatable.ts';
import type { ProbeAnswer, RevertProbeAnswer, TaskContext, TaskType, Undo } from './task.ts';

/** The stages of a resource, in their order, and what undoes each. */
export const RESOURCE_STAGES = [
  { stage: 'reserve', undo: 'unreserve' },
  { stage: 'configure', undo: 'unconfigure' },
  { stage: 'acquire', undo: 'release' },
] as const;
export type ResourceStage = (typeof RESOURCE_STAGES)[number]['stage'];

/** What the undoing of a stage is given. */
export interface StageUndo<Input, Output> {
  readonly input: Input;
  /** What the stages have given so far; nothing of a stage that failed or whose outcome was never known. */
  readonly held: Partial<Output>;
  readonly failure: Failure | undefined;
}

type Stage<Input, Output, World> = (input: Input, held: Partial<Output>, context: TaskContext<World>) => Promise<Partial<Output>>;
type Undoing<Input, Output, World> = (undo: StageUndo<Input, Output>, context: TaskContext<World>) => Promise<void>;

/** How the author writes a resource. Stages that there are not are left out; at least one there must be. */
export interface ResourceSpec<I extends z.ZodObject, O extends z.ZodObject, World> {
  readonly type: string;
  readonly version: number;
  readonly title: string;
  readonly summary: string;
  readonly icon: string;
  readonly group: string;
  readonly input: I;
  /** Of all stages together: each gives a part, and with the last one it must be whole. */
  readonly output: O;
  /** What undoing does, in a few words, or why it cannot be undone. */
  readonly effects: EffectsRule;
  readonly repeatable: boolean;
  /** May what gives a stage back, or destroy, be repeated blindly after a crash? Yes, unless said otherwise. */
  readonly revertRepeatable?: Repeatable;
  /** What people call it, in the ledger, by what is held so far. */
  label?(held: Partial<z.output<O>>, input: z.output<I>): string;
  reserve?: Stage<z.output<I>, z.output<O>, World>;
  configure?: Stage<z.output<I>, z.output<O>, World>;
  acquire?: Stage<z.output<I>, z.output<O>, World>;
  release?: Undoing<z.output<I>, z.output<O>, World>;
  unconfigure?: Undoing<z.output<I>, z.output<O>, World>;
  unreserve?: Undoing<z.output<I>, z.output<O>, World>;
  /** Undoes all that has been taken, at once, instead of stage by stage. */
  destroy?: Undoing<z.output<I>, z.output<O>, World>;
  /** After a crash: did the stage `context.stage` take effect, and what did it give? (A4) */
  probe?(input: z.output<I>, context: TaskContext<World>): Promise<ProbeAnswer<Partial<z.output<O>>>>;
  /** After a crash while `context.stage` was given back: is it given back? (A4) */
  probeRevert?(undo: StageUndo<z.output<I>, z.output<O>>, context: TaskContext<World>): Promise<RevertProbeAnswer>;
  /** Before a rollback: does the whole still look as it was left? (B6) */
  check?(undo: StageUndo<z.output<I>, z.output<O>>, context: TaskContext<World>): Promise<string | null>;
}

/**
 * Makes the task type of a resource. Throws DEFINITION_INVALID when it has no stage, or says that it can be undone and
 * has neither a destroy nor what undoes each of its stages.
 */
export function defineResource<I extends z.ZodObject, O extends z.ZodObject, World = unknown>(
  spec: ResourceSpec<I, O, World>,
): TaskType<World> {
  const { type, version, title, summary, icon, group, input, effects, repeatable, probe, probeRevert, check } = spec;
  const there = RESOURCE_STAGES.filter(({ stage }) => spec[stage] !== undefined);
  const stages = there.map(({ stage }) => stage);
  const last = stages.at(-1);
  if (last === undefined) throw invalid(spec.type, 'has no stage; give it reserve, configure or acquire');
  const isReversible = mayBeReversible(effects);
  const lacking = isReversible && spec.destroy === undefined ? there.find(({ undo }) => spec[undo] === undefined) : undefined;
  if (lacking !== undefined) throw invalid(spec.type, `has ${lacking.stage} and no ${lacking.undo}; give it that, or one destroy`);
  const parts = spec.output.partial();
  const heldOf = (context: TaskContext<World>) => demandJson(parts, context.prior) as Partial<z.output<O>>;
  const stageOf = ({ stage }: TaskContext<World>) => there.find((one) => one.stage === stage) ?? there[0];
  const task = defineTask<I, z.ZodObject, World>({
    ...{ type, version, title, summary, icon, group, input, output: parts, effects, repeatable },
    revertRepeatable: spec.revertRepeatable ?? true,
    async apply(given, context) {
      const held = heldOf(context);
      const stage = stageOf(context)?.stage ?? last;
      const part = (await spec[stage]?.call(spec, given, held, context)) ?? {};
      // What a stage gives is looked at here: only with the last one is the whole there.
      const checked = stage === last ? parseJson(spec.output, { ...held, ...part }) : parseJson(parts, part);
      if (checked.success) return pick(checked.data as JsonObject, part);
      const [issue] = checked.error.issues;
      throw new TaskError('OUTPUT_INVALID', `What ${stage} gave does not fit at "${issue?.path.join('.')}": ${issue?.message}.`);
    },
    ...(isReversible
      ? {
          async revert({ input: given, failure }: Undo<z.output<I>, JsonObject>, context: TaskContext<World>) {
            const undoing = spec.destroy ?? spec[stageOf(context)?.undo ?? 'unreserve'];
            await undoing?.call(spec, { input: given, held: heldOf(context), failure }, context);
          },
        }
      : {}),
    ...(probe === undefined ? {} : { probe: (given, context) => probe.call(spec, given, context) as Promise<ProbeAnswer<JsonObject>> }),
    ...(probeRevert === undefined
      ? {}
      : {
          probeRevert: ({ input: given, failure }, context) =>
            probeRevert.call(spec, { input: given, held: heldOf(context), failure }, context),
        }),
    ...(check === undefined
      ? {}
      : {
          check: async ({ input: given, failure }, context) =>
            context.stage === last ? check.call(spec, { input: given, held: heldOf(context), failure }, context) : null,
        }),
  });
  return {
    ...task,
    output: spec.output,
    stages,
    destroys: spec.destroy !== undefined,
    label: (held, input) => spec.label?.(held as Partial<z.output<O>>, input as z.output<I>) ?? '',
  };
}

/** Of the whole, what this stage gave. */
function pick(whole: JsonObject, given: object): JsonObject {
  return Object.fromEntries(Object.entries(whole).filter(([name]) => Object.hasOwn(given, name)));
}

function invalid(type: string, why: string): EngineError {
  return new EngineError('DEFINITION_INVALID', `Resource ${type} ${why}.`);
}
