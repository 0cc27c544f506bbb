import type { AtomSnapshot, PlannedUndo, RollbackPlan } from '@windlass/engine/run';
import { StateBadge } from '../../ui/state-badge.tsx';
import { type StateLook, lookOf, lookOfAtom } from '../../ui/state-look.ts';
import { useJobPage } from './job-context.tsx';

interface RollbackOutcomeProps {
  readonly plan: RollbackPlan;
  /** What has come of each, by address. */
  readonly atoms: ReadonlyMap<string, AtomSnapshot>;
  /** How the run as a whole looks, once the rollback has ended. */
  readonly ended: StateLook | null;
}

/** A confirmed plan beside what has come of it, wave by wave. */
export function RollbackOutcome({ plan, atoms, ended }: RollbackOutcomeProps) {
  const all = plan.waves.flat();
  const outcomes = all.map((undo) => outcomeOf(undo, atoms.get(undo.atom)));
  const done = outcomes.filter((one) => one !== 'open').length;
  const strayed = outcomes.filter((one) => one === 'other').length;
  return (
    <div className="space-y-4">
      <div className="flex items-center gap-3">
        <div
          role="progressbar"
          aria-label="Rollback"
          aria-valuenow={done}
          aria-valuemin={0}
          aria-valuemax={all.length}
          className="h-1.5 min-w-0 flex-1 overflow-hidden rounded-full bg-st-revert-bg"
        >
          <div className="h-full bg-st-revert-line" style={{ width: `${(100 * done) / Math.max(1, all.length)}%` }} />
        </div>
        <span role="status" className="text-12 text-fg-2">
          {done} of {all.length}
        </span>
      </div>
      {ended !== null && done > 0 && (
        <p className="flex flex-wrap items-center gap-2 text-12">
          <StateBadge state={ended} />
          <span>{verdict({ strayed, open: all.length - done })}</span>
        </p>
      )}
      {plan.waves.map((wave, index) => (
        <Wave key={String(index)} number={index + 1} wave={wave} atoms={atoms} />
      ))}
    </div>
  );
}

function verdict({ strayed, open }: { readonly strayed: number; readonly open: number }): string {
  if (strayed > 0) return `${strayed} came out otherwise than planned.`;
  return open === 0 ? 'Done as planned.' : `As planned so far; ${open} not undone.`;
}

interface WaveProps {
  readonly number: number;
  readonly wave: readonly PlannedUndo[];
  readonly atoms: ReadonlyMap<string, AtomSnapshot>;
}

function Wave({ number, wave, atoms }: WaveProps) {
  const { nameOf } = useJobPage();
  return (
    <section>
      <h3 className="mb-1.5 text-11 font-semibold text-fg-3">Wave {number}</h3>
      <table className="w-full table-fixed rounded-2 border border-line text-12">
        <thead className="text-left text-11 text-fg-3">
          <tr>
            <th className="px-3 py-1 font-medium">Task</th>
            <th className="font-medium">Planned</th>
            <th className="font-medium">Done</th>
          </tr>
        </thead>
        <tbody>
          {wave.map((undo) => {
            const atom = atoms.get(undo.atom);
            return (
              <tr key={undo.atom} className="border-t border-line">
                <td className="max-w-48 truncate px-3 py-1.5 font-medium">{nameOf(undo.atom)}</td>
                <td className="text-fg-2">{undo.action === 'nothing' ? 'nothing to do' : undo.action}</td>
                <td className="py-1">
                  <StateBadge state={atom === undefined ? lookOf('PENDING') : lookOfAtom(atom)} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

type Outcome = 'open' | 'asPlanned' | 'other';

function outcomeOf(undo: PlannedUndo, atom: Pick<AtomSnapshot, 'state' | 'kept'> | undefined): Outcome {
  if (atom === undefined) return 'open';
  if (atom.kept !== null) return undo.action === 'keep' ? 'asPlanned' : 'other';
  if (atom.state === 'REVERTED') return undo.action === 'keep' ? 'other' : 'asPlanned';
  return atom.state === 'REVERT_FAILURE' ? 'other' : 'open';
}
