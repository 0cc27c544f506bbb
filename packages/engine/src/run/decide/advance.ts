// What a run does without an event: it starts ready atoms, turns a failure into a rollback or a hold, starts reverts
// whose turn has come, and ends. When there is nothing more to do, the claim is released (park.ts).
import { retriedAtoms } from './again.ts';
import { beginAtom } from './begin-atom.ts';
import { releaseClaim } from './park.ts';
import { caughtFailures, settleCatch } from './controls/catch.ts';
import { type Limits, hasRoom } from './limits.ts';
import { cancelledOutcome, resolveFailures } from './resolve-failure.ts';
import { beginContainerAgain } from './controls/retry.ts';
import { undoAtom } from './revert.ts';
import { isCatching } from '../state/caught.ts';
import { makeReady } from '../state/readiness.ts';
import { standingEffects } from '../plan/standing-effects.ts';
import { isUndoneAsPart } from '../plan/undo-action.ts';
import { type Run, type UndoScopeKey, type UndoTurn, atomAt } from '../state/run.ts';
import { isBusy } from '../state/tally.ts';
import { flowOutputs } from '../values/flow-outputs.ts';
import { serveAgenda } from './serve-agenda.ts';
import type { Turn } from './turn.ts';
import { takeUpWaits } from './waits.ts';
import { isUndoTurn, scopeOf } from '../state/undo-order.ts';
import type { AtomIndex } from '../graph/index-spaces.ts';

/** Records entries until none follows without a further event, or the turn is full. */
export function advance(turn: Turn, limits: Limits): void {
  const { run } = turn;
  for (let before = -1; before !== run.number && !turn.isFull; ) {
    before = run.number;
    serveAgenda(turn, limits);
    switch (run.state) {
      case 'RUNNING':
        goOn(turn, limits);
        break;
      case 'SUSPENDING':
        comeToRest(turn);
        break;
      case 'REVERTING':
        windBack(turn, limits);
        break;
      case 'PENDING':
      case 'SUSPENDED':
      case 'SUCCESS':
      case 'FAILURE':
      case 'REVERTED':
      case 'PARTIALLY_REVERTED':
      case 'REVERT_FAILED':
        break;
    }
  }
  // The claim is kept while more entries follow, or while values are loaded for them.
  if (!turn.isFull) releaseClaim(turn, limits);
}

function goOn(turn: Turn, limits: Limits): void {
  const { run } = turn;
  const outcome = resolveFailures(turn);
  if (outcome === 'ended' || turn.isFull) return;
  undoReady(turn, limits);
  if (turn.isFull) return;
  if (run.stuck > 0) {
    // A retry cannot go on while a revert in its container has failed; atoms that still run are awaited.
    if (run.busy === 0 && run.sleeping === 0)
      turn.record({ kind: 'RUN', from: run.state, to: 'REVERT_FAILED', data: { left: standingEffects(run) } });
    return;
  }
  beginContainers(turn);
  if (outcome === 'hold') return;
  workOutControls(turn);
  while (hasRoom(run, limits) && run.failed.size === 0 && !turn.isFull) {
    const index = run.progress.ready.take();
    if (index === undefined) break;
    begin(turn, index);
    workOutControls(turn);
  }
  if (turn.isFull) return;
  if (run.state === 'RUNNING' && isComplete(run)) succeed(turn);
}

/**
 * An item with join "any" may have been passed while an item before it still waits, is undone by its retry, or has not begun: that
 * item is awaited. In a pause, conditions, lists and rounds have not been evaluated either.
 */
function isComplete(run: Run): boolean {
  const { progress, undo } = run;
  if (!progress.finished || run.failed.size > 0) return false;
  if (run.busy > 0 || run.waiting > 0 || run.sleeping > 0 || (undo?.scopes.size ?? 0) > 0) return false;
  const begins = (index: AtomIndex) => mayBegin(run, index);
  return progress.ready.first(begins) === undefined && progress.controls.first(begins) === undefined;
}

/** Gates, lists and rounds are evaluated before any task starts, because they decide which tasks may start. */
function workOutControls(turn: Turn): void {
  const { controls } = turn.run.progress;
  while (!turn.isFull) {
    const index = controls.take();
    if (index === undefined) return;
    begin(turn, index);
  }
}

/** False for an atom that has begun since it became ready. */
function mayBegin(run: Run, index: AtomIndex): boolean {
  return run.progress.isReady[index] === 1 && atomAt(run, index).state === 'PENDING' && scopeOf(run, index) === undefined;
}

