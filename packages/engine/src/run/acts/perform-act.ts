// Carries out an act that was not refused (refuse.ts). The act's own entry, with actor and reason, comes first (L2), then its
// effects on the run; advance.ts continues from there.
import type { Json, JsonObject } from '../../json.ts';
import type { EntryDraft } from '../../logbook/entry.ts';
import type { Act } from './act.ts';
import { isNoOutput } from './given-output.ts';
import { againAtoms } from '../decide/again.ts';
import { applyAgain, applyingAtoms, revertAgain, revertAtom, stopCall } from '../decide/calls.ts';
import { atomsOfPlan, planRollback } from '../plan/plan-rollback.ts';
import type { RollbackPlan } from '../plan/rollback-plan.ts';
import { destroyedWith } from '../plan/undo-action.ts';
import { type Run, type RunAtom, atomAt, indexOf, knownIndexOf, mayHaveEffect } from '../state/run.ts';
import { endWaitWith } from '../decide/end-wait.ts';
import { endIdleWait } from '../decide/revert.ts';
import { cancelledOutcome } from '../decide/resolve-failure.ts';
import type { Turn } from '../decide/turn.ts';
import { giveSignal, takeUpWaits } from '../decide/waits.ts';
import { lookUp } from '../graph/index-spaces.ts';

/** Records the act and its direct effects. */
export function performAct(turn: Turn, act: Act): void {
  const { run } = turn;
  const before = run.state;
  // The plan is made before the act's own entry, which would change the plan's basis.
  const plan = act.kind === 'ROLL_BACK' ? planRollback(run, act.choice) : null;
  turn.record(actEntry(run, act));
  carryOut(turn, act, plan);
  // Answers and signals that came while the run was at rest take effect when it goes on.
  if (before !== run.state) takeUpWaits(turn);
}

function carryOut(turn: Turn, act: Act, plan: RollbackPlan | null): void {
  const { run } = turn;
  switch (act.kind) {
    case 'SUSPEND':
      turn.record({ kind: 'RUN', from: run.state, to: 'SUSPENDING' });
      break;
    case 'RESUME':
      turn.record({ kind: 'RUN', from: run.state, to: run.state === 'FAILURE' ? 'RUNNING' : run.resumeTo });
      break;
    case 'CANCEL':
      cancel(turn, act);
      break;
    case 'ROLL_BACK':
      if (plan !== null) rollBack(turn, act, plan);
      break;
    case 'APPLY_AGAIN':
      applyForward(
        turn,
        withStages(run, (atom) => hasFailed(atom) || isStuck(atom)),
      );
      break;
    case 'RETRY_FAILED':
      applyForward(
        turn,
        withStages(run, (atom) => hasFailed(atom) || isToBeReverted(atom) || isStuck(atom)),
      );
      break;
    case 'SKIP_FAILED':
      openGateBefore(turn, act.atom);
      turn.move(atomOf(run, act.atom), 'IGNORE', { output: act.output, reason: act.reason });
      if (run.failed.size === 0) turn.record({ kind: 'RUN', from: run.state, to: 'RUNNING' });
      break;
    case 'RETRY_REVERT':
      retryRevert(turn, act);
      break;
    case 'MARK_REVERTED':
      goOnReverting(turn);
      turn.move(atomOf(run, act.atom), 'REVERTED', { reason: act.reason, byHand: true });
      break;
    case 'KEEP':
      goOnReverting(turn);
      mark(turn, atomOf(run, act.atom), { mark: 'KEPT', data: { reason: act.reason } });
      break;
    case 'SETTLE_DOUBT':
      settleDoubt(turn, act);
      break;
    case 'ANSWER_APPROVAL':
      answerApproval(turn, act);
      break;
    case 'SIGNAL':
      giveSignal(turn, act.name);
      break;
    case 'TRY_AGAIN':
      // The claim of the job has already resumed the run.
      break;
  }
}

