// The outcome of a confirmed plan in one sentence. It says “as planned” only if each task was undone by its own revert.
import type { AtomSnapshot, PlannedUndo } from '@windlass/engine/run';

/** `open`: neither undone nor kept. `byHand`: a person says that it is undone. */
export type Outcome = 'open' | 'asPlanned' | 'byHand' | 'other';

export interface Tally {
  readonly open: number;
  readonly byHand: number;
  readonly other: number;
}

export function outcomeOf(undo: PlannedUndo, atom: Pick<AtomSnapshot, 'state' | 'kept' | 'byHand'> | undefined): Outcome {
  if (atom === undefined) return 'open';
  if (atom.kept !== null) return undo.action === 'keep' ? 'asPlanned' : 'other';
  if (atom.state === 'REVERTED') {
    if (atom.byHand) return 'byHand';
    return undo.action === 'keep' ? 'other' : 'asPlanned';
  }
  return atom.state === 'REVERT_FAILURE' ? 'other' : 'open';
}

export function tallyOf(planned: readonly PlannedUndo[], atoms: ReadonlyMap<string, AtomSnapshot>): Tally {
  const outcomes = planned.map((undo) => outcomeOf(undo, atoms.get(undo.atom)));
  const count = (wanted: Outcome) => outcomes.filter((one) => one === wanted).length;
  return { open: count('open'), byHand: count('byHand'), other: count('other') };
}

export function verdictOf({ open, byHand, other }: Tally): string {
  const parts = [
    other > 0 ? `${other} came out otherwise than planned` : '',
    byHand > 0 ? `${byHand} undone by hand` : '',
    open > 0 ? `${open} not reverted` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'Done as planned.' : `${parts.join(', ')}.`;
}
