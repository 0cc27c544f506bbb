// Carrying out an act that was not refused (refuse.ts). First the entry that says who, what and why (L2), then
// what it means for the run; advance.ts goes on from there.
import type { JsonObject } from '../json.ts';
import type { EntryDraft } from '../logbook/entry.ts';
import type { Act } from './act.ts';
import { againAtoms } from './advance.ts';
import { callAtom, runningAtoms } from './calls.ts';
import { atomsOfPlan, planRollback } from './plan-rollback.ts';
import { type Run, type RunAtom, atomAt, indexOf } from './run.ts';
import type { Turn } from './turn.ts';

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
          },
        },
      });
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
      turn.move(atomOf(run, act.atom), 'IGNORE', { output: act.output, reason: act.reason });
      if (run.failures === 0) turn.record({ kind: 'RUN', from: run.state, to: 'RUNNING' });
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
  }
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
    mark(turn, atom, { mark: 'OUTPUT_EDITED', data: { output: act.output, before: atom.output, reason: act.reason } });
  }
  turn.move(atom, 'REVERTING', { revertAttempt: 1 });
  callAtom(turn, index, 'revert');
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
  if (turn.run.state === 'REVERT_FAILED') turn.record({ kind: 'RUN', from: 'REVERT_FAILED', to: 'REVERTING' });
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
