import type { Entry } from '@windlass/engine';
import { useMemo } from 'react';
import { durationWords, exactTime, shortTime } from '../../lib/times.ts';
import { hueVar } from '../../ui/state-look.ts';
import { useJobPage, useRun } from './job-context.tsx';
import { timelineOf } from './timeline-model.ts';
import { entryWords } from './words.ts';

function useEntriesOf(id: string): readonly Entry[] {
  const entries = useRun((state) => state.entries);
  const at = useRun((state) => state.at);
  return useMemo(
    () => entries.filter((entry) => 'atom' in entry && entry.atom === id && (at === null || entry.number <= at)),
    [entries, id, at],
  );
}

/** Every try of a task, applying and reverting alike. */
export function Attempts({ id }: { readonly id: string }) {
  const entries = useEntriesOf(id);
  const definition = useRun((state) => state.definition);
  const members = useRun((state) => state.members);
  const bars = useMemo(() => {
    if (definition === null) return [];
    const { lanes } = timelineOf(definition, entries, [], { members, open: new Set(members.keys()) });
    return lanes.find((lane) => lane.id === id)?.bars ?? [];
  }, [definition, entries, members, id]);
  const tries = bars.filter(({ kind }) => kind !== 'wait');
  if (tries.length === 0) return <p className="text-12 text-fg-3">It has not been tried in what is loaded of the logbook.</p>;
  return (
    <table className="w-full text-12">
      <thead className="text-left text-11 text-fg-3">
        <tr>
          <th className="pb-1 font-medium">Try</th>
          <th className="pb-1 font-medium">Began</th>
          <th className="pb-1 font-medium">Took</th>
        </tr>
      </thead>
      <tbody>
        {tries.map(({ kind, attempt, from, to, hue }) => (
          <tr key={`${kind}${attempt}${from}`} className="border-t border-line">
            <td className="py-1" style={{ color: hueVar(hue, 'fg') }}>
              {kind === 'apply' ? 'Apply' : '◂ Revert'} {attempt > 0 ? attempt : 'without a call'}
            </td>
            <td title={exactTime(from)}>{shortTime(from, Date.now())}</td>
            <td>{to === null ? 'going on' : durationWords(to - from)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The entries of one task. */
export function EntriesOf({ id }: { readonly id: string }) {
  const { nameOf, view } = useJobPage();
  const entries = useEntriesOf(id);
  if (entries.length === 0) return <p className="text-12 text-fg-3">No entry is about it yet.</p>;
  return (
    <ol className="text-12">
      {entries.map((entry) => {
        const { word, hue } = entryWords(entry, nameOf);
        return (
          <li key={entry.number} className="border-b border-line last:border-0">
            <button
              type="button"
              className="flex w-full gap-2 py-1 text-left hover:bg-hover"
              onClick={() => view.setState({ entry: entry.number })}
            >
              <span className="w-9 font-mono text-11 text-fg-3">{entry.number}</span>
              <span className="w-16 font-mono text-11 text-fg-3" title={exactTime(entry.time)}>
                {shortTime(entry.time, Date.now())}
              </span>
              <span className="font-medium" style={{ color: hueVar(hue, 'fg') }}>
                {word}
              </span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}
