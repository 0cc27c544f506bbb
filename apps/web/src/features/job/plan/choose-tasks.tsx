import type { RollbackPlan } from '@windlass/engine/run';
import { lookOfAtom } from '../../../ui/state/state-look.ts';
import { StateBadge } from '../../../ui/state/state-badge.tsx';
import { useJobPage } from '../job-context.tsx';
import { type Boxes, isTicked, toggled } from './plan-boxes.ts';

/** Beyond this number a list is too long to choose from; the canvas, the timeline and the logbook have buttons instead. */
const MOST = 500;

/** Every task that can be undone, to be ticked: a ticked one is reverted, chosen or because it depends on a chosen one. */
export function ChooseTasks({
  plan,
  boxes,
  onBoxes,
}: {
  readonly plan: RollbackPlan;
  readonly boxes: Boxes;
  readonly onBoxes: (boxes: Boxes) => void;
}) {
  const { store, nameOf, itemOf } = useJobPage();
  const undoable = [...store.getState().atoms.values()].filter(
    ({ atom, applied, kept, state }) =>
      applied && kept === null && /^(SUCCESS|FAILURE|IGNORE)$/.test(state) && itemOf(atom)?.kind === 'task',
  );
  const { choice } = boxes;
  if (choice.kind === 'toEntry' || undoable.length < 2 || undoable.length > MOST) return null;
  const addresses = undoable.map(({ atom }) => atom);
  const ticked = new Set(addresses.filter((atom) => isTicked(atom, boxes, plan)));
  const lastChosen = choice.kind === 'atoms' && choice.atoms.length === 1 ? choice.atoms[0] : undefined;
  return (
    <details className="mb-3 rounded-2 border border-line">
      <summary className="cursor-pointer px-3 py-1.5 text-12">
        Choose tasks <span className="text-fg-3">({ticked.size === undoable.length ? 'all' : `${ticked.size} of ${undoable.length}`})</span>
      </summary>
      <ul className="max-h-60 overflow-auto border-t border-line py-1">
        {undoable.map((one) => (
          <li key={one.atom}>
            <label className="flex items-center gap-2 px-3 py-1 text-12 hover:bg-hover">
              <input
                type="checkbox"
                className="accent-accent"
                checked={ticked.has(one.atom)}
                disabled={one.atom === lastChosen}
                onChange={() => onBoxes(toggled(one.atom, boxes, { plan, undoable: addresses }))}
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
