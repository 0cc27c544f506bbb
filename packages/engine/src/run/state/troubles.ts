// The troubles of a run that need a person, worst first. Pure; screens add the words.
import type { AtomSnapshot, RunSnapshot } from './snapshot/snapshot.ts';

/** A fact that a person must settle or know. */
export type Trouble =
  | { readonly kind: 'revertFailed'; readonly atom: string; readonly cause: string }
  | { readonly kind: 'doubt'; readonly atom: string; readonly cause: string }
  /** Held at a failure: the atom can be tried again or skipped, or the job rolled back. */
  | { readonly kind: 'held'; readonly atom: string; readonly cause: string }
  | { readonly kind: 'failed'; readonly atom: string; readonly cause: string; readonly undone: Undone }
  | { readonly kind: 'cancelled'; readonly cause: string };

/**
 * How far a rollback undid the other atoms. `ending`: it waits for the end of a call that was told to stop. `going`: it is under way.
 * `done`: it is complete. `partly`: it undid some, and effects stand. `nothingToUndo`: it is complete, and no other atom had an effect.
 * `allStand`: it undid no other atom, and effects stand.
 */
type Undone = 'ending' | 'going' | 'done' | 'partly' | 'nothingToUndo' | 'allStand' | 'noRollback';

/** The present troubles of a run. */
export function troublesOf(facts: Pick<RunSnapshot, 'state' | 'forward'>, atoms: Iterable<AtomSnapshot>): Trouble[] {
  const troubles: Trouble[] = [];
  const held: Trouble[] = [];
  const all = [...atoms];
  for (const atom of all) {
    if (atom.inDoubt !== null) troubles.push({ kind: 'doubt', atom: atom.atom, cause: atom.inDoubt });
    else if (atom.kept !== null) continue;
    else if (atom.state === 'REVERT_FAILURE')
      troubles.unshift({ kind: 'revertFailed', atom: atom.atom, cause: causeOf(atom.revertFailure) });
    else if (atom.state === 'FAILURE' && facts.state === 'FAILURE')
      held.push({ kind: 'held', atom: atom.atom, cause: causeOf(atom.failure) });
  }
  if (troubles.length > 0) return troubles;
  if (held.length > 0) return held;
  const { forward } = facts;
  if (forward?.kind === 'failed')
    return [{ kind: 'failed', atom: forward.atom, cause: causeOf(forward.failure), undone: undoneOf(facts.state, forward.atom, all) }];
  if (facts.state === 'FAILURE' && forward?.kind === 'cancelled') return [{ kind: 'cancelled', cause: forward.reason }];
  return [];
}

function undoneOf(state: RunSnapshot['state'], failed: string, atoms: readonly AtomSnapshot[]): Undone {
  const others = atoms.some((one) => one.atom !== failed && one.state === 'REVERTED' && (one.revertAttempt > 0 || one.byHand));
  if (state === 'REVERTING') return atoms.some(({ stopping }) => stopping > 0) ? 'ending' : 'going';
  if (state === 'REVERTED') return others ? 'done' : 'nothingToUndo';
  if (state === 'PARTIALLY_REVERTED') return others ? 'partly' : 'allStand';
  return 'noRollback';
}

function causeOf(failure: { readonly message: string } | null): string {
  const message = failure?.message ?? 'No cause was recorded.';
  return /[.!?…]$/.test(message) ? message : `${message}.`;
}
