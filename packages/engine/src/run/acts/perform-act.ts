// Carrying out an act that was not refused (refuse.ts). First the entry that says who, what and why (L2), then
// what it means for the run; advance.ts goes on from there.
import type { Json, JsonObject } from '../../json.ts';
import type { EntryDraft } from '../../logbook/entry.ts';
import type { Act } from './act.ts';
import { againAtoms } from '../decide/advance.ts';
import { callAtom, runningAtoms } from '../decide/calls.ts';
import { atomsOfPlan, planRollback } from '../plan/plan-rollback.ts';
import { type Run, type RunAtom, atomAt, indexOf } from '../state/run.ts';
import { beginRevert } from '../decide/revert.ts';
import type { Turn } from '../decide/turn.ts';
import { WHOLE } from '../state/undo-order.ts';
import { takeSignals, takeUpWaits } from '../decide/waits.ts';

/** Records the act and what follows from it at once. */
export function performAct(turn: Turn, act: Act): void {
  const { run } = turn;
  // The plan is made before the act's own entry moves the logbook.
  const plan = act.kind === 'ROLL_BACK' ? planRollback(run, act.choice) : null;
  turn.record(actEntry(run, act));
  switch (act.kind) {
    case 'SUSPEND':
      turn.record({ kind: 'RUN', from: run.state, to: 'SUSPENDING' });
      break;
    case 'RESUME':
      turn.record({ kind: 'RUN', from: run.state, to: run.state === 'FAILURE' ? 'RUNNING' : run.resumeTo });
      takeUpWaits(turn);
      break;
    case 'CANCEL':
      cancel(turn, act);
      break;
    case 'ROLL_BACK':
      if (plan === null) break;
      turn.record({
        kind: 'RUN',
        from: run.state,
        to: 'REVERTING',
        data: {
          rollback: {
            atoms: act.choice.kind === 'job' ? 'all' : atomsOfPlan(plan),
            ...(act.choice.kind === 'atoms' && act.choice.leaveOut.length > 0 ? { leftOut: act.choice.leaveOut } : {}),
            then: 'stop',
            plan: plan.hash,
            ...(act.drift === undefined || act.drift.length === 0 ? {} : { drift: act.drift }),
          },
        },
      });
      for (const [address, output] of Object.entries(act.outputs ?? {}))
        editOutput(turn, atomOf(run, address), { output, reason: act.reason });
      break;
    case 'APPLY_AGAIN':
      turn.record({ kind: 'RUN', from: run.state, to: 'RUNNING', data: { again: againAtoms(run) } });
      break;
    case 'RETRY_FAILED': {
      const atoms = run.atoms.filter((atom) => atom.state === 'FAILURE').map(({ atom }) => atom);
      turn.record({ kind: 'RUN', from: run.state, to: 'REVERTING', data: { rollback: { atoms, then: 'apply' } } });
      break;
    }
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
      turn.move(atomOf(run, act.atom), 'REVERTED', { reason: `undone by hand: ${act.reason}` });
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
      takeSignals(turn);
      break;
    case 'TRY_AGAIN':
      // The claim has taken up what was under way.
      break;
  }
}

function answerApproval(turn: Turn, act: Extract<Act, { kind: 'ANSWER_APPROVAL' }>): void {
  const atom = atomOf(turn.run, act.atom);
  if (act.approved) turn.move(atom, 'SUCCESS', { output: { approved: true, by: turn.actor.name, comment: act.reason } });
  else turn.move(atom, 'FAILURE', { failure: { code: 'REJECTED', message: `${turn.actor.name} rejected it: ${act.reason}` } });
}

/** A task whose condition could not be told is skipped: the gate before it is no longer asked. */
function openGateBefore(turn: Turn, address: string): void {
  const gate = turn.run.atoms[indexOf(turn.run, `${address}.gate`) ?? -1];
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

function cancel(turn: Turn, act: Extract<Act, { kind: 'CANCEL' }>): void {
  const { run } = turn;
  for (const atom of runningAtoms(run)) turn.command({ kind: 'ABORT', atom });
  const forward = { kind: 'cancelled', by: run.cancel?.by ?? '', reason: act.reason } as const;
  if (act.then === 'revert') {
    turn.record({ kind: 'RUN', from: run.state, to: 'REVERTING', data: { forward, rollback: { atoms: 'all', then: 'stop' } } });
  } else if (run.busy === 0) {
    turn.record({ kind: 'RUN', from: run.state, to: 'FAILURE', data: { forward } });
  }
}

function retryRevert(turn: Turn, act: Extract<Act, { kind: 'RETRY_REVERT' }>): void {
  const { run } = turn;
  const index = indexOf(run, act.atom) ?? -1;
  const atom = atomAt(run, index);
  goOnReverting(turn);
  if (act.output !== undefined) {
    editOutput(turn, atom, { output: act.output, reason: act.reason });
  }
  beginRevert(turn, index, 1);
}

function editOutput(turn: Turn, atom: RunAtom, { output, reason }: { readonly output: Json; readonly reason: string }): void {
  mark(turn, atom, { mark: 'OUTPUT_EDITED', data: { output, before: atom.output, reason } });
}

function settleDoubt(turn: Turn, act: Extract<Act, { kind: 'SETTLE_DOUBT' }>): void {
  const { run } = turn;
  const index = indexOf(run, act.atom) ?? -1;
  const atom = atomAt(run, index);
  mark(turn, atom, { mark: 'DOUBT_SETTLED', data: { reason: act.reason } });
  switch (act.answer.kind) {
    case 'happened':
      turn.move(atom, 'SUCCESS', { output: act.answer.output });
      break;
    case 'failed':
      turn.move(atom, 'FAILURE', { failure: { code: 'DOUBT_SETTLED_AS_FAILED', message: act.reason } });
      break;
    case 'repeat':
      turn.move(atom, 'RUNNING', { repeated: true });
      callAtom(turn, index, 'apply');
      break;
  }
}

function goOnReverting(turn: Turn): void {
  const { run } = turn;
  if (run.state !== 'REVERT_FAILED') return;
  // The failed revert was that of a rollback, or of a retry while the run went forward.
  const to = run.undo?.scopes.has(WHOLE) ? 'REVERTING' : 'RUNNING';
  turn.record({ kind: 'RUN', from: run.state, to });
  takeUpWaits(turn);
}

function mark(turn: Turn, atom: RunAtom, what: Pick<Extract<EntryDraft, { kind: 'MARK' }>, 'mark' | 'data'>): void {
  turn.record({ kind: 'MARK', atom: atom.atom, attempt: atom.attempt, ...what });
}

function atomOf(run: Run, address: string): RunAtom {
  return atomAt(run, indexOf(run, address) ?? -1);
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
