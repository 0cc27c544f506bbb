import type { Entry } from '@windlass/engine/run';
import { useMemo } from 'react';
import { durationWords, exactTime, shortTime } from '../../../lib/times.ts';
import { hueVar } from '../../../ui/state/state-look.ts';
import { ValueView } from '../values/value-view.tsx';
import { useJobPage, useRun } from '../job-context.tsx';
import { FailureCause } from './failure-cause.tsx';
import { type TaskAttempt, attemptWords, attemptsOf } from './task-attempts.ts';
import { entryWords } from '../run/words.ts';

function useEntriesOf(id: string): readonly Entry[] {
  const entries = useRun((state) => state.entries);
  const at = useRun((state) => state.at);
  return useMemo(
    () => entries.filter((entry) => 'atom' in entry && entry.atom === id && (at === null || entry.number <= at)),
    [entries, id, at],
  );
}

/** Every attempt of a task's apply and revert; each opens to its input, its output and its failure. */
export function Attempts({ id }: { readonly id: string }) {
  const entries = useEntriesOf(id);
  const tries = useMemo(() => attemptsOf(entries), [entries]);
  if (tries.length === 0) return <p className="text-12 text-fg-3">The loaded part of the logbook has no attempt of this task.</p>;
  return (
    <ol aria-label="Attempts" className="text-12">
      {tries.map((one) => (
        <li key={one.entry} className="border-b border-line last:border-0">
          <details>
            <summary className="grid cursor-pointer grid-cols-[1fr_90px_80px] gap-2 py-1.5 hover:bg-hover">
              <span className="font-medium" style={{ color: hueVar(one.hue, 'fg') }}>
                {one.kind === 'revert' && <span aria-hidden>◂ </span>}
                {attemptWords(one)}
              </span>
              <span className="text-fg-2" title={exactTime(one.from)}>
                {shortTime(one.from, Date.now())}
              </span>
              <span className="text-fg-2">{one.to === null ? 'going on' : durationWords(one.to - one.from)}</span>
              {one.failure !== null && <span className="col-span-3 line-clamp-2 text-fg-2 wrap-anywhere">{one.failure.message}</span>}
            </summary>
            <Try attempt={one} />
          </details>
        </li>
      ))}
    </ol>
  );
}

function Try({ attempt: { kind, input, inputAt, output, outputAt, failure, reason } }: { readonly attempt: TaskAttempt }) {
  const { job } = useJobPage();
  return (
    <div className="space-y-1.5 pb-2 pl-3">
      {failure !== null && <FailureCause title="Why it failed" failure={failure} />}
      {reason !== null && <p className="text-fg-2">{reason}</p>}
      {kind === 'apply' && (
        <>
          <h4 className="text-11 font-semibold text-fg-3">Input</h4>
          <ValueView job={job} value={input} at={inputAt} empty="None was recorded." />
          <h4 className="text-11 font-semibold text-fg-3">Output</h4>
          <ValueView job={job} value={output} at={outputAt} empty="None." />
        </>
      )}
      {kind === 'revert' && failure === null && reason === null && <p className="text-fg-3">The revert got the saved output.</p>}
    </div>
  );
}

/** The entries of one task. */
export function EntriesOf({ id }: { readonly id: string }) {
  const { nameOf, view } = useJobPage();
  const entries = useEntriesOf(id);
  if (entries.length === 0) return <p className="text-12 text-fg-3">The logbook has no entry about this task yet.</p>;
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
