// The outcome of a confirmed plan in one sentence. It says “as planned” only if each task was undone by its own revert.
import type { AtomSnapshot, PlannedUndo, RollbackReport } from '@windlass/engine/run';
import { count } from '../run/words.ts';

/** `open`: neither undone nor kept. `byHand`: a person says that it is undone. */
export type Outcome = 'open' | 'asPlanned' | 'byHand' | 'other';

export interface Tally {
  readonly open: number;
  readonly byHand: number;
  readonly other: number;
}

/** `stands`: does the report list the task among the effects that stand? Without one, nothing was to be done. */
export function outcomeOf(
  undo: PlannedUndo,
  { atom, stands }: { readonly atom: Pick<AtomSnapshot, 'state' | 'kept' | 'byHand'> | undefined; readonly stands: boolean },
): Outcome {
  if (atom === undefined) return 'open';
  if (undo.action === 'nothing' && !stands && atom.state !== 'REVERT_FAILURE') return 'asPlanned';
  if (atom.kept !== null) return undo.action === 'keep' ? 'asPlanned' : 'other';
  if (atom.state === 'REVERTED') {
    if (atom.byHand) return 'byHand';
    return undo.action === 'keep' ? 'other' : 'asPlanned';
  }
  return atom.state === 'REVERT_FAILURE' ? 'other' : 'open';
}

export function tallyOf(
  planned: readonly PlannedUndo[],
  { atoms, report }: { readonly atoms: ReadonlyMap<string, AtomSnapshot>; readonly report: Pick<RollbackReport, 'standing'> },
): Tally {
  const stands = new Set(report.standing.map(({ atom }) => atom));
  const outcomes = planned.map((undo) => outcomeOf(undo, { atom: atoms.get(undo.atom), stands: stands.has(undo.atom) }));
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

/** How many of the planned tasks are settled: undone, without effect, or kept by a decision; a failed revert is none of these. */
export function doneOf(planned: readonly PlannedUndo[], { reverted, nothing, byHand, standing }: RollbackReport): number {
  const settled = new Set([...reverted, ...nothing, ...[...byHand, ...standing.filter(isDecided)].map(({ atom }) => atom)]);
  const kept = new Set(standing.map(({ atom }) => atom));
  return planned.filter(({ atom, action }) => settled.has(atom) || (action === 'keep' && kept.has(atom))).length;
}

function isDecided({ by }: { readonly by: string | null }): boolean {
  return by !== null;
}

/** What came of it in numbers: `2 reverted, 1 with nothing to undo, 1 left standing`. */
export function reportWords({ reverted, nothing, byHand, standing, open }: RollbackReport): string {
  const parts = [
    `${count(reverted.length, 'task')} reverted`,
    nothing.length > 0 ? `${nothing.length} with nothing to undo` : '',
    byHand.length > 0 ? `${byHand.length} undone by hand` : '',
    standing.length > 0 ? `${standing.length} left standing` : '',
    open.length > 0 ? `${open.length} still to come` : '',
  ];
  return `${parts.filter((part) => part !== '').join(', ')}.`;
}
