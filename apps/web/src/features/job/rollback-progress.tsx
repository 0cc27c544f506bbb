import type { PlannedUndo, RollbackPlan } from '@windlass/engine';
import { StateBadge } from '../../ui/state-badge.tsx';
import { lookOf, lookOfAtom } from '../../ui/state-look.ts';
import { useJobPage, useRun } from './job-context.tsx';
import { rollbackLook } from './words.ts';

const SETTLED = /^(REVERTED|PARTIALLY_REVERTED|REVERT_FAILED|RUNNING|SUCCESS)$/;

/** The confirmed plan beside what has come of it: while it runs, and after. */
export function RollbackProgress({ plan }: { readonly plan: RollbackPlan }) {
  const facts = useRun((state) => state.facts);
  const { store } = useJobPage();
  useRun((state) => state.painted);
  if (facts === null) return null;
  const { atoms } = store.getState();
  const all = plan.waves.flat();
  const done = all.filter((undo) => outcome(undo, atoms.get(undo.atom)) !== 'open').length;
  const strayed = all.filter((undo) => outcome(undo, atoms.get(undo.atom)) === 'other');
  const ended = SETTLED.test(facts.state) && done > 0;
  const look = rollbackLook(facts, { done: facts.done, total: facts.total, left: facts.left.length });
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
      {ended && (
        <p className="flex flex-wrap items-center gap-2 text-12">
          {look !== null && <StateBadge state={look} />}
          <span>{strayed.length === 0 ? 'Done as planned.' : `${strayed.length} came out otherwise than planned.`}</span>
        </p>
      )}
      {plan.waves.map((wave, index) => (
        <Wave key={String(index)} number={index + 1} wave={wave} />
      ))}
    </div>
  );
}

function Wave({ number, wave }: { readonly number: number; readonly wave: readonly PlannedUndo[] }) {
  const { nameOf, store } = useJobPage();
  const { atoms } = store.getState();
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

function outcome(undo: PlannedUndo, atom: { readonly state: string; readonly kept: string | null } | undefined): Outcome {
  if (atom === undefined) return 'open';
  if (atom.kept !== null) return undo.action === 'keep' ? 'asPlanned' : 'other';
  if (atom.state === 'REVERTED') return undo.action === 'keep' ? 'other' : 'asPlanned';
  return atom.state === 'REVERT_FAILURE' ? 'other' : 'open';
}