function begin(turn: Turn, index: AtomIndex): void {
  const { run } = turn;
  if (!mayBegin(run, index)) return;
  beginAtom(turn, index);
  if (turn.wanted.length > 0) makeReady(run, index);
}

/** Containers that are completely undone: a caught one is settled, and one with a retry begins again. */
function beginContainers(turn: Turn): void {
  const { run } = turn;
  for (const [key, scope] of [...(run.undo?.scopes ?? [])]) {
    if (scope.openCount > 0 || isBusyWithin(run, key)) continue;
    const container = key === 'run' ? undefined : run.flow.containers[key];
    if (container === undefined) continue;
    if (isCatching(run, container)) settleCatch(turn, container);
    else if (container.retry !== null) beginContainerAgain(turn, container.retry);
  }
}

/** Is a call under way inside? A call may still run after its atom was kept. */
function isBusyWithin(run: Run, key: UndoScopeKey): boolean {
  if (run.busy === 0) return false;
  return run.atoms.some((atom, index) => (isBusy(atom) || atom.state === 'REVERTING') && scopeOf(run, index)?.key === key);
}

function succeed(turn: Turn): void {
  const { run } = turn;
  const given = turn.reading(() => flowOutputs(run))?.value;
  if (given === undefined) return;
  const { outputs, unresolved } = given;
  const caught = caughtFailures(run);
  const forward = { kind: 'succeeded', ...(caught.length === 0 ? {} : { caught }) } as const;
  const listed = unresolved.length > 0 ? { unresolved } : {};
  turn.record({ kind: 'RUN', from: run.state, to: 'SUCCESS', data: { outputs, forward, ...listed } });
}

function comeToRest(turn: Turn): void {
  const { run } = turn;
  if (run.busy > 0) return;
  settleUndoneAsPart(turn);
  if (turn.isFull) return;
  const wentForward = run.resumeTo === 'RUNNING';
  const nothingLeft = wentForward && isComplete(run);
  // The run was cancelled or is past its deadline, and was paused to wait for the stopped calls.
  const isHeld = wentForward && (run.cancel?.then === 'hold' || run.forward?.kind === 'overdue');
  if (isHeld) turn.record({ kind: 'RUN', from: run.state, to: 'FAILURE', data: { forward: run.forward ?? cancelledOutcome(run) } });
  else if (nothingLeft) succeed(turn);
  else turn.record({ kind: 'RUN', from: run.state, to: 'SUSPENDED' });
}

/** The container's own revert was done before the pause, so no part of the container is left for a newer plan. */
function settleUndoneAsPart(turn: Turn): void {
  const { run } = turn;
  const { undo } = run;
  const others: UndoTurn[] = [];
  while (!turn.isFull) {
    const next = undo?.ready.take();
    if (next === undefined) break;
    const [index] = next;
    if (!isUndoTurn(run, index)) continue;
    if (isUndoneAsPart(run, index)) undoAtom(turn, index);
    else others.push(next);
  }
  for (const other of others) undo?.ready.push(other);
}

function windBack(turn: Turn, limits: Limits): void {
  const { run } = turn;
  if (run.undo === null) return;
  undoReady(turn, limits);
  if (turn.isFull) return;
  if (run.busy === 0 && run.sleeping === 0 && run.undo.ready.size === 0) endRollback(turn);
}

/** Undoes every atom whose turn has come. */
function undoReady(turn: Turn, limits: Limits): void {
  const { run } = turn;
  const { undo } = run;
  if (undo === null) return;
  while (hasRoom(run, limits) && !turn.isFull) {
    const [index] = undo.ready.take() ?? [];
    if (index === undefined) break;
    if (isUndoTurn(run, index)) undoAtom(turn, index);
  }
}

function endRollback(turn: Turn): void {
  const { run } = turn;
  const { rollback, undo } = run;
  if (rollback === null || undo === null) return;
  if ((undo.scopes.get('run')?.openCount ?? 0) > 0) {
    turn.record({ kind: 'RUN', from: run.state, to: 'REVERT_FAILED', data: { left: standingEffects(run) } });
    return;
  }
  if (rollback.then === 'apply') {
    turn.record({ kind: 'RUN', from: run.state, to: 'RUNNING', data: { again: retriedAtoms(run) } });
    takeUpWaits(turn);
    return;
  }
  const standing = standingEffects(run);
  const to = standing.length === 0 ? 'REVERTED' : 'PARTIALLY_REVERTED';
  turn.record({ kind: 'RUN', from: run.state, to, data: { left: standing } });
}