function rollBack(turn: Turn, act: Extract<Act, { kind: 'ROLL_BACK' }>, plan: RollbackPlan): void {
  const { run } = turn;
  const leftOut = plan.standing.flatMap(({ atom, because, leftOut: isLeftOut, orphaned }) =>
    isLeftOut ? [{ atom, reason: because, ...(orphaned ? { orphaned } : {}) }] : [],
  );
  for (const { atom } of leftOut) endIdleWait(turn, knownIndexOf(run, atom));
  turn.record({
    kind: 'RUN',
    from: run.state,
    to: 'REVERTING',
    data: {
      rollback: {
        atoms: act.choice.kind === 'job' ? 'all' : atomsOfPlan(plan),
        ...(leftOut.length > 0 ? { leftOut } : {}),
        then: 'stop',
        plan: plan.hash,
        ...(act.reason === '' ? {} : { reason: act.reason }),
        ...(act.confirmedBy === undefined ? {} : { confirmedBy: act.confirmedBy }),
        ...(act.drift === undefined || act.drift.length === 0 ? {} : { drift: act.drift }),
      },
    },
  });
  // A failed or waiting revert that the plan does not include is kept (R11).
  for (const { atom: address } of run.atoms.filter((atom) => isToBeReverted(atom) || isStuck(atom))) {
    if (run.undo?.open[knownIndexOf(run, address)] === 1) continue;
    const reason = leftOut.find(({ atom }) => atom === address)?.reason ?? 'not part of the rollback';
    mark(turn, atomOf(run, address), { mark: 'KEPT', data: { reason } });
  }
  for (const [address, output] of Object.entries(act.outputs ?? {})) {
    editOutput(turn, atomOf(run, address), { output, reason: act.reason });
  }
}

/** Applies again; failed attempts that still stand are undone first. */
function applyForward(turn: Turn, atoms: readonly string[]): void {
  const { run } = turn;
  if (atoms.length > 0) turn.record({ kind: 'RUN', from: run.state, to: 'REVERTING', data: { rollback: { atoms, then: 'apply' } } });
  else turn.record({ kind: 'RUN', from: run.state, to: 'RUNNING', data: { again: againAtoms(run) } });
}

/** The wanted atoms; for a stage of a resource with one destroy, all stages of that resource. */
function withStages({ flow, atoms }: Run, isWanted: (atom: RunAtom) => boolean): string[] {
  const wanted = atoms.flatMap((atom, index) => {
    if (!isWanted(atom)) return [];
    return mayHaveEffect(atom) ? [index, ...destroyedWith(flow, index)] : [index];
  });
  return [...new Set(wanted)].flatMap((index) => atoms[index]?.atom ?? []);
}

function hasFailed({ state }: RunAtom): boolean {
  return state === 'FAILURE';
}

/** Did its revert fail, so that it is to be called again? */
function isToBeReverted({ state, notBefore, kept }: RunAtom): boolean {
  return state === 'REVERTING' && notBefore > 0 && kept === null;
}

/** Has its revert failed for good, without a decision of a person? */
function isStuck({ state, kept }: RunAtom): boolean {
  return state === 'REVERT_FAILURE' && kept === null;
}

function answerApproval(turn: Turn, act: Extract<Act, { kind: 'ANSWER_APPROVAL' }>): void {
  const output = { approved: true, by: turn.actor.name, comment: act.reason };
  if (act.approved) endWaitWith(turn, knownIndexOf(turn.run, act.atom), { output });
  else
    turn.move(atomOf(turn.run, act.atom), 'FAILURE', {
      failure: { code: 'REJECTED', message: `${turn.actor.name} rejected it: ${act.reason}` },
    });
}

/** When the condition of a skipped task failed, its gate is opened so that it is not evaluated again. */
function openGateBefore(turn: Turn, address: string): void {
  const gate = lookUp(turn.run.atoms, indexOf(turn.run, `${address}.gate`));
  if (gate?.state !== 'PENDING') return;
  turn.record({
    kind: 'ATOM',
    atom: gate.atom,
    attempt: gate.attempt + 1,
    from: 'PENDING',
    to: 'SUCCESS',
    data: { output: { open: true } },
  });
}

