// Does an act fit the state of the run? Null, or one sentence that says what to do instead.
// Pure and separate from carrying it out, so that a refused act writes no entry and needs no claim.
import type { Actor } from '../../actor.ts';
import { isEmptyObject } from '../../json.ts';
import { LARGE } from '../../logbook/stored-value.ts';
import { payloadExcess, sizeIfOver } from '../../payload.ts';
import { firstWaiter, oldestSignal } from '../state/signals.ts';
import { isBusy } from '../state/tally.ts';
import type { Act } from './act.ts';
import { type DoubtedCall, doubtOf } from './doubted-call.ts';
import { nameOf, whyNotGiven, whyNotOutput } from './given-output.ts';
import { planRollback } from '../plan/plan-rollback.ts';
import type { RollbackPlan } from '../plan/rollback-plan.ts';
import { type Run, type RunAtom, indexOf, isDeadLetter } from '../state/run.ts';
import type { RunSnapshot } from '../state/snapshot/snapshot.ts';
import { scopeOf } from '../state/undo-order.ts';
import { lookUp } from '../graph/index-spaces.ts';

/** Why an act is refused now. */
export interface Refusal {
  readonly code: 'ACT_REFUSED' | 'PLAN_CHANGED' | 'DRIFTED';
  readonly message: string;
}

/** Null when the act may be carried out now. */
export function refusalOf(run: Run, act: Act, by?: Actor): Refusal | null {
  const message = act.kind === 'ROLL_BACK' ? null : whyNot(run, act, by);
  if (message !== null) return { code: 'ACT_REFUSED', message };
  if (act.kind !== 'ROLL_BACK') return null;
  const plan = planRollback(run, act.choice);
  if (plan.blocked !== null) return { code: 'ACT_REFUSED', message: plan.blocked };
  if (plan.hash === act.hash) {
    const unclear = whyUnclear(run, act, plan);
    return unclear === null ? null : { code: 'ACT_REFUSED', message: unclear };
  }
  return { code: 'PLAN_CHANGED', message: 'The logbook has changed since this plan was made. Nothing was undone. Look at the new plan.' };
}

/** Why a confirmation lacks a reason, or edits an output that its plan does not let be edited. */
function whyUnclear(run: Run, act: Extract<Act, { kind: 'ROLL_BACK' }>, plan: RollbackPlan): string | null {
  const edits = Object.entries(act.outputs ?? {});
  const planned = plan.waves.flat();
  for (const [address, output] of edits) {
    if (planned.find(({ atom }) => atom === address)?.editable !== true) {
      return `The saved output of ${named(run, address)} cannot be edited. Confirm without that edit.`;
    }
    const wrong = whyNotOutput(run, address, output);
    if (wrong !== null) return wrong;
  }
  if (act.reason !== '') return null;
  if (edits.length > 0) return 'Say why: a saved output was edited, so a reason is needed.';
  return (act.drift ?? []).length === 0 ? null : 'Say why: an effect has changed since it was applied, so a reason is needed.';
}

