import type { RollbackChoice } from '@windlass/engine/run';
import { lookOfAtom } from '../../ui/state-look.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import { useJobPage } from './job-context.tsx';

/** Beyond so many a list is no way to choose: the canvas, the timeline and the logbook have a button at each. */
const MOST = 500;

/** Every task that can be undone, to be ticked; what depends on the ticked ones comes along in the plan. */
export function ChooseTasks({
  choice,
  onChoice,
}: {
  readonly choice: RollbackChoice;
  readonly onChoice: (choice: RollbackChoice) => void;
}) {
  const { store, nameOf, itemOf } = useJobPage();
  const undoable = [...store.getState().atoms.values()].filter(
    ({ atom, applied, kept, state }) =>
      applied && kept === null && /^(SUCCESS|FAILURE|IGNORE)$/.test(state) && itemOf(atom)?.kind === 'task',
  );
  if (choice.kind === 'toEntry' || undoable.length < 2 || undoable.length > MOST) return null;
  const chosen = new Set(choice.kind === 'job' ? undoable.map(({ atom }) => atom) : choice.atoms);
  const toggle = (atom: string) => {
    const next = undoable.map((one) => one.atom).filter((one) => (one === atom ? !chosen.has(one) : chosen.has(one)));
    if (next.length === undoable.length) onChoice({ kind: 'job' });
    else if (next.length > 0) onChoice({ kind: 'atoms', atoms: next, leaveOut: [] });
  };
  return (
    <details className="mb-3 rounded-2 border border-line">
      <summary className="cursor-pointer px-3 py-1.5 text-12">
        Choose tasks <span className="text-fg-3">({chosen.size === undoable.length ? 'all' : `${chosen.size} of ${undoable.length}`})</span>
      </summary>
      <ul className="max-h-60 overflow-auto border-t border-line py-1">
        {undoable.map((one) => (
          <li key={one.atom}>
            <label className="flex items-center gap-2 px-3 py-1 text-12 hover:bg-hover">
              <input
                type="checkbox"
                className="accent-accent"
                checked={chosen.has(one.atom)}
                disabled={chosen.size === 1 && chosen.has(one.atom)}
                onChange={() => toggle(one.atom)}
              />
              <span className="min-w-0 flex-1 truncate">{nameOf(one.atom)}</span>
              <StateBadge state={lookOfAtom(one)} />
            </label>
          </li>
        ))}
      </ul>
    </details>
  );
}
