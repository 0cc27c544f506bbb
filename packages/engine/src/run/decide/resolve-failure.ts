// The consequences of a failure, a cancel or a missed deadline for the run (R1, R5, R10, P11).
import type { ForwardOutcome, RetryDecision } from '../../logbook/entry.ts';
import { containerOf } from '../graph/graph.ts';
import { deadlineOf } from '../state/agenda.ts';
import { applyingAtoms, stopCall } from './calls.ts';
import { takeFailureLink } from './controls/catch.ts';
import { askRetry } from './controls/retry.ts';
import { type Run, type RunAtom, atomAt } from '../state/run.ts';
import type { Turn } from './turn.ts';
import { scopeOf } from '../state/undo-order.ts';
import { type AtomIndex, type ContainerIndex, lookUp } from '../graph/index-spaces.ts';

/** Handles a cancel, a missed deadline, or failures that no retry has handled. */
export function resolveFailures(turn: Turn): 'go on' | 'hold' | 'ended' {
  const { run } = turn;
  if (run.cancel !== null || isOverdue(turn)) return stopAll(turn);
  let isUnresolved = false;
  for (const index of [...run.failed]) {
    if (scopeOf(run, index) !== undefined) continue;
    if (!isDealtWith(turn, index)) isUnresolved = true;
  }
  return isUnresolved && turn.wanted.length === 0 ? windBackOrHold(turn) : 'go on';
}

/**
 * Asks from the failed atom outwards, at each item first its retry, then its links on failure, until a container begins
 * again or is caught. A gate stands before the item that it guards, so its failure is not a failure of that item.
 */
function isDealtWith(turn: Turn, index: AtomIndex): boolean {
  const { run } = turn;
  const { flow } = run;
  const failed = atomAt(run, index);
  if (run.declined.get(index)?.has('all')) return false;
  for (let container = containerOf(flow, index); container !== undefined; container = lookUp(flow.containers, container.parent)) {
    const decision = askOnce(turn, container.retry, { failed, index });
    if (decision === 'REVERT_ALL') return false;
    const isTaken = decision === 'RETRY' || takeFailureLink(turn, container, { failed, index });
    // The decision reads large values: it is made again when they are loaded.
    if (turn.wanted.length > 0) return true;
    if (isTaken) {
      if (flow.definition.abortOnFailure) abortWithin(turn, container.index);
      return true;
    }
  }
  return false;
}

/** Asks a retry once per failure: while the run holds or waits for running atoms, it is not asked again. */
function askOnce(turn: Turn, retry: AtomIndex | null, { failed, index }: { failed: RunAtom; index: AtomIndex }): RetryDecision | undefined {
  const { run } = turn;
  // A retry that has failed itself does not decide about its own container.
  if (retry === null || atomAt(run, retry).state !== 'SUCCESS' || run.declined.get(index)?.has(retry)) return 'REVERT';
  return askRetry(turn, retry, failed);
}

function isOverdue({ run, time }: Turn): boolean {
  const deadline = deadlineOf(run);
  return deadline !== null && deadline <= time;
}

function abortWithin(turn: Turn, container: ContainerIndex): void {
  for (const index of applyingAtoms(turn.run)) {
    if (scopeOf(turn.run, index)?.key === container) stopCall(turn, index);
  }
}

/** A cancel or a missed deadline: stops running calls; then the run reverts, or rests at FAILURE once they have ended. */
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
  // A container that a retry is undoing elsewhere is undone first and begins its next attempt, because a recorded RETRY holds (R1).
  const isUndoing = (run.undo?.scopes.size ?? 0) > 0;
  if (run.busy === 0 && !isUndoing) turn.record({ kind: 'RUN', from: run.state, to: 'FAILURE', data });
  return 'hold';
}

/** Running atoms need no extra wait: in the undo order they block only the atoms before them. */
function windBack(turn: Turn, data: { readonly forward: ForwardOutcome }): void {
  turn.record({ kind: 'RUN', from: turn.run.state, to: 'REVERTING', data: { ...data, rollback: { atoms: 'all', then: 'stop' } } });
}

/** The outcome of a run that a person cancelled. */
export function cancelledOutcome({ cancel }: Pick<Run, 'cancel'>): ForwardOutcome {
  return { kind: 'cancelled', by: cancel?.by ?? '', reason: cancel?.reason ?? '' };
}

/** The present forward outcome: cancelled, overdue, or failed at the atom that failed first. */
function outcomeOf(run: Run): ForwardOutcome {
  if (run.cancel !== null) return cancelledOutcome(run);
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
