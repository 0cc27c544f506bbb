// Sentences about one task of a plan.
import type { PlannedUndo } from '@windlass/engine/run';

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