/** Stops the calls that run. With `hold` the run comes to rest at FAILURE when they have ended (advance.ts). */
function cancel(turn: Turn, act: Extract<Act, { kind: 'CANCEL' }>): void {
  const { run } = turn;
  for (const index of applyingAtoms(run)) stopCall(turn, index);
  const forward = cancelledOutcome(run);
  if (act.then === 'revert') {
    turn.record({ kind: 'RUN', from: run.state, to: 'REVERTING', data: { forward, rollback: { atoms: 'all', then: 'stop' } } });
  } else if (run.busy === 0) {
    turn.record({ kind: 'RUN', from: run.state, to: 'FAILURE', data: { forward } });
  }
}

function retryRevert(turn: Turn, act: Extract<Act, { kind: 'RETRY_REVERT' }>): void {
  const index = knownIndexOf(turn.run, act.atom);
  goOnReverting(turn);
  if (act.output !== undefined) editOutput(turn, atomAt(turn.run, index), { output: act.output, reason: act.reason });
  revertAtom(turn, index, 1);
}

function editOutput(turn: Turn, atom: RunAtom, { output, reason }: { readonly output: Json; readonly reason: string }): void {
  const before = atom.outputAt === null ? { before: atom.output } : { beforeEntry: atom.outputAt.entry };
  mark(turn, atom, { mark: 'OUTPUT_EDITED', data: { output, ...before, reason } });
}

function settleDoubt(turn: Turn, { atom: address, answer, reason }: Extract<Act, { kind: 'SETTLE_DOUBT' }>): void {
  const { run } = turn;
  const index = knownIndexOf(run, address);
  const atom = atomAt(run, index);
  mark(turn, atom, { mark: 'DOUBT_SETTLED', data: { reason } });
  turn.command({ kind: 'FORGET', atom: address });
  const failure = { code: 'DOUBT_SETTLED_AS_FAILED', message: reason };
  if (atom.state === 'RUNNING') {
    if (answer.kind === 'happened') turn.move(atom, 'SUCCESS', isNoOutput(run, address, answer.output) ? {} : { output: answer.output });
    else if (answer.kind === 'failed') turn.move(atom, 'FAILURE', { failure });
    else applyAgain(turn, index);
  } else if (atom.state === 'REVERTING' && atom.notBefore === 0) {
    if (answer.kind === 'happened') turn.move(atom, 'REVERTED', { reason, byHand: true });
    else if (answer.kind === 'failed') turn.move(atom, 'REVERT_FAILURE', { failure, revertAttempt: atom.revertAttempt });
    else revertAgain(turn, index);
  } else if (answer.kind === 'happened' && isRevertOpen(atom)) {
    turn.move(atom, 'REVERTED', { reason, byHand: true });
  }
}

/** Is the revert not yet done, after its call went past the time limit? */
function isRevertOpen({ state, kept }: RunAtom): boolean {
  return kept === null && (state === 'REVERTING' || state === 'REVERT_FAILURE');
}

function goOnReverting(turn: Turn): void {
  const { run } = turn;
  if (run.state !== 'REVERT_FAILED') return;
  // The failed revert belonged to a rollback, or to a retry while the run went forward.
  const to = run.undo?.scopes.has('run') ? 'REVERTING' : 'RUNNING';
  turn.record({ kind: 'RUN', from: run.state, to });
}

function mark(turn: Turn, atom: RunAtom, what: Pick<Extract<EntryDraft, { kind: 'MARK' }>, 'mark' | 'data'>): void {
  turn.record({ kind: 'MARK', atom: atom.atom, attempt: atom.attempt, ...what });
}

function atomOf(run: Run, address: string): RunAtom {
  return atomAt(run, knownIndexOf(run, address));
}

function actEntry(run: Run, act: Act): EntryDraft {
  const { kind, reason, ...rest } = act;
  const { atom, ...data } = rest as { atom?: string } & JsonObject;
  return {
    kind: 'ACT',
    act: kind,
    reason,
    ...(atom === undefined ? {} : { atom }),
    data: { ...data, before: run.state },
  };
}
