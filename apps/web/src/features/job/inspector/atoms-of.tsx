import { useMemo, useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { StateIcon } from '../../../ui/state/state-icon.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { droppedWords } from '../run/dropped.ts';
import { useAtomLine, useAtomLook, useJobPage, useRun } from '../job-context.tsx';
import { ValueView } from '../values/value-view.tsx';

/** Beyond this number the timeline shows the atoms. */
const MOST = 200;
/** Largest number of atoms that can be stepped through. */
const FEW = 20;
const NO_TASKS: readonly string[] = [];

/** The atoms of an item: its iterations, stages, the atoms of a subflow, its retry and gate. */
export function AtomsOf({ item, title, besides }: { readonly item: string; readonly title: string; readonly besides?: string }) {
  const { store, view, nameOf } = useJobPage();
  const lookIn = useAtomLook();
  const line = useAtomLine();
  const members = useRun((state) => state.members.get(item));
  const painted = useRun((state) => state.painted);
  // The map of atoms is always the same object; `painted` changes when its content does.
  const rows = useMemo(() => {
    const { atoms, dropped } = store.getState();
    const all = [...(members?.tasks ?? []), ...(members?.controls ?? [])].filter((address) => address !== besides);
    return all.slice(0, MOST).map((address) => {
      const atom = atoms.get(address);
      return { address, atom, standing: droppedWords(dropped, atom) };
    });
  }, [members, painted, besides, store]);
  if (rows.length === 0) return null;
  return (
    <section aria-label={title} className="mt-3">
      <h3 className="mb-1 text-11 font-semibold text-fg-3">{title}</h3>
      {(members?.tasks.length ?? 0) > FEW && <GoTo tasks={members?.tasks ?? NO_TASKS} />}
      <ul>
        {rows.map(({ address, atom, standing }) => (
          <li key={address} className="border-b border-line last:border-0">
            <button
              type="button"
              className="flex w-full items-center gap-2 py-1 text-left text-12 hover:bg-hover"
              onClick={() => view.setState({ selected: address, entry: null })}
            >
              <StateIcon look={lookIn(atom)} size={13} />
              <span className="min-w-0 flex-1 truncate">{nameOf(address)}</span>
              <span className="shrink-0 text-11 text-fg-3" title={standing ?? undefined}>
                {line(atom)}
                {standing !== null && ', from an earlier pass'}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Goes to one iteration of many: by its number, or to the first that failed. */
function GoTo({ tasks }: { readonly tasks: readonly string[] }) {
  const { store, view } = useJobPage();
  const [number, setNumber] = useState('');
  const select = (address: string | undefined) => address !== undefined && view.setState({ selected: address, entry: null });
  const wrong = () => {
    const { atoms } = store.getState();
    select(tasks.find((address) => atoms.get(address)?.failure != null || atoms.get(address)?.revertFailure != null));
  };
  return (
    <form
      className="mb-1.5 flex items-center gap-2 text-12"
      onSubmit={(event) => {
        event.preventDefault();
        select(tasks[Number(number)]);
      }}
    >
      <TextField
        aria-label="Number of the iteration"
        placeholder={`0 to ${tasks.length - 1}`}
        inputMode="numeric"
        className="!h-6 !w-24"
        value={number}
        onChange={({ target }) => setNumber(target.value)}
      />
      <Button type="submit" size="small" disabled={tasks[Number(number)] === undefined || number.trim() === ''}>
        Go to it
      </Button>
      <Button size="small" onClick={wrong}>
        First that failed
      </Button>
    </form>
  );
}

/** For a retry: its failed attempts, with their values. */
export function RetryHistory({ id }: { readonly id: string }) {
  const { job, nameOf } = useJobPage();
  const history = useRun((state) => state.atoms.get(id)?.history ?? NONE);
  if (history.length === 0) return null;
  return (
    <section aria-label="Failed attempts" className="mt-3">
      <h3 className="mb-1 text-11 font-semibold text-fg-3">Attempts that failed</h3>
      <ol className="space-y-1 text-12">
        {history.map(({ value, valueAt, startedAt, failures }, index) => (
          <li key={startedAt} className="rounded-2 border border-line bg-sunken px-2.5 py-1.5">
            <span className="font-medium">{index + 1}</span>
            {valueAt === undefined && value !== null && <span className="ml-2 font-mono text-11">{JSON.stringify(value)}</span>}
            {valueAt !== undefined && <ValueView job={job} value={value} at={valueAt} />}
            {failures.map(({ atom, code, message }) => (
              <p key={atom} className="text-fg-2">
                {nameOf(atom)}: {message} <span className="font-mono text-10 text-fg-3">{code}</span>
              </p>
            ))}
          </li>
        ))}
      </ol>
    </section>
  );
}

const NONE: readonly never[] = [];
