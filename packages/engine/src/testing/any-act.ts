// Random acts for the simulators: any act on any atom, whether the state of the run allows it or not.
import type { Act } from '../run/acts/act.ts';
import { planRollback } from '../run/plan/plan-rollback.ts';
import type { RollbackChoice } from '../run/plan/rollback-choice.ts';
import type { Run } from '../run/state/run.ts';
import type { Lots } from './draw-flow.ts';

/** A random act on this run. A rollback is confirmed with the plan as of now. */
export function drawAnyAct(draw: Lots, run: Run): Act {
  const atoms = run.atoms.map(({ atom }) => atom);
  const atom = draw.pick(atoms.length > 0 ? atoms : ['none']);
  const choice: RollbackChoice = draw.pick<RollbackChoice>([
    { kind: 'job' },
    { kind: 'toEntry', number: 1 + draw.below(run.number) },
    {
      kind: 'atoms',
      atoms: [atom],
      leaveOut: draw.chance(0.3) ? [{ atom: draw.pick(atoms.length > 0 ? atoms : ['none']), reason: 'left' }] : [],
    },
  ]);
  return draw.pick<Act>([
    { kind: 'SUSPEND', reason: '' },
    { kind: 'RESUME', reason: '' },
    { kind: 'RESUME', reason: '' },
    { kind: 'CANCEL', reason: '', then: draw.pick(['revert', 'hold'] as const) },
    { kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(run, choice).hash },
    { kind: 'APPLY_AGAIN', reason: '', parameters: {} },
    { kind: 'RETRY_FAILED', reason: '', parameters: {} },
    { kind: 'SKIP_FAILED', reason: 'skip', atom, output: {} },
    { kind: 'RETRY_REVERT', reason: '', atom },
    { kind: 'MARK_REVERTED', reason: 'by hand', atom },
    { kind: 'KEEP', reason: 'keep', atom },
    {
      kind: 'SETTLE_DOUBT',
      reason: 'looked',
      atom,
      answer: draw.pick([{ kind: 'happened', output: {} }, { kind: 'repeat' }, { kind: 'failed' }] as const),
    },
  ]);
}
