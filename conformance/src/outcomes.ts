// The outcomes that the rules allow: those of the reference, for one order of answers after another. A step of the engine fits
// if its outcome is one of them.
import type { Recorded } from './case.ts';
import { type Closeness, callsOf, compareSteps } from './compare.ts';
import { brokenOrders, pairsOf } from './orders.ts';
import { Reference } from './reference.ts';
import type { DrawnGraph } from './drawn-graph.ts';
import { type Plan, SERIAL, type StepOutcome, shuffled } from './subject.ts';

export type BarePlan = Omit<Plan, 'pick' | 'isKilled'>;

/** The outcomes of the reference: of the serial order first, then of shuffled orders, as many as are asked for. */
export class Outcomes {
  readonly #known: (readonly StepOutcome[])[] = [];
  readonly #make: (pick: (count: number) => number) => readonly StepOutcome[];

  /** Largest number of outcomes to compare with. */
  readonly most: number;

  /** `perform` has a subject carry out the steps of the case. */
  constructor(plan: BarePlan, perform: (subject: Reference) => readonly StepOutcome[]) {
    this.most = Math.max(FEW, Math.min(MANY, Math.round(MOST_ATOM_STEPS / plan.graph.nodes.length)));
    this.#make = (pick) => perform(new Reference({ ...plan, pick, isKilled: false }));
  }

  at(index: number): readonly StepOutcome[] {
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
const NOTHING: Pick<StepOutcome, 'calls'> = { calls: [] };

/** In serial order the reference's own serial outcome, where there is one order; else any that its rules allow. */
export function compareOutcome(
  outcomes: Outcomes,
  seen: readonly StepOutcome[],
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
  step: StepOutcome,
  { at, closeness, most }: { at: number; closeness: Closeness; most: number },
): readonly string[] {
  let nearest: readonly string[] | null = null;
  for (let index = 0; index < most; index += 1) {
    const wanted = outcomes.at(index)[at];
    const found = wanted === undefined ? [] : compareSteps(wanted, step, closeness);
    if (found.length === 0) return [];
    if (nearest === null || found.length < nearest.length) nearest = found;
  }
  return nearest ?? [];
}

/** As compareOutcome, for steps that hang together: one outcome has to fit all of them, calls and forced orders included. */
export function compareWhole(outcomes: Outcomes, seen: readonly StepOutcome[], graph: DrawnGraph): readonly string[] {
  let nearest: readonly string[] | null = null;
  for (let index = 0; index < outcomes.most; index += 1) {
    const wanted = outcomes.at(index);
    const found = seen.flatMap((step, at) => {
      const one = wanted[at];
      if (one === undefined) return [];
      const differences = [...compareSteps(one, step, 'calls'), ...brokenOrders(graph, pairsOf(one.events), step.events)];
      return differences.map((difference) => `step ${at + 1}: ${difference}`);
    });
    if (found.length === 0) return [];
    if (nearest === null || found.length < nearest.length) nearest = found;
  }
  return nearest ?? [];
}