function whyNot(run: Run, act: Exclude<Act, { kind: 'ROLL_BACK' }>, by: Actor | undefined): string | null {
  const state = run.state;
  switch (act.kind) {
    case 'SUSPEND':
      // The claim of this act would call again what the conductors were lost with.
      if (isDeadLetter(run) && state === 'RUNNING') {
        return 'This job was given up, so no task of it runs and there is nothing to pause. Roll it back, cancel it, or try it again.';
      }
      return state === 'RUNNING' || state === 'REVERTING' ? null : `Only a job that is going on can be paused; this one is ${state}.`;
    case 'RESUME':
      if (state === 'SUSPENDED' || (state === 'FAILURE' && run.failed.size === 0)) return null;
      return `Only a paused job can be resumed; this one is ${state}.`;
    case 'CANCEL':
      return whyNotCancelled(run, act.then);
    case 'APPLY_AGAIN':
      return state === 'REVERTED' || state === 'PARTIALLY_REVERTED'
        ? whyNoEdit(run, act.parameters)
        : `Applying again is for a job that was rolled back; this one is ${state}.`;
    case 'RETRY_FAILED':
      return state === 'FAILURE' && run.failed.size > 0
        ? whyNoEdit(run, act.parameters)
        : `Only a job held at a failure can be retried; this one is ${state}.`;
    case 'SKIP_FAILED':
      if (state !== 'FAILURE') return `Only a job held at a failure can go on without a task; this one is ${state}.`;
      return whyNotAtom(run, act.atom, 'FAILURE') ?? whyNotSkipped(run, act);
    case 'RETRY_REVERT':
      return whyNotRevert(run, act.atom) ?? whyNotEdited(run, act);
    case 'MARK_REVERTED':
    case 'KEEP':
      return whyNotRevert(run, act.atom);
    case 'SETTLE_DOUBT':
      return whyNotSettled(run, act);
    case 'ANSWER_APPROVAL':
      return whyNoAnswer(run, act, by);
    case 'SIGNAL':
      if (state === 'SUCCESS' || state === 'REVERTED' || state === 'PARTIALLY_REVERTED') return `The job is over: it is ${state}.`;
      return whyNoSignal(run, act);
    case 'TRY_AGAIN':
      // The job's row says whether the job was dead-lettered; the conductor checks that before it claims the job.
      return null;
  }
}

/** Why a run in this state is not cancelled; null when it may be. */
export function whyNotCancelled(
  { state, resumeTo, cancel, forward }: Pick<RunSnapshot, 'state' | 'resumeTo' | 'cancel' | 'forward'>,
  then: 'revert' | 'hold',
): string | null {
  if ((state === 'SUSPENDING' || state === 'SUSPENDED') && resumeTo === 'REVERTING') {
    return 'A rollback of this job is paused. Resume it, or roll back by another plan.';
  }
  if (state === 'SUSPENDING' && then === 'hold' && (cancel !== null || forward?.kind === 'overdue')) {
    return 'This job is already being stopped. It waits for the tasks that still run.';
  }
  // A job that has not begun begins with the act's claim, and ends before any task is applied.
  if (state === 'PENDING' || state === 'RUNNING' || state === 'SUSPENDING' || state === 'SUSPENDED') return null;
  return state === 'REVERTING' ? 'This job is already being rolled back.' : `There is nothing to cancel: the job is ${state}.`;
}

function whyNotSkipped(run: Run, { atom, output }: Extract<Act, { kind: 'SKIP_FAILED' }>): string | null {
  const index = indexOf(run, atom);
  if (index !== undefined && scopeOf(run, index) !== undefined) {
    return `${named(run, atom)} is being undone, because its failure was dealt with before the job was held: retry the job, or roll it back.`;
  }
  return whyNotGiven(run, atom, output);
}

function whyNotRevert(run: Run, address: string): string | null {
  const { state } = run;
  if (state !== 'REVERT_FAILED' && state !== 'REVERTING' && state !== 'RUNNING') return `No revert has failed: the job is ${state}.`;
  const wrong = whyNotAtom(run, address, 'REVERT_FAILURE');
  if (wrong !== null) return wrong;
  const atom = atomOf(run, address);
  return atom !== undefined && isBusy(atom)
    ? `The last call of the revert of ${named(run, address)} has not ended yet. Wait for its end.`
    : null;
}

/** Why a failed revert may not get the edited output. */
function whyNotEdited(run: Run, { atom, output, reason }: Extract<Act, { kind: 'RETRY_REVERT' }>): string | null {
  if (output === undefined) return null;
  if (lookUp(run.flow.atoms, indexOf(run, atom))?.type?.mayEditOutput !== true) {
    return `The saved output of ${named(run, atom)} cannot be edited: its task type does not allow it.`;
  }
  return whyNotOutput(run, atom, output) ?? (reason === '' ? 'Say why: a saved output was edited, so a reason is needed.' : null);
}

