import type { AtomSnapshot, PlannedUndo, RollbackPlan } from '@windlass/engine/run';
import { StateBadge } from '../../ui/state-badge.tsx';
import { type StateLook, lookOf, lookOfAtom } from '../../ui/state-look.ts';
import { useJobPage } from './job-context.tsx';
import { outcomeOf, tallyOf, verdictOf } from './rollback-verdict.ts';

interface RollbackOutcomeProps {
  readonly plan: RollbackPlan;
  /** The outcome of each atom, by address. */
  readonly atoms: ReadonlyMap<string, AtomSnapshot>;
  /** The look of the whole run, after the rollback has ended. */
  readonly ended: StateLook | null;
}

/** A confirmed plan and its outcome, wave by wave. */
export function RollbackOutcome({ plan, atoms, ended }: RollbackOutcomeProps) {
  const all = plan.waves.flat();
  const tally = tallyOf(all, atoms);
  const done = all.length - tally.open;
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
      {ended !== null && (
        <p className="flex flex-wrap items-center gap-2 text-12">
          <StateBadge state={ended} />
          <span>{verdictOf(tally)}</span>
        </p>
      )}
      {plan.waves.map((wave, index) => (
        <Wave key={String(index)} number={index + 1} wave={wave} atoms={atoms} hasEnded={ended !== null} />
      ))}
    </div>
  );
}

interface WaveProps {
  readonly number: number;
  readonly wave: readonly PlannedUndo[];
  readonly atoms: ReadonlyMap<string, AtomSnapshot>;
  readonly hasEnded: boolean;
}

function Wave({ number, wave, atoms, hasEnded }: WaveProps) {
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
                  <StateBadge state={doneLook(undo, atom, hasEnded)} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** The outcome of an atom in words: after the rollback has ended, a task that still stands was not reverted. */
function doneLook(undo: PlannedUndo, atom: AtomSnapshot | undefined, hasEnded: boolean): StateLook {
  if (atom === undefined) return lookOf('PENDING');
  const outcome = outcomeOf(undo, atom);
  if (outcome === 'byHand') return { ...lookOfAtom(atom), word: 'Undone by hand' };
  return outcome === 'open' && hasEnded ? { ...lookOf('PENDING'), word: 'Not reverted' } : lookOfAtom(atom);
}
