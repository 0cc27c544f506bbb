// The outcome of a confirmed plan (T1, L2): tasks undone and by whom, tasks that stand and why, tasks not undone yet.
import { reasonByHand } from '../../logbook/by-hand.ts';
import { type Run, atomAt, indexOf, knownIndexOf } from '../state/run.ts';
import type { RollbackPlan } from './rollback-plan.ts';
import { hasEffect } from './standing-effects.ts';
import { lookUp } from '../graph/index-spaces.ts';

/** An effect that stands, or a task that a person undid: the reason, and the person who decided it. */
export interface Decided {
  readonly atom: string;
  readonly because: string;
  /** Name of the person; null when the engine or the task type gives the reason. */
  readonly by: string | null;
}

/**
 * Each task of the plan is in exactly one of the first five fields. `standing` has tasks outside the plan too, if they have an effect:
 * the state of the run counts the same ones.
 */
export interface RollbackReport {
  /** Undone by a call of their revert. */
  readonly reverted: readonly string[];
  /** Tasks without an effect to undo, so revert was not called. */
  readonly nothing: readonly string[];
  readonly byHand: readonly Decided[];
  readonly standing: readonly Decided[];
  /** Tasks that are not undone yet. Empty after the rollback has ended, because then they stand. */
  readonly open: readonly string[];
  /** The drift that the person read and confirmed (B6). */
  readonly drift: readonly { readonly atom: string; readonly difference: string }[];
  /** The person who confirmed it, and the reason; the reason is empty when none was given, and in old logbooks. */
  readonly by: string;
  readonly reason: string;
}

/** The report of the plan from the run as the rollback left it, or as it is now. */
export function rollbackReport(run: Run, plan: RollbackPlan): RollbackReport {
  const { rollback, state } = run;
  const reverted: string[] = [];
  const nothing: string[] = [];
  const byHand: Decided[] = [];
  const standing = new Map<string, Decided>();
  const open: string[] = [];
  const leaveOut = new Set(rollback?.leftOut?.map(({ atom }) => atom));
  const add = (atom: string, because: string): void => {
    const by = leaveOut.has(atom) ? (rollback?.by ?? null) : (lookUp(run.atoms, indexOf(run, atom))?.settledBy ?? null);
    standing.set(atom, { atom, because, by });
  };
  for (const { atom, because } of run.standing) add(atom, because);
  for (const { atom, because } of plan.standing) {
    const index = indexOf(run, atom);
    if (!standing.has(atom) && index !== undefined && hasEffect(run, index)) add(atom, because);
  }
  for (const { atom: address } of plan.waves.flat()) {
    const atom = atomAt(run, knownIndexOf(run, address));
    if (standing.has(address)) continue;
    if (atom.kept !== null) add(address, atom.kept);
    else if (atom.state !== 'REVERTED') {
      if (state === 'REVERTING' || state === 'SUSPENDING' || state === 'SUSPENDED') open.push(address);
    } else if (atom.byHand) byHand.push({ atom: address, because: reasonByHand(atom.note ?? ''), by: atom.settledBy });
    else if (atom.revertAttempt > 0) reverted.push(address);
    else nothing.push(address);
  }
  return {
    ...{ reverted, nothing, byHand, open, standing: [...standing.values()], drift: rollback?.drift ?? [] },
    ...{ by: rollback?.by ?? '', reason: rollback?.reason ?? '' },
  };
}
