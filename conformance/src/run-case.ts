// One case: by its stance either what was recorded, or what the rules of the reference give, in serial order and with
// answers shuffled.
import type { Json } from '@windlass/engine/definition';
import { type Case, NotRunnable, type Recorded, recordedSteps } from './case.ts';
import { type Closeness, callsOf, compareRecorded, compareSeen } from './compare.ts';
import { readFlow } from './drawing.ts';
import { EngineSubject } from './engine-subject.ts';
import { resolveNames } from './names.ts';
import { Reference } from './reference.ts';
import { runOperations } from './operations.ts';
import { Ambiguous, type Spots, spotsOf } from './spots.ts';
import { type Plan, SERIAL, type Seen, shuffled, yieldsBefore } from './subject.ts';

export type Verdict =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly differences: readonly string[] }
  | { readonly kind: 'skipped'; readonly reason: string };

const SEEDS = 12;
type BarePlan = Omit<Plan, 'pick' | 'isKilled'>;

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
  if (recorded.length !== one.steps.length) throw new NotRunnable('the recorded steps are not as many as the steps');
  let plan: BarePlan;
  try {
    plan = planOf(one);
  } catch (thrown) {
    if (thrown instanceof Ambiguous) return refusedByNames(recorded, thrown);
    throw thrown;
  }
  const differs = one.stance === 'differs' && one.steps.every(({ op }) => REFERENCED.has(op));
  const outcomes = new Outcomes(one, plan);
  for (const { name, isSerial, ...manner } of mannersOf(one)) {
    const seen = perform(one, new EngineSubject({ ...plan, ...manner }));
    const found = differs
      ? compareOutcome(outcomes, seen, { isSerial, recorded })
      : compareAll(one, { seen, recorded, isSerial, spots: plan.spots, isWithValues: true });
    if (found.length > 0) return found.map((difference) => name + difference);
  }
  return [];
}

interface Driven extends Pick<Plan, 'pick' | 'isKilled'> {
  readonly name: string;
  readonly isSerial: boolean;
}

/** In serial order; with answers shuffled; and with whoever drives the run dying before every answer. */
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
  if (drawn.target !== null) throw new NotRunnable('a flow of which only a target and what it needs are run');
  const spots = spotsOf(drawn);
  const values = store as { readonly [symbol: string]: Json };
  return { spots, args: resolveNames(spots, values), store: values, onFailure: options['never_resolve'] === true ? 'hold' : 'revert' };
}

/** Names are looked up by this runner; a name that two siblings give is refused by it, as a binding names one of them. */
function refusedByNames([first]: readonly Recorded[], { message }: Ambiguous): string[] {
  return first?.error?.type === 'AmbiguousDependency' ? [] : [`it is refused: ${message}`];
}

/** What the reference itself gets wrong of what was observed; null for a case that says nothing about it. */
export function compareReference(one: Case): string[] | null {
  if (one.flow === null || one.stance !== 'same' || !one.steps.every(({ op }) => REFERENCED.has(op))) return null;
  const recorded = recordedSteps(one);
  if (recorded.some(({ error }) => error?.type === 'MissingDependencies')) return null;
  const plan = planOf(one);
  const seen = perform(one, new Reference({ ...plan, pick: SERIAL, isKilled: false }));
  return compareAll(one, { seen, recorded, isSerial: true, spots: plan.spots, isWithValues: false });
}

function perform(one: Case, subject: EngineSubject | Reference): Seen[] {
  return one.steps.map((step) => subject.perform(step));
}

interface Seens {
  readonly seen: readonly Seen[];
  readonly recorded: readonly Recorded[];
  readonly isSerial: boolean;
  readonly spots: Spots;
  /** Are the values that stand at the end compared too? */
  readonly isWithValues: boolean;
}

function compareAll(one: Case, { seen, recorded, isSerial, spots, isWithValues }: Seens): string[] {
  let wasFinished = false;
  let isAfterPreset = false;
  return seen.flatMap((step, at) => {
    const { op } = one.steps[at] ?? { op: '' };
    const { results, ...rest } = recorded[at] ?? {};
    const wanted = { ...rest, ...(isWithValues && results !== undefined ? { results } : {}), op };
    const found = compareRecorded(wanted, step, { isSerial, spots, isAfterPreset, wasFinished });
    wasFinished = ['SUCCESS', 'REVERTED'].includes(step.flow) || op === 'reset';
    isAfterPreset = op === 'preset' || (isAfterPreset && op !== 'run');
    return found.map((difference) => (seen.length > 1 ? `step ${at + 1} (${op}): ${difference}` : difference));
  });
}

/** What the reference comes to: in serial order first, then with answers shuffled, as many as are asked for. */
class Outcomes {
  readonly #known: (readonly Seen[])[] = [];
  readonly #make: (pick: (count: number) => number) => readonly Seen[];

  /** How many are worth looking at. */
  readonly most: number;

  constructor(one: Case, plan: BarePlan) {
    this.most = Math.max(FEW, Math.min(MANY, Math.round(MOST_ATOM_STEPS / plan.spots.spots.length)));
    this.#make = (pick) => perform(one, new Reference({ ...plan, pick, isKilled: false }));
  }

  at(index: number): readonly Seen[] {
    this.#known[index] ??= this.#make(index === 0 ? SERIAL : shuffled(1_000 + index));
    return this.#known[index];
  }

  /** Is the step's list of calls the same in the first ones, whatever the order of answers? */
  hasSameCalls(step: number): boolean {
    const lists = Array.from({ length: FEW }, (_, index) => JSON.stringify(callsOf(this.at(index)[step] ?? NOTHING)));
    return new Set(lists).size === 1;
  }
}

/** Orders of answers that the reference is tried with, before an outcome counts as one that the rules do not allow. */
const FEW = 32;
const MANY = 2_000;
/** For a large flow fewer: this many steps of atoms in all. */
const MOST_ATOM_STEPS = 100_000;
const NOTHING: Pick<Seen, 'calls'> = { calls: [] };

/** In serial order the reference's own serial outcome, where there is one order; else any that its rules allow. */
function compareOutcome(
  outcomes: Outcomes,
  seen: readonly Seen[],
  { isSerial, recorded }: { isSerial: boolean; recorded: readonly Recorded[] },
): string[] {
  const isOneOrder = isSerial && recorded.every(({ ordered_events: events }) => events !== undefined);
  // Where the rules leave open how often something is tried, only where it comes to is compared.
  const closeness = seen.map((_, step): Closeness => (isOneOrder ? 'events' : outcomes.hasSameCalls(step) ? 'calls' : 'states'));
  return seen.flatMap((step, at) => {
    const found = nearestTo(outcomes, step, { at, closeness: closeness[at] ?? 'states', most: isOneOrder ? 1 : outcomes.most });
    return found.map((difference) => (seen.length > 1 ? `step ${at + 1}: ${difference}` : difference));
  });
}

/** The differences from the outcome that is nearest; none as soon as one fits. */
function nearestTo(
  outcomes: Outcomes,
  step: Seen,
  { at, closeness, most }: { at: number; closeness: Closeness; most: number },
): readonly string[] {
  let nearest: readonly string[] | null = null;
  for (let index = 0; index < most; index += 1) {
    const wanted = outcomes.at(index)[at];
    const found = wanted === undefined ? [] : compareSeen(wanted, step, closeness);
    if (found.length === 0) return [];
    if (nearest === null || found.length < nearest.length) nearest = found;
  }
  return nearest ?? [];
}
