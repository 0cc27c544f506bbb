// The expected duration of a rollback, from past rollbacks. Pure.
import type { RollbackPlan } from '@windlass/engine/run';

/** The median duration of an atom's past reverts in ms, and their number. */
export interface PastTime {
  readonly ms: number;
  readonly of: number;
}
export type PastTimes = ReadonlyMap<string, PastTime>;

/** The sum of the longest revert of each wave; null when no time is known. `unknown` counts reverts without a past one. */
export function expectedTime(waves: RollbackPlan['waves'], past: PastTimes): { readonly ms: number; readonly unknown: number } | null {
  const reverts = waves.map((wave) => wave.filter(({ action }) => action === 'revert'));
  const unknown = reverts.flat().filter(({ atom }) => !past.has(atom)).length;
  if (unknown === reverts.flat().length) return null;
  const ms = reverts.reduce((sum, wave) => sum + wave.reduce((most, { atom }) => Math.max(most, past.get(atom)?.ms ?? 0), 0), 0);
  return { ms, unknown };
}
