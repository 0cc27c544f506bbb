// What a run does by itself: starts what is ready, turns a failure into a rollback or a hold, starts the reverts
// whose turn has come, ends, and lets go of its job when there is nothing more to do.
import type { AttentionReason } from '../states.ts';
import { callAtom } from './calls.ts';
import { resolveFailure } from './resolve-failure.ts';
import { resolveBinding, resolveInputs } from './inputs.ts';
import type { JsonObject } from '../json.ts';
import { type Run, atomAt } from './run.ts';
import type { Turn } from './turn.ts';
import { hasRun } from './undo-order.ts';

/** Most atoms of one run that are applied or reverted at the same time. */
export interface Parallelism {
  readonly parallel: number;
}

/** Goes on until nothing more follows by itself. */
export function advance(turn: Turn, limits: Parallelism): void {
  const { run } = turn;
  for (let before = -1; before !== run.number; ) {
    before = run.number;
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
  letGo(turn);
}

function goOn(turn: Turn, limits: Parallelism): void {
  const { run } = turn;
  if (run.failures > 0 || run.cancel !== null) {
    resolveFailure(turn);
    return;
  }
  while (run.busy < limits.parallel && run.failures === 0) {
    const index = run.progress.ready.take();
    if (index === undefined) break;
    if (atomAt(run, index).state === 'PENDING') startAtom(turn, index);
  }
  if (run.progress.finished && run.busy === 0 && run.failures === 0) succeed(turn);
}

function startAtom(turn: Turn, index: number): void {
  const { run } = turn;
  const compiled = run.flow.atoms[index];
  const atom = atomAt(run, index);
  if (compiled === undefined) return;
  const resolved = resolveInputs(run, compiled);
  const attempt = atom.attempt + 1;
  const place = { kind: 'ATOM', atom: atom.atom, attempt, from: atom.state } as const;
  if (resolved.kind === 'failed') {
    turn.record({ ...place, to: 'FAILURE', data: { failure: resolved.failure } });
    return;
  }
  const secrets = Object.keys(resolved.secrets).length > 0 ? { secrets: resolved.secrets } : {};
  turn.record({ ...place, to: 'RUNNING', data: { input: resolved.input, ...secrets } });
  callAtom(turn, index, 'apply');
}

function succeed(turn: Turn): void {
  const { run } = turn;
  const outputs: JsonObject = {};
  for (const output of run.flow.outputs) {
    try {
      const value = resolveBinding(run, output);
      if (value !== undefined) outputs[output.name] = value;
    } catch {}
  }
  turn.record({ kind: 'RUN', from: run.state, to: 'SUCCESS', data: { outputs, forward: { kind: 'succeeded' } } });
}

function comeToRest(turn: Turn): void {
  const { run } = turn;
  if (run.busy > 0) return;
  const nothingLeft = run.resumeTo === 'RUNNING' && run.progress.finished && run.failures === 0;
  if (nothingLeft) succeed(turn);
  else turn.record({ kind: 'RUN', from: run.state, to: 'SUSPENDED' });
}

function windBack(turn: Turn, limits: Parallelism): void {
  const { run } = turn;
  const { undo } = run;
  if (undo === null) return;
  while (run.busy < limits.parallel) {
    const index = undo.ready.take();
    if (index === undefined) break;
    if (undo.open[index] === 1) undoAtom(turn, index);
  }
  if (run.busy === 0 && undo.ready.size === 0) endRollback(turn);
}

function undoAtom(turn: Turn, index: number): void {
  const { run } = turn;
  const atom = atomAt(run, index);
  if (atom.state !== 'SUCCESS' && atom.state !== 'FAILURE' && atom.state !== 'IGNORE') return;
  const effects = run.flow.atoms[index]?.type?.effects;
  if (!atom.applied) turn.move(atom, 'REVERTED', { reason: 'apply was never called' });
  else if (effects?.kind === 'none') turn.move(atom, 'REVERTED', { reason: 'it has no effect' });
  else if (effects?.kind === 'irreversible') {
    turn.record({ kind: 'MARK', atom: atom.atom, attempt: atom.attempt, mark: 'KEPT', data: { reason: effects.reason } });
  } else {
    turn.move(atom, 'REVERTING', { revertAttempt: 1 });
    callAtom(turn, index, 'revert');
  }
}

function endRollback(turn: Turn): void {
  const { run } = turn;
  const { rollback, undo } = run;
  if (rollback === null || undo === null) return;
  if (undo.openCount > 0) {
    turn.record({ kind: 'RUN', from: run.state, to: 'REVERT_FAILED', data: { left: whatIsLeft(run) } });
    return;
  }
  if (rollback.then === 'apply') {
    turn.record({ kind: 'RUN', from: run.state, to: 'RUNNING', data: { again: [...againAtoms(run)] } });
    return;
  }
  const left = whatIsLeft(run);
  const to = left.length === 0 ? 'REVERTED' : 'PARTIALLY_REVERTED';
  turn.record({ kind: 'RUN', from: run.state, to, data: { left } });
}

/** Atoms that a new forward pass applies anew (B5). */
export function againAtoms(run: Run): string[] {
  return run.atoms.filter(({ state }) => state === 'REVERTED' || state === 'FAILURE' || state === 'REVERT_FAILURE').map(({ atom }) => atom);
}

/** Everything that has an effect and still stands, with the reason (T1). */
function whatIsLeft(run: Run): { atom: string; because: string }[] {
  const reasons = new Map(run.rollback?.leftOut?.map(({ atom, reason }) => [atom, reason]));
  return run.atoms.flatMap((atom, index) => {
    if (!hasRun(atom) || run.flow.atoms[index]?.type?.effects.kind === 'none') return [];
    const failed = atom.state === 'REVERT_FAILURE' && atom.kept === null ? 'its revert failed' : undefined;
    const waits = run.undo?.open[index] === 1 ? 'it waits for the revert of what comes after it' : undefined;
    return [{ atom: atom.atom, because: atom.kept ?? reasons.get(atom.atom) ?? failed ?? waits ?? 'not part of the rollback' }];
  });
}

function letGo(turn: Turn): void {
  const { run } = turn;
  if (run.job !== 'CLAIMED') return;
  const rest = restOf(run);
  if (rest === null) return;
  turn.record({ kind: 'JOB', from: run.job, to: rest.to, ...(rest.attention ? { data: { attention: rest.attention } } : {}) });
}

function restOf(run: Run): { readonly to: 'WAITING' | 'COMPLETE'; readonly attention: AttentionReason | null } | null {
  switch (run.state) {
    case 'SUCCESS':
    case 'REVERTED':
    case 'PARTIALLY_REVERTED':
      return { to: 'COMPLETE', attention: null };
    case 'FAILURE':
      return { to: 'WAITING', attention: 'held' };
    case 'REVERT_FAILED':
      return { to: 'WAITING', attention: 'revert_failed' };
    case 'SUSPENDED':
      return { to: 'WAITING', attention: null };
    case 'PENDING':
      return null;
    case 'RUNNING':
    case 'SUSPENDING':
    case 'REVERTING':
      return run.doubts > 0 && run.busy === run.doubts ? { to: 'WAITING', attention: 'in_doubt' } : null;
  }
}
