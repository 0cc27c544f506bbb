// Whether an act fits the state of the run: null, or one sentence that says what to do instead.
// Pure and apart from carrying it out, so that a refused act leaves no entry and takes no claim.
import type { Actor } from '../../actor.ts';
import type { Act } from './act.ts';
import { planRollback } from '../plan/plan-rollback.ts';
import type { RollbackPlan } from '../plan/rollback-plan.ts';
import { type Run, type RunAtom, indexOf } from '../state/run.ts';
import { parseJson } from '../../parse-json.ts';

/** Why the act is refused now. */
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
  return { code: 'PLAN_CHANGED', message: 'The logbook has moved since this plan was made. Nothing was undone; look at the new plan.' };
}

/** Why a confirmation says too little, or more than its plan allows. */
function whyUnclear(run: Run, act: Extract<Act, { kind: 'ROLL_BACK' }>, plan: RollbackPlan): string | null {
  const edits = Object.entries(act.outputs ?? {});
  const planned = plan.waves.flat();
  for (const [address, output] of edits) {
    if (planned.find(({ atom }) => atom === address)?.editable !== true) {
      return `The saved output of ${address} cannot be edited: leave it as it is.`;
    }
    const schema = run.flow.atoms[indexOf(run, address) ?? -1]?.type?.output;
    const checked = schema == null ? null : parseJson(schema, output);
    if (checked?.success === false) {
      const [issue] = checked.error.issues;
      return `The edited output of ${address} does not fit its task type: ${issue?.path.join('.') || 'it'}: ${issue?.message ?? ''}.`;
    }
  }
  if (act.reason !== '') return null;
  if (edits.length > 0) return 'Say why: a saved output was edited, so a reason is needed.';
  return (act.drift ?? []).length === 0 ? null : 'Say why: what is to be undone has changed since, so a reason is needed.';
}

function whyNot(run: Run, act: Exclude<Act, { kind: 'ROLL_BACK' }>, by: Actor | undefined): string | null {
  const state = run.state;
  switch (act.kind) {
    case 'SUSPEND':
      return state === 'RUNNING' || state === 'REVERTING' ? null : `Only a job that is going on can be paused; this one is ${state}.`;
    case 'RESUME':
      if (state === 'SUSPENDED' || (state === 'FAILURE' && run.failed.size === 0)) return null;
      return `Only a paused job can be resumed; this one is ${state}.`;
    case 'CANCEL':
      if ((state === 'SUSPENDING' || state === 'SUSPENDED') && run.resumeTo === 'REVERTING') {
        return 'A rollback of this job is paused: resume it, or roll back by another plan.';
      }
      // One that has not begun begins with the claim that the act takes, and ends before anything is applied.
      if (state === 'PENDING' || state === 'RUNNING' || state === 'SUSPENDING' || state === 'SUSPENDED') return null;
      return state === 'REVERTING' ? 'It is being rolled back already.' : `There is nothing to cancel: the job is ${state}.`;
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
      return whyNotAtom(run, act.atom, 'FAILURE');
    case 'RETRY_REVERT':
    case 'MARK_REVERTED':
    case 'KEEP':
      if (state !== 'REVERT_FAILED' && state !== 'REVERTING' && state !== 'RUNNING') return `No revert has failed: the job is ${state}.`;
      return whyNotAtom(run, act.atom, 'REVERT_FAILURE');
    case 'SETTLE_DOUBT':
      return atomOf(run, act.atom)?.inDoubt == null ? `${act.atom} is not in doubt.` : null;
    case 'ANSWER_APPROVAL':
      return whyNoAnswer(run, act, by);
    case 'SIGNAL':
      return state === 'SUCCESS' || state === 'REVERTED' || state === 'PARTIALLY_REVERTED' ? `The job is over: it is ${state}.` : null;
    case 'TRY_AGAIN':
      // Whether the job was given up stands in its row: the conductor asks that before it claims the job.
      return null;
  }
}

function whyNoAnswer(run: Run, act: Extract<Act, { kind: 'ANSWER_APPROVAL' }>, by: Actor | undefined): string | null {
  const waiting = atomOf(run, act.atom)?.waiting;
  if (waiting?.on !== 'approval') return `${act.atom} does not wait for an approval.`;
  if (waiting.by.length > 0 && by !== undefined && !waiting.by.includes(by.id) && !waiting.by.includes(by.name)) {
    return `Only ${waiting.by.join(', ')} may answer this.`;
  }
  return act.approved || act.reason !== '' ? null : 'Say why: a rejection needs a reason.';
}

function whyNoEdit(run: Run, parameters: Run['edits']): string | null {
  const unknown = Object.keys(parameters).find((address) => indexOf(run, address) === undefined);
  return unknown === undefined ? null : `This flow version has no task "${unknown}".`;
}

function whyNotAtom(run: Run, address: string, wanted: RunAtom['state']): string | null {
  const atom = atomOf(run, address);
  if (atom === undefined) return `This flow version has no task "${address}".`;
  if (atom.kept !== null) return `${address} was kept already: ${atom.kept}.`;
  return atom.state === wanted ? null : `${address} is ${atom.state}, not ${wanted}.`;
}

function atomOf(run: Run, address: string): RunAtom | undefined {
  return run.atoms[indexOf(run, address) ?? -1];
}
