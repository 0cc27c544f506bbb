// Random acts: most of them fit the state of the run, some do not.
import type { Act } from '../../run/acts/act.ts';
import type { RollbackChoice } from '../../run/plan/rollback-choice.ts';
import type { Run, RunAtom } from '../../run/state/run.ts';
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
