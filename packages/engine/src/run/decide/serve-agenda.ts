// Carries out what is due (state/agenda.ts). This is the only code that compares times, apart from the limit of a retry.
import type { Failure } from '../../failure.ts';
import { EVERYTHING, NO_REVERTS, noteTime, takeDue } from '../state/agenda.ts';
import { type Run, atomAt } from '../state/run.ts';
import { revertAtom } from './calls.ts';
import { type Limits, hasRoom } from './limits.ts';
import { beginRetry } from './retry.ts';
import { reviseRevert } from './revert.ts';
import type { Turn } from './turn.ts';
import { endWait } from './waits.ts';

/** Does everything that is due now in the present state of the run, until the turn is full. */
export function serveAgenda(turn: Turn, limits: Limits): void {
  while (!turn.isFull && serveNext(turn, limits));
}

/** Does everything that is due now, however much it is: an act is judged on the state after it (B7). */
export function serveAll(turn: Turn, limits: Limits): void {
  while (turn.wanted.length === 0 && serveNext(turn, limits));
}

/** A revert that is due waits for room as any other call does; the end of a call asks for the next turn. */
function serveNext(turn: Turn, limits: Limits): boolean {
  const index = takeDue(turn.run, turn.time, hasRoom(turn.run, limits) ? EVERYTHING : NO_REVERTS);
  if (index === undefined) return false;
  serve(turn, index);
  // It is due as before, and is served when the values are there that it reads.
  if (turn.wanted.length > 0) noteTime(turn.run, index);
  return true;
}

function serve(turn: Turn, index: number): void {
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
      if (atom.stopping > 0) doubt(turn, index);
      else {
        turn.command({ kind: 'ABORT', atom: atom.atom });
        turn.move(atom, 'FAILURE', { failure: timeout(run, index), ending: true });
      }
      return;
    case 'REVERTING':
      if (atom.stopping > 0) doubt(turn, index);
      else if (atom.notBefore > 0) revertAtom(turn, index, atom.revertAttempt);
      else {
        turn.command({ kind: 'ABORT', atom: atom.atom });
        reviseRevert(turn, index, { failure: timeout(run, index), ending: true });
      }
      return;
    case 'FAILURE':
    case 'REVERT_FAILURE':
      doubt(turn, index);
      return;
    case 'PENDING':
    case 'SUCCESS':
    case 'IGNORE':
    case 'REVERTED':
      return;
  }
}

/** A call that was told to stop has had its time: a person is told, and it is still waited for. */
function doubt(turn: Turn, index: number): void {
  const { atom, attempt } = atomAt(turn.run, index);
  const reason = 'Its call was told to stop and has not ended; whether it still takes effect is not known.';
  turn.record({ kind: 'MARK', atom, attempt, mark: 'IN_DOUBT', data: { reason, live: true } });
}

function timeout(run: Run, index: number): Failure {
  const limit = run.flow.atoms[index]?.item.timeLimitMs ?? 0;
  return { code: 'TIMEOUT', message: `It took longer than its time limit of ${limit} ms.` };
}
