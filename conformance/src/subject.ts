// The subject that carries out the steps of a case: the engine, or the reference with which it is compared.
import type { Json } from '@windlass/engine/definition';
import { type Call, NotRunnable, type Step } from './case.ts';
import type { CasePlan } from './definition.ts';

/** The observations of one step, in the words of the format. */
export interface StepOutcome {
  readonly flow: string;
  readonly states: { readonly [atom: string]: string };
  readonly calls: readonly Call[];
  readonly events: readonly string[];
  /** Why it was refused before anything ran; codes of problems. */
  readonly refused: readonly string[];
  /** Values by name, of what stands at the end. */
  readonly results: { readonly [symbol: string]: readonly Json[] };
  readonly edges: readonly string[] | null;
}

export interface Subject {
  /** Carries out the next step. Throws NotRunnable for a step that is not known here. */
  perform(step: Step): StepOutcome;
}

export interface Plan extends CasePlan {
  /** Which of `count` answers comes next; always the first in serial order. */
  readonly pick: (count: number) => number;
  /** The conductor dies before every answer, and another one takes over from the entries. */
  readonly isKilled: boolean;
}

export const SERIAL = (): number => 0;

/** The order of answers, shuffled by a seed. */
export function shuffled(seed: number): (count: number) => number {
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  return (count) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * count);
  };
}

/** A pause, asked for when an atom comes to a state. */
export interface Awaited {
  readonly atom: string;
  readonly state: string;
}

export function awaitedBy(step: Step): Awaited | null {
  const asked = step['suspend_on'];
  if (asked === undefined || asked === null) return null;
  const { atom, state } = asked as { atom?: unknown; state?: unknown };
  if (typeof atom !== 'string' || typeof state !== 'string') throw new NotRunnable('unknown shape of suspend_on');
  return { atom, state };
}

/** Throws NotRunnable for a step that says more than is known here. */
export function demandKnown(step: Step, known: readonly string[]): void {
  const unknown = Object.keys(step).filter((key) => key !== 'op' && !known.includes(key));
  if (unknown.length > 0) throw new NotRunnable(`unknown part of the step ${step.op}: ${unknown.join(', ')}`);
}

/** Ways of TaskFlow's callers to stop an engine that they iterate over, after so many states. */
export const STOPPERS = ['send_true_after', 'close_after'] as const;

/** After how many states a pause is asked for; null when none is. */
export function yieldsBefore(step: Step): number | null {
  const [stopper] = STOPPERS.filter((name) => step[name] !== undefined);
  if (stopper === undefined) return null;
  const count = step[stopper];
  if (typeof count !== 'number' || count < 1) throw new NotRunnable(`unknown shape of ${stopper}`);
  return count;
}
