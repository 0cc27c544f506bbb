// Handles everything that is due (state/agenda.ts), apart from the deadline of a run and the limit of a retry.
import type { Failure } from '../../failure/failure.ts';
import { EVERYTHING, NO_REVERTS, noteTime, takeDue } from '../state/agenda.ts';
import { type Run, atomAt } from '../state/run.ts';
import { revertAtom } from './calls.ts';
import { type Limits, hasRoom } from './limits.ts';
import { beginRetry } from './controls/retry.ts';
import { reviseRevert } from './revert.ts';
import { putInDoubt } from './doubt.ts';
import type { Turn } from './turn.ts';
import { endWait } from './waits.ts';
import type { AtomIndex } from '../graph/index-spaces.ts';

/** Handles everything that is due now in the present state of the run, until the turn is full. */
export function serveAgenda(turn: Turn, limits: Limits): void {
  while (!turn.isFull && serveNext(turn, limits));
}

/** Handles everything that is due now, even beyond a full turn, because an act is judged on the state after it (B7). */
export function serveAll(turn: Turn, limits: Limits): void {
  while (turn.wanted.length === 0 && serveNext(turn, limits));
}

/** A due revert waits for the limit on calls like any other call; the end of a call makes the next turn. */
function serveNext(turn: Turn, limits: Limits): boolean {
  const index = takeDue(turn.run, turn, hasRoom(turn.run, limits) ? EVERYTHING : NO_REVERTS);
  if (index === undefined) return false;
  serve(turn, index);
  // The atom stays due, and is served when the values that it reads are loaded.
  if (turn.wanted.length > 0) noteTime(turn.run, index);
  return true;
}

function serve(turn: Turn, index: AtomIndex): void {
  const { run } = turn;
  const atom = atomAt(run, index);
  switch (atom.state) {
    case 'WAITING':
      endWait(turn, index);
      return;
    case 'RETRYING':
      beginRetry(turn, index);
      return;
    case 'RUNNING':
      if (atom.stopping > 0) doubtOverdue(turn, index);
      else {
        turn.command({ kind: 'ABORT', atom: atom.atom });
        turn.move(atom, 'FAILURE', { failure: timeout(run, index), ending: true });
      }
      return;
    case 'REVERTING':
      if (atom.stopping > 0) doubtOverdue(turn, index);
      else if (atom.notBefore > 0) revertAtom(turn, index, atom.revertAttempt);
      else {
        turn.command({ kind: 'ABORT', atom: atom.atom });
        reviseRevert(turn, index, { failure: timeout(run, index), ending: true });
      }
      return;
    case 'FAILURE':
    case 'REVERT_FAILURE':
      doubtOverdue(turn, index);
      return;
    case 'PENDING':
    case 'SUCCESS':
    case 'IGNORE':
    case 'REVERTED':
      return;
  }
}

/** A stopped call is overdue: it is put in doubt, and still waited for. */
function doubtOverdue(turn: Turn, index: AtomIndex): void {
  const reason = 'Its call was told to stop and has not ended; it is unknown whether the call still takes effect.';
  putInDoubt(turn, atomAt(turn.run, index), { reason, live: true });
}

function timeout(run: Run, index: AtomIndex): Failure {
  const limit = run.flow.atoms[index]?.item.timeLimitMs ?? 0;
  return { code: 'TIMEOUT', message: `It took longer than its time limit of ${limit} ms.` };
}
