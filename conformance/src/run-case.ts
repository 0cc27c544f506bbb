// One case: by its stance either what was recorded, or what the rules of the reference give, in serial order and with
// answers shuffled.
import type { Json } from '@windlass/engine/definition';
import { type Case, NotRunnable, type Recorded, isComparable, recordedSteps } from './case.ts';
import { compareRecorded } from './compare.ts';
import type { PlacedArguments } from './definition.ts';
import { type DrawnFlow, readFlow } from './drawing.ts';
import { EngineSubject } from './engine-subject.ts';
import { resolveNames } from './names.ts';
import { Reference } from './reference.ts';
import { runOperations } from './operations.ts';
import { type BarePlan, Outcomes, compareOutcome, compareWhole } from './outcomes.ts';
import { Ambiguous, type DrawnGraph, isSequential, graphOf } from './drawn-graph.ts';
import { withoutInnerRest, withoutRest } from './target.ts';
import { type Plan, SERIAL, type StepOutcome, shuffled, yieldsBefore } from './subject.ts';

export type Verdict =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly differences: readonly string[] }
  | { readonly kind: 'skipped'; readonly reason: string };

const SEEDS = 12;

/** Runs a case; never throws. */
export async function runCase(one: Case): Promise<Verdict> {
  try {
    const differences = one.flow === null ? await runOperations(one) : runFlow(one);
    return differences.length === 0 ? { kind: 'passed' } : { kind: 'failed', differences };
  } catch (thrown) {
    if (thrown instanceof NotRunnable) return { kind: 'skipped', reason: thrown.message };
    return { kind: 'failed', differences: [`it came to an error: ${thrown instanceof Error ? thrown.message : String(thrown)}`] };
  }
}

function runFlow(one: Case): string[] {
  const recorded = recordedSteps(one);
  let plan: BarePlan;
  try {
    plan = planOf(one);
  } catch (thrown) {
    if (thrown instanceof Ambiguous) return refusedByNames(recorded, thrown);
    throw thrown;
  }
  const differs = one.stance === 'differs' && one.steps.every(({ op }) => REFERENCED.has(op));
  if (!differs && !recorded.some(isComparable)) throw new NotRunnable('nothing was recorded that a run could be compared with');
  const outcomes = new Outcomes(plan, (subject) => perform(one, subject));
  const isRacy = one.steps.some(({ op }) => op === 'crash_run') && !isSequential(plan.graph);
  const inWords = isRacy ? recorded.map(withoutRace) : recorded;
  for (const { name, isSerial, ...manner } of mannersOf(one)) {
    const seen = perform(one, new EngineSubject({ ...plan, ...manner }));
    const found = differs
      ? compareOutcome(outcomes, seen, { isSerial, recorded })
      : [
          ...compareAll(one, { seen, recorded: inWords, isSerial: isSerial && !isRacy, graph: plan.graph, isWithValues: true }),
          ...(isRacy ? compareWhole(outcomes, seen, plan.graph) : []),
        ];
    if (found.length > 0) return found.map((difference) => name + difference);
  }
  return [];
}

/**
 * Where a process dies beside atoms that are under way, it is open how far those have come, and so what is called again and
 * in which order. That is compared with what the rules allow (compareWhole); where it came to, with what was recorded.
 */
function withoutRace(recorded: Recorded): Recorded {
  const { calls: _calls, calls_unordered: _unordered, ordered_events: _events, partial_order: _order, ...rest } = recorded;
  const left = recorded.persisted ?? recorded.persisted_varies?.[0];
  return { ...rest, ...(left === undefined ? {} : { persisted: { flow_state: left.flow_state }, persisted_varies: undefined }) };
}

interface Driven extends Pick<Plan, 'pick' | 'isKilled'> {
  readonly name: string;
  readonly isSerial: boolean;
}

