import type { ActEntry } from '@windlass/engine/run';
import { X } from 'lucide-react';
import { exactTime, shortTime } from '../../../lib/times.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { JsonView } from '../../../ui/json/json-view.tsx';
import { actWords, confirmedIn, givenIn, retriedTasks } from './act-words.ts';
import { useJobPage, useRun, useView } from '../job-context.tsx';

/** The act of a person that is chosen in the logbook. */
export function useChosenAct(): ActEntry | null {
  const chosen = useView((state) => state.entry);
  const entry = useRun(({ entries }) => (chosen === null ? undefined : entries[chosen - (entries[0]?.number ?? 1)]));
  return entry?.kind === 'ACT' ? entry : null;
}

/** The person, the reason, and each given value beside the value that it replaced. */
export function ActCard({ act }: { readonly act: ActEntry }) {
  const { nameOf, view } = useJobPage();
  const entries = useRun((state) => state.entries);
  const given = givenIn(act, entries, nameOf);
  const { leftOut, drift } = confirmedIn(act);
  return (
    <section aria-label={`Act, entry ${act.number}`} className="min-h-0 flex-1 overflow-auto px-4 py-3 text-12">
      <div className="flex items-start gap-2">
        <h3 className="min-w-0 flex-1 break-words font-semibold">
          {act.actor.name} {actWords(act, nameOf, retriedTasks(entries).get(act.number))}
        </h3>
        <IconButton label="Close the act" size="small" onClick={() => view.setState({ entry: null })}>
          <X size={13} />
        </IconButton>
      </div>
      <p className="text-fg-2">
        Entry {act.number}, <time title={exactTime(act.time)}>{shortTime(act.time, Date.now())}</time>
      </p>
      <p className="mt-1 break-words">
        {act.reason === '' ? <span className="text-fg-2">No reason was given.</span> : `Reason: ${act.reason}`}
      </p>
      {drift.length > 0 && (
        <List title="Changed since apply, and confirmed">{drift.map(({ atom, difference }) => [nameOf(atom), difference])}</List>
      )}
      {leftOut.length > 0 && <List title="Left out">{leftOut.map(({ atom, reason }) => [nameOf(atom), reason])}</List>}
      {given.map(({ title, before, after }) => (
        <div key={title} className="mt-2">
          <h4 className="mb-1 text-11 font-semibold text-fg-2">{title}</h4>
          {before !== undefined && (
            <>
              <p className="text-11 text-fg-2">Before</p>
              <JsonView value={before} />
              <p className="mt-1 text-11 text-fg-2">Given</p>
            </>
          )}
          <JsonView value={after} empty="null" />
        </div>
      ))}
    </section>
  );
}

function List({ title, children }: { readonly title: string; readonly children: readonly (readonly string[])[] }) {
  return (
    <div className="mt-2">
      <h4 className="mb-1 text-11 font-semibold text-fg-2">{title}</h4>
      <ul className="space-y-0.5">
        {children.map(([name, words]) => (
          <li key={name} className="break-words">
            <b className="font-medium">{name}</b> <span className="text-fg-2">{words}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
