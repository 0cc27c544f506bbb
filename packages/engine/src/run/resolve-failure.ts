// What a failure, or a cancel, means for the run (SEMANTICS R5, R10). Retries will be asked here first (R1).
import type { ForwardOutcome } from '../logbook/entry.ts';
import type { Run, RunAtom } from './run.ts';
import type { Turn } from './turn.ts';

/** The run has a failed atom or was cancelled: winds back, or holds once nothing is running any more. */
export function resolveFailure(turn: Turn): void {
  const { run } = turn;
  const forward = outcomeOf(run);
  const then = run.cancel?.then ?? run.flow.definition.onFailure;
  if (then === 'revert') {
    // What is still running is awaited by the order itself: it blocks only what comes before it.
    turn.record({ kind: 'RUN', from: run.state, to: 'REVERTING', data: { forward, rollback: { atoms: 'all', then: 'stop' } } });
  } else if (run.busy === 0) {
    turn.record({ kind: 'RUN', from: run.state, to: 'FAILURE', data: { forward } });
  }
}

/** The forward outcome as of now: cancelled, or failed at the atom that failed first. */
function outcomeOf(run: Run): ForwardOutcome {
  if (run.cancel !== null) return { kind: 'cancelled', by: run.cancel.by, reason: run.cancel.reason };
  const first = run.atoms
    .filter((atom) => atom.state === 'FAILURE')
    .reduce<RunAtom | null>((least, atom) => (least === null || atom.endedAt < least.endedAt ? atom : least), null);
  return {
    kind: 'failed',
    atom: first?.atom ?? '',
    failure: first?.failure ?? { code: 'TASK_THREW', message: 'No failure was recorded.' },
  };
}
