// The effects of a run that stand when a rollback ends (T1). The state of the run and the report of the rollback count the same ones.
import { isTaskKind } from '../graph/atom-kinds.ts';
import type { AtomIndex } from '../graph/index-spaces.ts';
import { type Run, mayHaveEffect } from '../state/run.ts';
import { hasRun } from '../state/undo-order.ts';

/** Every effect that still stands, with the reason (T1). */
export function standingEffects(run: Run): { atom: string; because: string }[] {
  const reasons = new Map(run.rollback?.leftOut?.map(({ atom, reason }) => [atom, reason]));
  const standing = run.atoms.flatMap((atom, index) => {
    if (!hasRun(atom) || !mayHaveEffect(atom) || !hasEffect(run, index)) return [];
    const failed = atom.state === 'REVERT_FAILURE' && atom.kept === null ? 'its revert failed' : undefined;
    const waits = run.undo?.open[index] === 1 ? 'it waits for the revert of what comes after it' : undefined;
    return [{ atom: atom.atom, because: atom.kept ?? reasons.get(atom.atom) ?? failed ?? waits ?? 'not part of the rollback' }];
  });
  return [...standing, ...run.keptBefore];
}

/** Is it a task whose type has an effect? A control has none, and neither has a container's own revert. */
export function hasEffect(run: Run, index: AtomIndex): boolean {
  const compiled = run.flow.atoms[index];
  return isTaskKind(compiled?.kind) && compiled?.type?.effects.kind !== 'none';
}