function whyNotSettled(run: Run, { atom: address, answer }: Extract<Act, { kind: 'SETTLE_DOUBT' }>): string | null {
  const name = named(run, address);
  const doubt = doubtOf(run, address);
  if (doubt === null) return `${name} is not in doubt.`;
  const { call, mayRepeat } = doubt;
  if (answer.kind === 'repeat') return mayRepeat ? null : `${whyNotRepeated(call, name)} Say whether it happened or failed.`;
  if (answer.kind !== 'happened') return null;
  if (call === 'apply' || call === 'endedApply') return whyNotGiven(run, address, answer.output);
  // An output that nothing would take is not dropped in silence (B7).
  if (isEmptyObject(answer.output)) return null;
  if (call !== 'failedApply') return `${name} is being undone, and a revert gives no output: answer without one.`;
  return `The apply of ${name} has failed already, and its revert is given the failure, not an output: answer without one.`;
}

/** A second call beside one that is still under way could take effect twice. */
function whyNotRepeated(call: DoubtedCall, name: string): string {
  return call === 'endedApply'
    ? `The job is being stopped or rolled back, so ${name} is not applied again.`
    : `The call of ${name} may still be under way, so it cannot be repeated.`;
}

function whyNoAnswer(run: Run, act: Extract<Act, { kind: 'ANSWER_APPROVAL' }>, by: Actor | undefined): string | null {
  const waiting = atomOf(run, act.atom)?.waiting;
  if (waiting?.on !== 'approval') return `${named(run, act.atom)} does not wait for an approval.`;
  if (waiting.by.length > 0 && by !== undefined && !waiting.by.includes(by.id) && !waiting.by.includes(by.name)) {
    return `Only ${waiting.by.join(', ')} may answer this.`;
  }
  return act.approved || act.reason !== '' ? null : 'Say why: a rejection needs a reason.';
}

/** Most signals that a job keeps for later waits, and most characters of their large data. */
const MOST_KEPT = 10_000;
const MOST_KEPT_SIZE = 16_777_216;

/** The data of a signal becomes the output of a wait, so it has the same limit (S4). */
function whyNoSignal(run: Run, { name, data }: Extract<Act, { kind: 'SIGNAL' }>): string | null {
  const { signals } = run;
  const excess = payloadExcess('The data of the signal', { data, received: true });
  if (excess !== null) return excess.message;
  // A signal that a wait takes is not kept.
  if (firstWaiter(run, name) !== undefined && oldestSignal(run, name) === undefined) return null;
  const size = [...signals.map((kept) => kept.data), data].reduce<number>((sum, one) => sum + (sizeIfOver(one, LARGE) ?? 0), 0);
  return signals.length < MOST_KEPT && size <= MOST_KEPT_SIZE
    ? null
    : `The job keeps ${signals.length} signals that no wait has taken, and can keep no more. Send this one again when a wait has taken some.`;
}

function whyNoEdit(run: Run, parameters: Run['edits']): string | null {
  for (const [address, input] of Object.entries(parameters)) {
    if (indexOf(run, address) === undefined) return `This flow version has no task "${address}".`;
    const excess = payloadExcess(`The given input of ${named(run, address)}`, input);
    if (excess !== null) return excess.message;
  }
  return null;
}

function whyNotAtom(run: Run, address: string, wanted: RunAtom['state']): string | null {
  const atom = atomOf(run, address);
  if (atom === undefined) return `This flow version has no task "${address}".`;
  if (atom.kept !== null) return `${named(run, address)} was already kept: ${atom.kept.replace(/\.$/, '')}.`;
  return atom.state === wanted ? null : `${named(run, address)} is ${atom.state}, not ${wanted}.`;
}

function atomOf(run: Run, address: string): RunAtom | undefined {
  return lookUp(run.atoms, indexOf(run, address));
}

function named(run: Run, address: string): string {
  return nameOf(run.flow.atomByAddress.get(address), address);
}
