import type { AtomSnapshot, Decided, PlannedUndo, RollbackPlan, RollbackReport } from '@windlass/engine/run';
import { StateBadge } from '../../../ui/state/state-badge.tsx';
import type { StateLook } from '../../../ui/state/state-look.ts';
import { useJobPage } from '../job-context.tsx';
import { standingWords } from '../run/words.ts';
import { doneLook } from './done-look.ts';
import { doneOf, reportWords, tallyOf, verdictOf } from './rollback-verdict.ts';

interface RollbackOutcomeProps {
  readonly plan: RollbackPlan;
  readonly report: RollbackReport;
  /** The outcome of each atom, by address. */
  readonly atoms: ReadonlyMap<string, AtomSnapshot>;
  /** The look of the whole run, after the rollback has ended. */
  readonly ended: StateLook | null;
}

/** A confirmed plan and its outcome, wave by wave. */
export function RollbackOutcome({ plan, atoms, report, ended }: RollbackOutcomeProps) {
  const { nameOf } = useJobPage();
  const all = plan.waves.flat();
  const tally = tallyOf(all, { atoms, report });
  const done = doneOf(all, report);
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
      <p className="text-12 text-fg-2">{reportWords(report)}</p>
      {plan.waves.map((wave, index) => (
        <Wave key={String(index)} number={index + 1} wave={wave} atoms={atoms} standing={report.standing} hasEnded={ended !== null} />
      ))}
      <DecidedTasks
        title="Left standing"
        tasks={report.standing.map((one) => ({ ...one, because: standingWords(one.because, atoms.get(one.atom)) }))}
      />
      <DecidedTasks title="Undone by hand" tasks={report.byHand} />
      {report.drift.length > 0 && (
        <section aria-label="Changed since apply, and confirmed">
          <h3 className="mb-1.5 text-11 font-semibold text-fg-3">Changed since apply, and confirmed</h3>
          <ul className="divide-y divide-line rounded-2 border border-line text-12">
            {report.drift.map(({ atom, difference }) => (
              <li key={atom} className="break-words px-3 py-1.5">
                <b className="font-medium">{nameOf(atom)}</b> <span className="text-fg-2">{difference}</span>
              </li>
            ))}
            <li className="px-3 py-1.5 text-fg-2">
              {report.by} confirmed it{report.reason === '' ? ' without a reason' : `: ${report.reason}`}
            </li>
          </ul>
        </section>
      )}
    </div>
  );
}

/** Tasks with a reason, and the person who decided it. */
function DecidedTasks({ title, tasks }: { readonly title: string; readonly tasks: readonly Decided[] }) {
  const { nameOf } = useJobPage();
  if (tasks.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3 className="mb-1.5 text-11 font-semibold text-fg-3">{title}</h3>
      <ul className="divide-y divide-line rounded-2 border border-line text-12">
        {tasks.map(({ atom, because, by }) => (
          <li key={atom} className="break-words px-3 py-1.5">
            <b className="font-medium">{nameOf(atom)}</b> <span className="text-fg-2">{because}</span>
            {by !== null && <span className="text-fg-3"> · by {by}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface WaveProps {
  readonly number: number;
  readonly wave: readonly PlannedUndo[];
  readonly atoms: ReadonlyMap<string, AtomSnapshot>;
  readonly standing: RollbackReport['standing'];
  readonly hasEnded: boolean;
}

function Wave({ number, wave, atoms, standing, hasEnded }: WaveProps) {
  const { nameOf } = useJobPage();
  const stands = new Set(standing.map(({ atom }) => atom));
  return (
    <section>
      <h3 className="mb-1.5 text-11 font-semibold text-fg-3">Wave {number}</h3>
      <table className="w-full table-fixed rounded-2 border border-line text-12">
        <thead className="text-left text-11 text-fg-3">
          <tr>
            <th className="px-3 py-1 font-medium">Task</th>
            <th className="w-[66px] font-medium sm:w-[92px]">Planned</th>
            <th className="w-[128px] font-medium sm:w-[190px]">Done</th>
          </tr>
        </thead>
        <tbody>
          {wave.map((undo) => {
            const atom = atoms.get(undo.atom);
            return (
              <tr key={undo.atom} className="border-t border-line">
                <td className="px-3 py-1.5 font-medium wrap-anywhere">{nameOf(undo.atom)}</td>
                <td className="text-fg-2">{undo.action === 'nothing' ? 'nothing to do' : undo.action}</td>
                <td className="py-1 pr-2">
                  <StateBadge state={doneLook(undo, { atom, stands: stands.has(undo.atom), hasEnded })} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
