// The late answer of a call that went past its time limit, was told to stop, and has ended
// now (R7, R11); or the answer of its probe after a takeover. Only the answer of the call that is still ending counts.
import type { RunEvent } from '../../events.ts';
import { type RunAtom, atomAt, revertAttemptOf } from '../state/run.ts';
import { putInDoubt } from './doubt.ts';
import type { Turn } from './turn.ts';
import type { AtomIndex } from '../graph/index-spaces.ts';

export type OfApply = Extract<RunEvent, { kind: 'APPLIED' | 'APPLY_FAILED' | 'PROBED' | 'POSTED' }>;
export type OfRevert = Extract<RunEvent, { kind: 'REVERTED' | 'REVERT_FAILED' | 'REVERT_WAITS' | 'REVERT_PROBED' }>;

/** A failed apply stays failed, whatever its call answers; its revert may be called now. */
export function hearLateApply(turn: Turn, index: AtomIndex, event: OfApply): void {
  const atom = atomAt(turn.run, index);
  switch (event.kind) {
    case 'APPLIED':
    case 'POSTED':
      endCall(turn, atom, { outcome: 'done' });
      return;
    case 'APPLY_FAILED':
      endCall(turn, atom, { outcome: 'failed' });
      return;
    case 'PROBED':
      if (event.answer.happened === 'unknown') putInDoubt(turn, atom, { reason: event.answer.because });
      else if (event.answer.happened === 'yes') endCall(turn, atom, { outcome: 'done' });
      else endCall(turn, atom, { reason: 'Its probe says that it did not happen.' });
      return;
  }
}

/** A revert that was done late is not called again: its next attempt waits for the end of this call, so it has not begun. */
export function hearLateRevert(turn: Turn, index: AtomIndex, event: OfRevert): void {
  const atom = atomAt(turn.run, index);
  if (event.revertAttempt !== revertAttemptOf(atom)) return;
  switch (event.kind) {
    case 'REVERTED':
      endCall(turn, atom, { outcome: 'done' });
      turn.move(atom, 'REVERTED', {
        reason: 'its revert was done after its time limit',
        ...(event.logged === undefined ? {} : { log: event.logged }),
      });
      return;
    case 'REVERT_FAILED':
      endCall(turn, atom, { outcome: 'failed' });
      return;
    case 'REVERT_WAITS':
      endCall(turn, atom, { reason: 'It waits for another job, past its time limit.' });
      return;
    case 'REVERT_PROBED':
      if (event.answer.undone === 'unknown') {
        putInDoubt(turn, atom, { reason: event.answer.because });
        return;
      }
      if (event.answer.undone === 'no') endCall(turn, atom, { reason: 'Its probe says that it is not undone.' });
      else {
        endCall(turn, atom, { outcome: 'done' });
        turn.move(atom, 'REVERTED', { reason: 'it had been undone before its conductor was lost' });
      }
      return;
  }
}

function endCall(turn: Turn, { atom, attempt }: RunAtom, data: { readonly outcome?: 'done' | 'failed'; readonly reason?: string }): void {
  turn.record({ kind: 'MARK', atom, attempt, mark: 'ENDED', data });
}
