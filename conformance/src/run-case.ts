// One case: by its stance either what was recorded, or what the rules of the reference give, in serial order and with
// answers shuffled.
import type { Json } from '@windlass/engine';
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
/** Orders of answers that the reference is tried with, to find every outcome that its rules allow. */
const REFERENCE_SEEDS = 64;

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
  let plan: Omit<Plan, 'pick'>;
  try {
    plan = planOf(one);
  } catch (thrown) {
    if (thrown instanceof Ambiguous) return refusedByNames(recorded, thrown);
    throw thrown;
  }
  const differs = one.stance === 'differs' && one.steps.every(({ op }) => REFERENCED.has(op));
  const outcomes = differs ? outcomesOf(one, plan) : [];
  // States of the machine are counted in serial order only: how a batch falls apart otherwise is a habit.
  const isCounted = one.steps.some((step) => yieldsBefore(step) !== null);
  const manners = [SERIAL, ...Array.from({ length: isCounted ? 0 : SEEDS }, (_, seed) => shuffled(seed + 1))];
  for (const [at, pick] of manners.entries()) {
    const seen = perform(one, new EngineSubject({ ...plan, pick }));
    const isSerial = at === 0;
    const found = differs
      ? compareOutcome(outcomes, seen, { isSerial, recorded })
      : compareAll(one, { seen, recorded, isSerial, spots: plan.spots, isWithValues: true });
    if (found.length > 0) return found.map((difference) => (isSerial ? difference : `answers shuffled (${at}): ${difference}`));
  }
  return [];
}

/** Steps that the reference carries out; a case with others is compared with what was recorded. */
const REFERENCED: ReadonlySet<string> = new Set(['run', 'run_iter', 'reset', 'suspend']);
const OPTIONS: ReadonlySet<string> = new Set(['never_resolve', 'defer_reverts']);

function planOf({ flow, store, engine_options: options }: Case): Omit<Plan, 'pick'> {
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
  const seen = perform(one, new Reference({ ...plan, pick: SERIAL }));
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

function outcomesOf(one: Case, plan: Omit<Plan, 'pick'>): readonly (readonly Seen[])[] {
  const picks = [SERIAL, ...Array.from({ length: REFERENCE_SEEDS }, (_, seed) => shuffled(1_000 + seed))];
  return picks.map((pick) => perform(one, new Reference({ ...plan, pick })));
}

/** In serial order the reference's own serial outcome; shuffled, any that its rules allow. */
function compareOutcome(
  outcomes: readonly (readonly Seen[])[],
  seen: readonly Seen[],
  { isSerial, recorded }: { isSerial: boolean; recorded: readonly Recorded[] },
): string[] {
  const [serial = [], ...others] = outcomes;
  const against = (wanted: readonly Seen[]) =>
    seen.flatMap((step, at) => {
      const other = wanted[at];
      const found = other === undefined ? [] : compareSeen(other, step, closenessOf(at));
      return found.map((difference) => (seen.length > 1 ? `step ${at + 1}: ${difference}` : difference));
    });
  // Where TaskFlow itself had no one order, neither does the serial order here mean anything; where the rules leave
  // open how often something is tried, only where it comes to is compared.
  const closenessOf = (at: number): Closeness => {
    if (isSerial && recorded[at]?.ordered_events !== undefined) return 'events';
    const calls = new Set(outcomes.map((outcome) => JSON.stringify(outcome[at] && callsOf(outcome[at]))));
    return calls.size === 1 ? 'calls' : 'states';
  };
  const first = against(serial);
  const isOneOrder = isSerial && recorded.every(({ ordered_events: events }) => events !== undefined);
  return first.length === 0 || (!isOneOrder && others.some((one) => against(one).length === 0)) ? [] : first;
}
