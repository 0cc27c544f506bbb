import type { RollbackPlan } from '@windlass/engine/run';
import { TriangleAlert } from 'lucide-react';
import { useJobPage } from '../job-context.tsx';

const MOST_NAMES = 5;

/** Task types whose code was changed in place since they were applied: the revert of old work runs with new code. */
export function ChangedCode({ changed }: { readonly changed: RollbackPlan['changedCode'] }) {
  const { nameOf } = useJobPage();
  if (changed.length === 0) return null;
  return (
    <ul
      role="note"
      aria-label="Changed code"
      className="space-y-1 rounded-2 border border-st-doubt-line/40 bg-st-doubt-bg px-3 py-2 text-12"
    >
      {changed.map(({ type, version, atoms }) => (
        <li key={`${type}@${version}`} className="flex gap-2">
          <TriangleAlert size={14} className="mt-px shrink-0" aria-hidden />
          <span>
            The code of {type} version {version} has changed since it applied {namesOf(atoms.map(nameOf))}. The revert runs with the present
            code. Make sure that it still fits.
          </span>
        </li>
      ))}
    </ul>
  );
}

function namesOf(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return more > 0 ? `${names.slice(0, MOST_NAMES).join(', ')} and ${more} more` : names.join(', ');
}
