// Random acts: most of them fit the state of the run, some do not.
import type { Act } from '../../run/acts/act.ts';
import type { RollbackChoice } from '../../run/plan/rollback-choice.ts';
import type { Run, RunAtom } from '../../run/state/run.ts';
import type { RunState } from '../../states.ts';
import type { Lots } from '../draw-flow.ts';

/** A plan that a person has open. */
export interface OpenPlan {
  readonly choice: RollbackChoice;
  readonly hash: string;
}

/** A random act on the run; a rollback confirms an open plan. */
export function drawAct(draw: Lots, run: Run, plans: readonly OpenPlan[]): Act {
  const one = (fits: (atom: RunAtom) => boolean) => drawAtom(draw, run, fits);
  const kind = draw.pick(KINDS);
  switch (kind) {
    case 'SUSPEND':
    case 'RESUME':
      return { kind, reason: '' };
    case 'CANCEL':
      return { kind, reason: 'enough', then: draw.pick(['revert', 'hold']) };
    case 'ROLL_BACK':
      return plans.length === 0 ? { kind: 'RESUME', reason: '' } : { kind, reason: '', ...draw.pick(plans) };
    case 'APPLY_AGAIN':
    case 'RETRY_FAILED':
      return { kind, reason: '', parameters: draw.chance(0.2) ? { [one(({ state }) => state === 'FAILURE')]: { edited: true } } : {} };
    case 'SKIP_FAILED':
      return { kind, reason: 'skip', atom: one(({ state }) => state === 'FAILURE'), output: { id: 'skipped' } };
    case 'RETRY_REVERT':
    case 'MARK_REVERTED':
    case 'KEEP':
      return { kind, reason: 'settled', atom: one(({ state }) => state === 'REVERT_FAILURE') };
    case 'SETTLE_DOUBT': {
      const answer = draw.pick([{ kind: 'happened', output: { id: 'told' } }, { kind: 'repeat' }, { kind: 'failed' }] as const);
      return { kind, reason: 'looked', atom: one(({ inDoubt }) => inDoubt !== null), answer };
    }
    case 'ANSWER_APPROVAL':
      return { kind, reason: 'seen', atom: one(({ waiting }) => waiting?.on === 'approval'), approved: draw.chance(0.7) };
    case 'SIGNAL':
      return { kind, reason: '', name: draw.pick(['go', 'go', 'stop']), data: { number: run.number } };
  }
}

/** Acts that fit the run as it is, each with a reason; a person may send one much later. */
export function fittingActs(draw: Lots, run: Run): Act[] {
  const reason = 'why';
  const ofAtoms = run.atoms.flatMap(({ atom, state, kept, inDoubt, waiting }): Act[] => {
    if (inDoubt !== null)
      return [{ kind: 'SETTLE_DOUBT', reason, atom, answer: draw.pick([{ kind: 'repeat' }, { kind: 'failed' }] as const) }];
    if (state === 'REVERT_FAILURE' && kept === null)
      return [
        { kind: 'RETRY_REVERT', reason, atom },
        { kind: 'MARK_REVERTED', reason, atom },
        { kind: 'KEEP', reason, atom },
      ];
    if (state === 'FAILURE' && run.state === 'FAILURE') return [{ kind: 'SKIP_FAILED', reason, atom, output: { id: 'skipped' } }];
    if (waiting?.on === 'approval') return [{ kind: 'ANSWER_APPROVAL', reason, atom, approved: draw.chance(0.7) }];
    return waiting?.on === 'signal' ? [{ kind: 'SIGNAL', reason, name: waiting.name, data: run.number }] : [];
  });
  return [...ofAtoms, ...actsOnRun(draw, run.state, reason)];
}

function actsOnRun(draw: Lots, state: RunState, reason: string): Act[] {
  const cancel: Act = { kind: 'CANCEL', reason, then: draw.pick(['revert', 'hold']) };
  switch (state) {
    case 'RUNNING':
      return [{ kind: 'SUSPEND', reason }, cancel];
    case 'SUSPENDING':
      return [cancel];
    case 'SUSPENDED':
      return [{ kind: 'RESUME', reason }, cancel];
    case 'FAILURE':
      return [{ kind: 'RETRY_FAILED', reason, parameters: {} }];
    case 'REVERTING':
      return [{ kind: 'SUSPEND', reason }];
    case 'REVERTED':
    case 'PARTIALLY_REVERTED':
      return [{ kind: 'APPLY_AGAIN', reason, parameters: {} }];
    case 'PENDING':
    case 'SUCCESS':
    case 'REVERT_FAILED':
      return [];
  }
}

/** A random choice of what to roll back. */
export function drawChoice(draw: Lots, run: Run): RollbackChoice {
  const ran = ({ state }: RunAtom) => state !== 'PENDING';
  return draw.pick<RollbackChoice>([
    { kind: 'job' },
    { kind: 'toEntry', number: 1 + draw.below(run.number) },
    {
      kind: 'atoms',
      atoms: [drawAtom(draw, run, ran)],
      leaveOut: draw.chance(0.4) ? [{ atom: drawAtom(draw, run, ran), reason: 'left' }] : [],
    },
  ]);
}

/** Address of an atom that meets the condition, if any; sometimes of any atom. */
function drawAtom(draw: Lots, run: Run, fits: (atom: RunAtom) => boolean): string {
  const fitting = draw.chance(0.1) ? [] : run.atoms.filter(fits);
  const from = fitting.length > 0 ? fitting : [...run.atoms];
  return from.length === 0 ? 'none' : draw.pick(from).atom;
}

const KINDS = [
  'SUSPEND',
  'SUSPEND',
  'RESUME',
  'RESUME',
  'RESUME',
  'CANCEL',
  'ROLL_BACK',
  'ROLL_BACK',
  'ROLL_BACK',
  'APPLY_AGAIN',
  'APPLY_AGAIN',
  'RETRY_FAILED',
  'SKIP_FAILED',
  'RETRY_REVERT',
  'MARK_REVERTED',
  'KEEP',
  'SETTLE_DOUBT',
  'ANSWER_APPROVAL',
  'SIGNAL',
] as const;
