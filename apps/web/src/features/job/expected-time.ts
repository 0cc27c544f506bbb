// How long a rollback will take, as far as past ones tell. Pure.
import type { RollbackPlan } from '@windlass/engine/run';

/** The median of how long an atom's revert took, in ms, and of how many. */
export interface PastTime {
  readonly ms: number;
  readonly of: number;
}
export type PastTimes = ReadonlyMap<string, PastTime>;

/** Wave after wave, each as long as its longest; null when nothing is known. `unknown`: reverts without a past. */
export function expectedTime(waves: RollbackPlan['waves'], past: PastTimes): { readonly ms: number; readonly unknown: number } | null {
  const reverts = waves.map((wave) => wave.filter(({ action }) => action === 'revert'));
  const unknown = reverts.flat().filter(({ atom }) => !past.has(atom)).length;
  if (unknown === reverts.flat().length) return null;
  const ms = reverts.reduce((sum, wave) => sum + wave.reduce((most, { atom }) => Math.max(most, past.get(atom)?.ms ?? 0), 0), 0);
  return { ms, unknown };
}
