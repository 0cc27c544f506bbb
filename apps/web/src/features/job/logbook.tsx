// The logbook, newest first. It follows new entries until it is scrolled; then it stays still and counts them.
import { useVirtualizer } from '@tanstack/react-virtual';
import type { Entry } from '@windlass/engine/run';
import { Download } from 'lucide-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { cx } from '../../lib/cx.ts';
import { clockTime, exactTime } from '../../lib/times.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/text-field.tsx';
import { hueVar } from '../../ui/state/state-look.ts';
import { Tip } from '../../ui/tip.tsx';
import { retriedTasks } from './acts/act-words.ts';
import { useJobPage, useRun, useView } from './job-context.tsx';
import { RevertTask, RollBackToHere } from './plan/revert-button.tsx';
import { entryWords } from './run/words.ts';

const ROW = 27;
/** The list follows new entries while it is scrolled at most this many rows down. */
const NEAR = 8;
/** Largest number of people and conductors in the filter. */
const MOST_ACTORS = 30;
const FILTERS: readonly { readonly value: string; readonly label: string }[] = [
  { value: 'all', label: 'All entries' },
  { value: 'ATOM', label: 'Tasks' },
  { value: 'RUN', label: 'Run' },
  { value: 'JOB', label: 'Claims and job' },
  { value: 'ACT', label: 'Acts of people' },
  { value: 'selected', label: 'Chosen task' },
];

export function Logbook({ goTo }: { readonly goTo: (at: number | null) => void }) {
  const { job, store, view } = useJobPage();
  const entries = useRun((state) => state.entries);
  const at = useRun((state) => state.at);
  const selected = useView((state) => state.selected);
  const chosen = useView((state) => state.entry);
  const [filter, setFilter] = useState('all');
  const actors = useMemo(() => [...new Set(entries.map(({ actor }) => actor.name))].slice(0, MOST_ACTORS).sort(), [entries]);
  const shown = useMemo(() => entries.filter((entry) => isShown(entry, filter, selected)).reverse(), [entries, filter, selected]);
  const retried = useMemo(() => retriedTasks(entries), [entries]);
  const scroller = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);
  const seen = useRef(0);
  const rows = useVirtualizer({ count: shown.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 12 });
  const newest = shown[0]?.number ?? 0;
  const fresh = following ? 0 : shown.filter(({ number }) => number > seen.current).length;

  const before = useRef(newest);
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box !== null && !following && newest > before.current)
      box.scrollTop += shown.filter(({ number }) => number > before.current).length * ROW;
    before.current = newest;
    if (following) seen.current = newest;
  }, [newest, following, shown]);

  const wanted = chosen ?? at;
  useEffect(() => {
    const index = wanted === null ? -1 : shown.findIndex(({ number }) => number === wanted);
    if (index >= 0) rows.scrollToIndex(index, { align: 'auto' });
  }, [wanted, rows, shown]);

  const onScroll = () => {
    const box = scroller.current;
    if (box === null) return;
    setFollowing(box.scrollTop < NEAR);
    if (box.scrollTop + box.clientHeight > box.scrollHeight - 10 * ROW) void store.loadOlder();
  };
  const toTail = () => {
    goTo(null);
    setFollowing(true);
    scroller.current?.scrollTo({ top: 0 });
  };
  return (
    <section aria-label="Logbook" className="relative flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="flex h-9 shrink-0 items-center gap-2 border-b border-line px-4">
        <h2 className="text-11 font-semibold text-fg-3">Logbook</h2>
        <Select
          aria-label="Entries shown"
          className="!h-6 !w-32 !text-11"
          value={filter}
          onChange={({ target }) => setFilter(target.value)}
        >
          {FILTERS.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
          {actors.map((name) => (
            <option key={name} value={`by ${name}`}>
              By {name}
            </option>
          ))}
        </Select>
        <span className="flex-1" />
        <span className="text-11 text-fg-3">{at !== null ? `as of #${at}` : following ? 'following' : 'holding still'}</span>
        <Tip text="Export the logbook as JSON Lines">
          <a
            href={`/export/logbook/${job}`}
            download
            aria-label="Export logbook"
            className="inline-flex size-6 items-center justify-center rounded-1 text-fg-3 hover:bg-hover hover:text-fg"
          >
            <Download aria-hidden size={14} strokeWidth={1.5} />
          </a>
        </Tip>
      </div>
      {fresh > 0 && (
        <Button look="primary" size="small" className="!absolute left-1/2 top-11 z-10 -translate-x-1/2 !rounded-full" onClick={toTail}>
          {fresh} new
        </Button>
      )}
      <div ref={scroller} onScroll={onScroll} className="min-h-0 flex-1 overflow-auto">
        {shown.length === 0 && <p className="px-4 py-3 text-12 text-fg-3">No entry of this kind.</p>}
        <div className="relative" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const entry = shown[index];
            return entry === undefined ? null : (
              <Row
                key={entry.number}
                entry={entry}
                retried={retried}
                top={start}
                chosen={entry.number === wanted}
                later={at !== null && entry.number > at}
                onChoose={() =>
                  view.setState({ entry: entry.number, ...('atom' in entry && entry.atom !== undefined ? { selected: entry.atom } : {}) })
                }
              />
            );
          })}
        </div>
      </div>
    </section>
  );
}