/** In serial order; with answers shuffled; and with the driver of the run dying before every answer. */
function mannersOf({ steps }: Case): readonly Driven[] {
  const serial = { name: '', isSerial: true, isKilled: false, pick: SERIAL };
  // States of the machine are counted in serial order only: how a batch falls apart otherwise is a habit.
  if (steps.some((step) => yieldsBefore(step) !== null)) return [serial];
  const seeds = Array.from({ length: SEEDS }, (_, at) => at + 1);
  return [
    serial,
    ...seeds.map((seed) => ({ name: `answers shuffled (${seed}): `, isSerial: false, isKilled: false, pick: shuffled(seed) })),
    ...seeds
      .slice(0, 3)
      .map((seed) => ({ name: `killed again and again (${seed}): `, isSerial: false, isKilled: true, pick: shuffled(seed) })),
  ];
}

/** Steps that the reference carries out; a case with others is compared with what was recorded. */
const REFERENCED: ReadonlySet<string> = new Set(['run', 'run_iter', 'reset', 'suspend']);
const OPTIONS: ReadonlySet<string> = new Set(['never_resolve', 'defer_reverts']);

function planOf({ flow, store, engine_options: options }: Case): BarePlan {
  const unknown = Object.keys(options).filter((name) => !OPTIONS.has(name));
  if (unknown.length > 0) throw new NotRunnable(`unknown option of an engine: ${unknown.join(', ')}`);
  const drawn = readFlow(flow);
  const values = store as { readonly [symbol: string]: Json };
  const placed = (flow: DrawnFlow): PlacedArguments => {
    const graph = graphOf(flow);
    return { graph, args: resolveNames(graph, values) };
  };
  const launched = placed(withoutInnerRest(drawn));
  const run = drawn.target === null ? launched : placed(withoutRest(drawn));
  return { ...run, launched, store: values, onFailure: options['never_resolve'] === true ? 'hold' : 'revert' };
}

/** Names are looked up by this runner; a name that two siblings give is refused by it, as a binding names one of them. */
function refusedByNames([first]: readonly Recorded[], { message }: Ambiguous): string[] {
  return first?.error?.type === 'AmbiguousDependency' ? [] : [`it is refused: ${message}`];
}

/** The differences between the reference itself and the observations; null for a case that says nothing about it. */
export function compareReference(one: Case): string[] | null {
  if (one.flow === null || one.stance !== 'same' || !one.steps.every(({ op }) => REFERENCED.has(op))) return null;
  const recorded = recordedSteps(one);
  if (recorded.some(({ error }) => error?.type === 'MissingDependencies')) return null;
  const plan = planOf(one);
  const seen = perform(one, new Reference({ ...plan, pick: SERIAL, isKilled: false }));
  return compareAll(one, { seen, recorded, isSerial: true, graph: plan.graph, isWithValues: false });
}

function perform(one: Case, subject: EngineSubject | Reference): StepOutcome[] {
  return one.steps.map((step) => subject.perform(step));
}

interface StepOutcomes {
  readonly seen: readonly StepOutcome[];
  readonly recorded: readonly Recorded[];
  readonly isSerial: boolean;
  readonly graph: DrawnGraph;
  /** Are the values that stand at the end compared too? */
  readonly isWithValues: boolean;
}

function compareAll(one: Case, { seen, recorded, isSerial, graph, isWithValues }: StepOutcomes): string[] {
  let wasFinished = false;
  let isAfterPreset = false;
  return seen.flatMap((step, at) => {
    const { op } = one.steps[at] ?? { op: '' };
    const { results, ...rest } = recorded[at] ?? {};
    const wanted = { ...rest, ...(isWithValues && results !== undefined ? { results } : {}), op };
    const found = compareRecorded(wanted, step, { isSerial, graph, isAfterPreset, wasFinished });
    wasFinished = ['SUCCESS', 'REVERTED'].includes(step.flow) || op === 'reset';
    isAfterPreset = op === 'preset' || (isAfterPreset && op !== 'run');
    return found.map((difference) => (seen.length > 1 ? `step ${at + 1} (${op}): ${difference}` : difference));
  });
}
