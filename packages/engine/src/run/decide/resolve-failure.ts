// What a failure, a cancel or a missed deadline means for the run (SEMANTICS R1, R5, R10).
import type { ForwardOutcome } from '../../logbook/entry.ts';
import { deadlineOf } from '../state/agenda.ts';
import { applyingAtoms, stopCall } from './calls.ts';
import { askRetry } from './retry.ts';
import { type Run, type RunAtom, atomAt } from '../state/run.ts';
import type { Turn } from './turn.ts';
import { EVERYBODY, scopeOf } from '../state/undo-order.ts';

/** What follows from a cancel, a missed deadline, or the failures that no retry has dealt with. */
export function resolveFailures(turn: Turn): 'go on' | 'hold' | 'ended' {
  const { run } = turn;
  if (run.cancel !== null || isOverdue(turn)) return stopAll(turn);
  let isUnresolved = false;
  for (const index of [...run.failed]) {
    if (scopeOf(run, index) !== undefined) continue;
    if (!isRetried(turn, index)) isUnresolved = true;
  }
  return isUnresolved ? windBackOrHold(turn) : 'go on';
}

/** Asks the retries around the failed atom, from the nearest one outwards, until one begins its container again. */
function isRetried(turn: Turn, index: number): boolean {
  const { run } = turn;
  const { flow } = run;
  const failed = atomAt(run, index);
  const compiled = flow.atoms[index];
  let at = flow.nodes[compiled?.node ?? -1]?.parent ?? -1;
  const gaveUp = run.gaveUp.get(index);
  if (gaveUp?.has(EVERYBODY)) return false;
  // A retry that fails itself does not decide on its own container.
  if (compiled?.kind === 'retry') at = flow.containers[at]?.parent ?? -1;
  for (; at >= 0; at = flow.containers[at]?.parent ?? -1) {
    const container = flow.containers[at];
    if (container === undefined || container.retry < 0 || atomAt(run, container.retry).state !== 'SUCCESS') continue;
    // Asked once a failure: while the run holds, or waits for what still runs, the same question does not come again.
    if (gaveUp?.has(container.retry)) continue;
    const decision = askRetry(turn, container.retry, failed);
    if (decision === 'RETRY') {
      if (flow.definition.abortOnFailure) abortWithin(turn, container.index);
      return true;
    }
    if (decision === 'REVERT_ALL') return false;
  }
  return false;
}

function isOverdue({ run, time }: Turn): boolean {
  const deadline = deadlineOf(run);
  return deadline !== null && deadline <= time;
}

function abortWithin(turn: Turn, container: number): void {
  for (const index of applyingAtoms(turn.run)) {
    if (scopeOf(turn.run, index)?.container === container) stopCall(turn, index);
  }
}

/** A cancel or a missed deadline: what runs is told to stop, and the run winds back, or rests at FAILURE once that has ended. */
function stopAll(turn: Turn): 'ended' {
  const { run } = turn;
  const data = { forward: outcomeOf(run) };
  const then = run.cancel?.then ?? run.flow.definition.onFailure;
  for (const index of applyingAtoms(run)) stopCall(turn, index);
  if (then === 'revert') windBack(turn, data);
  else turn.record({ kind: 'RUN', from: run.state, to: run.busy === 0 ? 'FAILURE' : 'SUSPENDING', data });
  return 'ended';
}

function windBackOrHold(turn: Turn): 'hold' | 'ended' {
  const { run } = turn;
  const data = { forward: outcomeOf(run) };
  if (run.flow.definition.abortOnFailure) for (const index of applyingAtoms(run)) stopCall(turn, index);
  if (run.flow.definition.onFailure === 'revert') {
    windBack(turn, data);
    return 'ended';
  }
  // What a retry is undoing elsewhere is undone first.
  const isUndoing = [...(run.undo?.scopes.values() ?? [])].some(({ openCount }) => openCount > 0);
  if (run.busy === 0 && !isUndoing) turn.record({ kind: 'RUN', from: run.state, to: 'FAILURE', data });
  return 'hold';
}

/** What is still running is awaited by the order itself: it blocks only what comes before it. */
function windBack(turn: Turn, data: { readonly forward: ForwardOutcome }): void {
  turn.record({ kind: 'RUN', from: turn.run.state, to: 'REVERTING', data: { ...data, rollback: { atoms: 'all', then: 'stop' } } });
}

/** The forward outcome as of now: cancelled, overdue, or failed at the atom that failed first. */
function outcomeOf(run: Run): ForwardOutcome {
  if (run.cancel !== null) return { kind: 'cancelled', by: run.cancel.by, reason: run.cancel.reason };
  const first = [...run.failed]
    .map((index) => atomAt(run, index))
    .reduce<RunAtom | null>((least, atom) => (least === null || atom.endedAt < least.endedAt ? atom : least), null);
  if (first === null) return { kind: 'overdue' };
  return {
    kind: 'failed',
    atom: first.atom,
    failure: first.failure ?? { code: 'TASK_THREW', message: 'No failure was recorded.' },
  };
}
