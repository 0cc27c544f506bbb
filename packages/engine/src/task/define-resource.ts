// A resource is taken in stages and given back in stages (Z1). Each stage is an atom of its own with its own
// entries; in the designer the resource is one task.
import type { z } from 'zod';
import type { EffectsRule } from './effects.ts';
import { EngineError } from '../errors.ts';
import { type Failure, TaskError } from '../failure/failure.ts';
import type { JsonObject } from '../json.ts';
import { demandJson, parseJson } from '../parse-json.ts';
import { defineTask, mayBeReversible } from './define-task.ts';
import type { Repeatable } from './repeatable.ts';
import type { ProbeAnswer, RevertProbeAnswer, TaskContext, TaskType, Undo } from './task.ts';

/** The stages of a resource in order, each with the stage that undoes it. */
export const RESOURCE_STAGES = [
  { stage: 'reserve', undo: 'unreserve' },
  { stage: 'configure', undo: 'unconfigure' },
  { stage: 'acquire', undo: 'release' },
] as const;
/** @public A stage that does something; each is undone by the stage beside it. */
export type ResourceStage = (typeof RESOURCE_STAGES)[number]['stage'];

/** The input of undoing a stage. */
export interface StageUndo<Input, Output> {
  readonly input: Input;
  /** The outputs of the stages so far, without a stage that failed or whose outcome is unknown. */
  readonly held: Partial<Output>;
  readonly failure: Failure | undefined;
}

type Stage<Input, Output, World> = (input: Input, held: Partial<Output>, context: TaskContext<World>) => Promise<Partial<Output>>;
type Undoing<Input, Output, World> = (undo: StageUndo<Input, Output>, context: TaskContext<World>) => Promise<void>;

/** A resource as its author writes it. Every stage is optional, but at least one is required. */
export interface ResourceSpec<I extends z.ZodObject, O extends z.ZodObject, World> {
  readonly type: string;
  readonly version: number;
  readonly title: string;
  readonly summary: string;
  readonly icon: string;
  readonly group: string;
  readonly input: I;
  /** The output of all stages together: each stage gives a part, and after the last stage it must be complete. */
  readonly output: O;
  /** The effect of undoing in a few words, or the reason why the resource cannot be undone. */
  readonly effects: EffectsRule;
  readonly repeatable: boolean;
  /** May giving back a stage, or destroy, be repeated after a crash without a check? True by default. */
  readonly revertRepeatable?: Repeatable;
  /** The name that people give the resource in the ledger, from what is held so far. */
  label?(held: Partial<z.output<O>>, input: z.output<I>): string;
  reserve?: Stage<z.output<I>, z.output<O>, World>;
  configure?: Stage<z.output<I>, z.output<O>, World>;
  acquire?: Stage<z.output<I>, z.output<O>, World>;
  release?: Undoing<z.output<I>, z.output<O>, World>;
  unconfigure?: Undoing<z.output<I>, z.output<O>, World>;
  unreserve?: Undoing<z.output<I>, z.output<O>, World>;
  /** Undoes all stages at once, instead of one by one. */
  destroy?: Undoing<z.output<I>, z.output<O>, World>;
  /** After a crash: did the stage `context.stage` take effect, and with which output? (A4) */
  probe?(input: z.output<I>, context: TaskContext<World>): Promise<ProbeAnswer<Partial<z.output<O>>>>;
  /** After a crash while `context.stage` was being given back: is it given back? (A4) */
  probeRevert?(undo: StageUndo<z.output<I>, z.output<O>>, context: TaskContext<World>): Promise<RevertProbeAnswer>;
  /** Before a rollback: is the whole resource still as apply left it? (B6) */
  check?(undo: StageUndo<z.output<I>, z.output<O>>, context: TaskContext<World>): Promise<string | null>;
}

/**
 * Makes the task type of a resource. Throws DEFINITION_INVALID when it has no stage, or when it says that it can be undone and
 * has neither a destroy nor an undo of each of its stages.
 */
export function defineResource<I extends z.ZodObject, O extends z.ZodObject, World = unknown>(
  spec: ResourceSpec<I, O, World>,
): TaskType<World> {
  const { type, version, title, summary, icon, group, input, effects, repeatable, probe, probeRevert, check } = spec;
  const there = RESOURCE_STAGES.filter(({ stage }) => spec[stage] !== undefined);
  const stages = there.map(({ stage }) => stage);
  const last = stages.at(-1);
  if (last === undefined) throw invalid(spec.type, 'has no stage. Give it reserve, configure or acquire');
  const isReversible = mayBeReversible(effects);
  const lacking = isReversible && spec.destroy === undefined ? there.find(({ undo }) => spec[undo] === undefined) : undefined;
  if (lacking !== undefined)
    throw invalid(spec.type, `has ${lacking.stage} and no ${lacking.undo}. Give it ${lacking.undo}, or one destroy`);
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
      // The output of a stage is checked here, because only after the last stage is the output complete.
      const checked = stage === last ? parseJson(spec.output, { ...held, ...part }) : parseJson(parts, part);
      if (checked.success) return pick(checked.data as JsonObject, part);
      const [issue] = checked.error.issues;
      throw new TaskError('OUTPUT_INVALID', `The output of ${stage} is not valid at "${issue?.path.join('.')}": ${issue?.message}.`);
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

/** The part of the whole output that this stage gave. */
function pick(whole: JsonObject, given: object): JsonObject {
  return Object.fromEntries(Object.entries(whole).filter(([name]) => Object.hasOwn(given, name)));
}

function invalid(type: string, why: string): EngineError {
  return new EngineError('DEFINITION_INVALID', `Resource ${type} ${why}.`);
}
