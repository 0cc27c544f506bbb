import { Banner } from '../../../ui/banner.tsx';
import { Button } from '../../../ui/button.tsx';
import { useJobPage, useRun } from '../job-context.tsx';
import { waitWords } from '../run/names.ts';

/** Number shown one by one; the rest are only counted. */
const SHOWN = 2;

/** Says that the job waits for a person's answer, and links to it. */
export function WaitingBanner() {
  const { nameOf, store, view } = useJobPage();
  const waiting = useRun(({ facts }) => facts?.waitingForPerson ?? '');
  if (waiting === '') return null;
  const atoms = waiting.split(' ');
  const more = atoms.length - SHOWN;
  return atoms.slice(0, SHOWN).map((atom, index) => (
    <Banner
      key={atom}
      tone="info"
      title={nameOf(atom)}
      actions={
        <Button size="small" onClick={() => view.setState({ selected: atom, entry: null })}>
          Answer…
        </Button>
      }
    >
      {waitWords(store.getState().atoms.get(atom)?.waiting ?? null, Date.now())}
      {index === SHOWN - 1 && more > 0 && `, and ${more} more wait`}
    </Banner>
  ));
}
