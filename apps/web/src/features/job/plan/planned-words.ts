// Sentences about one task of a plan.
import type { PlannedUndo, RollbackPlan } from '@windlass/engine/run';
import { count } from '../run/words.ts';

/** Why a task that nobody chose is in the plan. */
export function dependantWords({ dependsOn }: Pick<PlannedUndo, 'dependsOn'>, nameOf: (id: string) => string): string {
  return dependsOn === undefined
    ? 'because it is undone only together with others'
    : `because it depends on ${dependsOn.map(nameOf).join(', ')}`;
}

/** What a task whose revert has failed before gets from this plan. */
export function triedWords({ action }: Pick<PlannedUndo, 'action'>): string {
  const before = 'An earlier rollback called its revert, which failed.';
  return action === 'revert' ? `${before} It is called again, with all its attempts.` : before;
}

/** Why and how a task is undone or kept, in one sentence; that its outcome is not known is said once. */
export function becauseWords({ action, because, uncertain }: Pick<PlannedUndo, 'action' | 'because' | 'uncertain'>): string {
  if (action !== 'keep') return because;
  return uncertain === true ? 'It cannot be undone.' : `It cannot be undone: ${because}`;
}

/** The button that confirms a plan. */
export function confirmWords({ reverts }: Pick<RollbackPlan, 'reverts'>): string {
  return reverts === 0 ? 'Roll back without a revert' : `Revert ${count(reverts, 'task')}`;
}

/** A plan in numbers, before it is carried out. */
export function planWords({ reverts, kept, waves }: Pick<RollbackPlan, 'reverts' | 'kept' | 'waves'>, leftOut: number): string {
  const parts = [
    `${count(reverts, 'task')} to revert`,
    kept > 0 ? `${kept} to keep` : '',
    leftOut > 0 ? `${leftOut} left out` : '',
    `in ${count(waves.length, 'wave')}`,
  ];
  return `${parts.filter((part) => part !== '').join(', ')}.`;
}
