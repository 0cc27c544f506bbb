// A conductor takes over a run that another conductor left: calls that were under way are in doubt (A4).
// If the type has a probe, it is called; else the call is repeated with the same key if the type allows it;
// else a person is asked. The same holds for apply and for revert, also while the run winds back: the output of the
// repeated apply is what its revert needs (R5). But a call that was told to stop, or that may have ended its processes, is
// not begun again only to be undone: its attempt has failed with an unknown outcome, and its revert undoes it. A call
// that was ending has ended with its process if that process is known to be dead; else A4 decides too (R11).
import { CONDUCTOR_LOST, type Failure } from '../../failure/failure.ts';
import { isRepeatable } from '../../task/repeatable.ts';
import type { AtomType } from '../graph/graph.ts';
import type { AtomIndex } from '../graph/index-spaces.ts';
import { type Run, type RunAtom, atomAt } from '../state/run.ts';
import { isBusy } from '../state/tally.ts';
import { isApplyOver } from '../state/undo-order.ts';
import { applyAgain, probeAtom, revertAgain } from './calls.ts';
import { putInDoubt } from './doubt.ts';
import type { Turn } from './turn.ts';

/** The conductor that had claimed the job before. */
export interface Former {
  readonly id: string | null;
  /** Is its process known to be dead? */
  readonly isDead: boolean;
  readonly claimedAt: number;
  /** Was the job a dead letter before this claim? Then its calls may have ended the processes that drove it. */
  readonly wasDeadLetter: boolean;
}

/** Indexes of the atoms whose call was under way when the conductor was lost. */
export function interruptedCalls(run: Run): AtomIndex[] {
  return run.busy === 0 ? [] : run.atoms.flatMap((atom, index) => (isBusy(atom) ? [index] : []));
}

/** Probes, repeats or holds the calls that were under way when the former conductor was lost. */
export function resumeCalls(
  turn: Turn,
  { interrupted, former }: { readonly interrupted: readonly AtomIndex[]; readonly former: Former },
): void {
  for (const index of interrupted) if (isBusy(atomAt(turn.run, index))) resumeCall(turn, index, former);
}

function resumeCall(turn: Turn, index: AtomIndex, former: Former): void {
  const atom = atomAt(turn.run, index);
  const type = turn.run.flow.atoms[index]?.type ?? null;
  // The atom is in doubt and has no call, so only a person can settle it.
  if (atom.inDoubt !== null && atom.stopping === 0) return;
  if (atom.state === 'RUNNING') {
    if (type?.hasProbe) probeAtom(turn, index, 'probe');
    else if (!mayRepeat('repeatable', type, atom)) putInDoubt(turn, atom, unrepeatable('applied'));
    else if (isApplyOver(turn.run, index) && (former.wasDeadLetter || atom.stopping > 0 || turn.run.cancel !== null)) {
      turn.move(atom, 'FAILURE', { failure: OUTCOME_LOST });
    } else applyAgain(turn, index);
  } else if (atom.state === 'REVERTING' && atom.notBefore === 0) {
    if (type?.hasProbeRevert) probeAtom(turn, index, 'probeRevert');
    else if (mayRepeat('revertRepeatable', type, atom)) revertAgain(turn, index);
    else putInDoubt(turn, atom, unrepeatable('reverted'));
  } else takeUpEnding(turn, index, former);
}

/** Handles a stopped call that had not ended; its atom has failed. */
function takeUpEnding(turn: Turn, index: AtomIndex, former: Former): void {
  const atom = atomAt(turn.run, index);
  const type = turn.run.flow.atoms[index]?.type ?? null;
  const isApply = atom.state === 'FAILURE';
  // A call of an even earlier conductor has not necessarily ended with the former conductor; each claim is later than every
  // call before it.
  const isOver = former.isDead && atom.calledAt >= former.claimedAt;
  if (!isOver && (isApply ? type?.hasProbe : type?.hasProbeRevert)) probeAtom(turn, index, isApply ? 'probe' : 'probeRevert');
  else if (isOver || mayRepeat(isApply ? 'repeatable' : 'revertRepeatable', type, atom)) {
    turn.record({ kind: 'MARK', atom: atom.atom, attempt: atom.attempt, mark: 'ENDED' });
  } else {
    const reason = `${former.id ?? 'Its conductor'} lost the claim while this call was ending; whether that process still lives, and the call still takes effect, is not known.`;
    putInDoubt(turn, atom, { reason });
  }
}

const OUTCOME_LOST: Failure = {
  code: CONDUCTOR_LOST,
  message: 'Its conductor was lost while it was applied. It was not applied again, because the job was being stopped or rolled back.',
};

function unrepeatable(what: 'applied' | 'reverted') {
  return { reason: `The conductor stopped while this was being ${what}, and it may not be repeated blindly.` };
}

/** An atom of an unknown type is not applied again; its revert fails with a clear code. */
function mayRepeat(rule: 'repeatable' | 'revertRepeatable', type: AtomType | null, { input, inputAt }: RunAtom): boolean {
  return type === null
    ? rule === 'revertRepeatable'
    : isRepeatable(type[rule], { input, defaults: type.defaults, isPart: inputAt !== null });
}
