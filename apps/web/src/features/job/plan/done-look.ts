// The look of the outcome of one planned task, while its rollback goes on and after it has ended.
import type { AtomSnapshot, PlannedUndo } from '@windlass/engine/run';
import { type StateLook, lookOf, lookOfAtom } from '../../../ui/state/state-look.ts';
import { outcomeOf } from './rollback-verdict.ts';

interface Done {
  readonly atom: AtomSnapshot | undefined;
  /** Does the report list the task among the effects that stand? */
  readonly stands: boolean;
  /** Has the rollback ended? */
  readonly hasEnded: boolean;
}

/** The words are those of a rollback: *Succeeded* is said of an apply, so a task whose revert has not begun is *still to come*. */
export function doneLook(undo: PlannedUndo, { atom, stands, hasEnded }: Done): StateLook {
  if (atom === undefined) return lookOf('PENDING');
  const outcome = outcomeOf(undo, { atom, stands });
  if (outcome === 'byHand') return { ...lookOf('REVERTED'), word: 'Undone by hand' };
  if (atom.kept !== null || atom.state === 'REVERT_FAILURE') return lookOfAtom(atom);
  if (atom.state === 'REVERTED') return atom.revertAttempt > 0 ? lookOf('REVERTED') : NOTHING;
  if (hasEnded) return outcome === 'open' ? { ...lookOf('PENDING'), word: 'Not reverted' } : NOTHING;
  return atom.state === 'REVERTING' || atom.inDoubt !== null ? lookOfAtom(atom) : { ...lookOf('PENDING'), word: 'Still to come' };
}

const NOTHING: StateLook = { ...lookOf('PENDING'), icon: 'check', word: 'Nothing to do' };