interface RowProps {
  readonly entry: Entry;
  readonly retried: ReadonlyMap<number, readonly string[]>;
  readonly top: number;
  readonly chosen: boolean;
  readonly later: boolean;
  readonly onChoose: () => void;
}

function Row({ entry, retried, top, chosen, later, onChoose }: RowProps) {
  const { nameOf } = useJobPage();
  const { subject, word, hue } = entryWords(entry, nameOf, retried);
  const isAct = entry.kind === 'ACT';
  const isSentence = isAct || (entry.kind === 'MARK' && (entry.mark === 'ASKED' || entry.mark === 'CAUGHT'));
  const atom = entry.kind === 'ATOM' && entry.to === 'SUCCESS' ? entry.atom : null;
  const hasRun = useRun(({ posted }) => posted !== null);
  const canRevert = useRun((state) => atom !== null && state.atoms.get(atom)?.state === 'SUCCESS');
  return (
    <div
      className={cx(
        'group absolute inset-x-0 flex items-center border-b border-line pr-2 text-12',
        chosen ? 'bg-accent-tint' : 'hover:bg-hover',
        later && 'opacity-45',
      )}
      style={{ top, height: ROW }}
    >
      <button type="button" className="flex h-full min-w-0 flex-1 items-center gap-2 pl-4 text-left -outline-offset-2" onClick={onChoose}>
        <span className="w-8 shrink-0 font-mono text-11 text-fg-3">{entry.number}</span>
        <span className="w-[58px] shrink-0 font-mono text-11 text-fg-3" title={exactTime(entry.time)}>
          {clockTime(entry.time)}
        </span>
        <span
          className="flex min-w-0 flex-1 items-center"
          title={`${subject} ${word}${isAct && entry.reason !== '' ? `: ${entry.reason}` : ''}`}
        >
          {isAct && <i aria-hidden className="mr-1.5 inline-block size-[7px] shrink-0 rotate-45 bg-accent-ring" />}
          {/* In a narrow list the name of a task is shortened, not its state. A sentence is shortened, not the name of who acts. */}
          <span className={cx('truncate', isSentence ? 'max-w-[45%] shrink-0' : 'min-w-0')}>{subject}</span>{' '}
          <span
            className={cx('ml-1 truncate font-medium', isSentence ? 'min-w-0' : 'max-w-[85%] shrink-0')}
            style={{ color: isAct ? 'var(--accent-fg)' : hueVar(hue, 'fg') }}
          >
            {word}
          </span>{' '}
          {isAct && entry.reason !== '' && <span className="ml-1 min-w-0 shrink-[1000000] truncate text-fg-3">· {entry.reason}</span>}
        </span>
      </button>
      {/* Over the end of the words, which need its place while it is not shown. */}
      {hasRun && (
        <RollBackToHere
          number={entry.number}
          className="absolute right-8 !bg-surface opacity-0 focus-visible:opacity-100 group-hover:opacity-100"
        />
      )}
      {canRevert && atom !== null ? <RevertTask atom={atom} /> : <span className="w-6" />}
    </div>
  );
}

function isShown(entry: Entry, filter: string, selected: string | null): boolean {
  if (filter === 'all') return true;
  if (filter === 'selected') return 'atom' in entry && entry.atom === selected;
  if (filter.startsWith('by ')) return entry.actor.name === filter.slice(3);
  return entry.kind === filter || (filter === 'ATOM' && entry.kind === 'MARK');
}
