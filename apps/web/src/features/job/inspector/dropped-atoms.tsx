import { droppedWords } from '../run/dropped.ts';
import { useJobPage, useRun } from '../job-context.tsx';

/** Beyond this number only the count is shown. */
const MOST = 20;

/** Effects that stand from an earlier pass in dropped iterations. */
export function DroppedAtoms() {
  const { nameOf, store } = useJobPage();
  // A text, so that the component renders again only when the set of standing atoms changes.
  const standing = useRun(({ dropped, atoms }) =>
    [...dropped.keys()].filter((address) => droppedWords(dropped, atoms.get(address)) !== null).join('\n'),
  );
  if (standing === '') return null;
  const addresses = standing.split('\n');
  const { dropped, atoms } = store.getState();
  return (
    <div>
      <h3 className="mb-1 text-11 font-semibold text-fg-3">Standing from an earlier pass</h3>
      <ul className="space-y-0.5 text-12">
        {addresses.slice(0, MOST).map((address) => (
          <li key={address}>
            <b className="font-medium">{nameOf(address)}</b> <span className="text-fg-2">{droppedWords(dropped, atoms.get(address))}</span>
          </li>
        ))}
      </ul>
      {addresses.length > MOST && <p className="text-11 text-fg-3">And {addresses.length - MOST} more.</p>}
    </div>
  );
}
