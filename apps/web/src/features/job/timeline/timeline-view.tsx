// Lanes of apply and revert. Only visible lanes are drawn; the time axis grows while something runs.
import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronDown, ChevronRight, RotateCcw, Workflow } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { cx } from '../../../lib/cx.ts';
import { TaskIcon } from '../../../ui/flow/task-icon.tsx';
import { useJobPage, useRun, useView } from '../job-context.tsx';
import { LaneBar } from './lane-bar.tsx';
import { mergedBars } from './merged-bars.ts';
import { RevertTask } from '../plan/revert-button.tsx';
import { type TimeRange, inRange } from './time-range.ts';
import { type TimeScale, timeScale } from './time-scale.ts';
import { LABELS, PADDING, TimelineHead } from './timeline-head.tsx';
import { type Lane, type Timeline, timelineOf } from './timeline-model.ts';

const LANE = 32;

export function TimelineView() {
  const { store, nameOf } = useJobPage();
  const definition = useRun((state) => state.definition);
  const entries = useRun((state) => state.entries);
  const members = useRun((state) => state.members);
  const open = useView((state) => state.unfolded);
  const at = useRun((state) => state.at);
  const options = useMemo(() => ({ members, open, nameOf }), [members, open, nameOf]);
  const range = useView((state) => state.range);
  const whole = useMemo(
    () => (definition === null ? null : timelineOf(definition, entries, store.getState().atoms.values(), options)),
    [definition, entries, store, options],
  );
  const upTo = useMemo(() => {
    if (definition === null || at === null) return null;
    const known = entries.filter(({ number }) => number <= at);
    return { timeline: timelineOf(definition, known, store.getState().atoms.values(), options), time: known.at(-1)?.time ?? 0 };
  }, [definition, entries, at, store, options]);
  return (
    <section aria-label="Timeline" className="flex min-h-0 min-w-0 flex-1 flex-col bg-surface">
      {whole !== null && <Lanes whole={whole} upTo={upTo?.timeline ?? whole} range={range} until={upTo?.time ?? null} />}
    </section>
  );
}

interface LanesProps {
  readonly whole: Timeline;
  readonly upTo: Timeline;
  readonly range: TimeRange | null;
  readonly until: number | null;
}

/** In a replay the time axis stays that of the whole job; only bars until `until` are drawn. */
function Lanes({ whole, upTo, range, until }: LanesProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const now = useClock(whole.going && until === null, pace(whole, { from: (range ?? whole).from, width }));
  const shown = useMemo(() => inRange(upTo, range), [upTo, range]);
  const scale = useMemo(
    () => timeScale(inRange(whole, range), { width: Math.max(0, width - LABELS - 2 * PADDING), now }),
    [whole, range, width, now],
  );
  const lanes = useVirtualizer({
    count: shown.lanes.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LANE,
    overscan: 6,
  });
  const selected = useView((state) => state.selected);
  const { ownerOf } = useJobPage();
  // The lane of the atom if it is unfolded, else that of its item.
  const own = shown.lanes.findIndex(({ id }) => id === selected);
  const index = own >= 0 || selected === null ? own : shown.lanes.findIndex(({ id }) => id === ownerOf(selected));
  useEffect(() => {
    if (index >= 0) lanes.scrollToIndex(index, { align: 'auto' });
  }, [index, lanes]);
  return (
    <>
      <TimelineHead timeline={shown} whole={whole} scale={scale} now={now} until={until} />
      <div ref={scroller} className="relative min-h-0 flex-1 overflow-y-auto overflow-x-hidden">
        <div className="relative" style={{ height: lanes.getTotalSize() }}>
          {lanes.getVirtualItems().map(({ index: row, start }) => {
            const lane = shown.lanes[row];
            return lane === undefined ? null : (
              <OneLane key={lane.id} lane={lane} top={start} scale={scale} end={until ?? now} until={until} />
            );
          })}
        </div>
      </div>
    </>
  );
}

interface OneLaneProps {
  readonly lane: Lane;
  readonly top: number;
  readonly scale: TimeScale;
  readonly end: number;
  readonly until: number | null;
}

function OneLane({ lane, top, scale, end, until }: OneLaneProps) {
  const { view, typeOf, ownerOf, itemOf } = useJobPage();
  const isSubflow = lane.depth !== 1 && itemOf(ownerOf(lane.id))?.kind === 'subflow';
  const isFolded = lane.fold !== undefined && !lane.fold.open;
  const drawn = useMemo(() => mergedBars(lane.bars, { x: scale.x, end }), [lane.bars, scale, end]);
  const tries = useMemo(() => {
    const again = (kind: string) => lane.bars.some((bar) => bar.kind === kind && bar.attempt > 1);
    return { apply: again('apply'), revert: again('revert') };
  }, [lane.bars]);
  const selected = useView(
    (state) => state.selected === lane.id || (isFolded && state.selected !== null && ownerOf(state.selected) === lane.id),
  );
  const preview = useView((state) => state.preview?.actions.get(lane.id));
  const canRevert = useRun((state) => state.atoms.get(lane.id)?.state === 'SUCCESS' && state.atoms.get(lane.id)?.kept === null);
  return (
    <div
      data-testid={`lane-${lane.id}`}
      className={cx(
        'group absolute inset-x-0 flex border-b border-line',
        selected ? 'bg-accent-tint' : 'hover:bg-hover',
        preview === 'revert' && 'hatch-revert',
      )}
      style={{ top, height: LANE }}
    >
      <div className="flex shrink-0 items-center border-r border-line pr-1" style={{ width: LABELS }}>
        {lane.fold !== undefined && <FoldButton id={lane.id} name={lane.name} open={lane.fold.open} />}
        <button
          type="button"
          aria-pressed={selected}
          className={cx(
            'flex h-full min-w-0 flex-1 items-center gap-2 text-left text-12 -outline-offset-2',
            lane.depth === 1 ? 'pl-9' : lane.fold === undefined ? 'pl-3' : 'pl-0.5',
          )}
          onClick={() => view.setState({ selected: lane.id, entry: null })}
        >
          <span className="shrink-0 text-fg-3">
            {lane.kind === 'job' ? (
              <Workflow aria-hidden size={14} strokeWidth={1.5} />
            ) : lane.kind === 'retry' ? (
              <RotateCcw aria-hidden size={14} strokeWidth={1.5} />
            ) : (
              <TaskIcon name={isSubflow ? 'subflow' : typeOf(lane.id)?.icon} size={14} />
            )}
          </span>
          <span className="truncate" title={lane.name}>
            {lane.name}
          </span>
          {lane.fold !== undefined && <span className="shrink-0 text-11 text-fg-3">×{lane.fold.count}</span>}
        </button>
        {canRevert && <RevertTask atom={lane.id} className="opacity-0 focus-visible:opacity-100 group-hover:opacity-100" />}
      </div>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the label's button does the same */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the label's button does the same */}
      <div className="relative min-w-0 flex-1 overflow-hidden" onClick={() => view.setState({ selected: lane.id, entry: null })}>
        {scale.ticks.map(({ x }) => (
          <i key={x} className="absolute inset-y-0 w-px bg-line" style={{ left: x + PADDING }} />
        ))}
        {until !== null && <i className="absolute inset-y-0 w-px bg-accent-ring" style={{ left: scale.x(until) + PADDING }} />}
        <div className="absolute inset-y-0" style={{ left: PADDING }}>
          {drawn.map((bar, index) => (
            <LaneBar
              key={`${bar.kind}${bar.from}${String(index)}`}
              bar={bar}
              numbered={bar.attempt > 0 && (bar.kind === 'apply' ? tries.apply : tries.revert)}
              x={scale.x}
              end={end}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

/** Shows or hides the lanes of an item's atoms. */
function FoldButton({ id, name, open }: { readonly id: string; readonly name: string; readonly open: boolean }) {
  const { view } = useJobPage();
  const Icon = open ? ChevronDown : ChevronRight;
  return (
    <button
      type="button"
      aria-expanded={open}
      aria-label={`Lanes of ${name}`}
      className="ml-1.5 grid size-5 shrink-0 place-items-center rounded-1 text-fg-3 hover:bg-press"
      onClick={() =>
        view.setState(({ unfolded }) => {
          const next = new Set(unfolded);
          if (!next.delete(id)) next.add(id);
          return { unfolded: next };
        })
      }
    >
      <Icon size={13} aria-hidden />
    </button>
  );
}

function useWidth(ref: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (ref.current === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [ref]);
  return width;
}

/** Milliseconds per pixel; at least a second when the job only waits. */
function pace({ lanes, to }: Timeline, { from, width }: { readonly from: number; readonly width: number }): number {
  const isBusy = lanes.some(({ kind, bars }) => kind !== 'job' && bars.some((bar) => bar.to === null && bar.kind !== 'wait'));
  return Math.max(isBusy ? 0 : 1_000, (to - from) / Math.max(1, width));
}

/** The time, updated while something runs, when the axis has grown by a pixel, at most ten times a second. */
function useClock(runs: boolean, msPerPixel: number): number {
  const [now, setNow] = useState(() => Date.now());
  // Rounded to steps, because each tick changes the scale, and a new interval would restart the timer.
  const step = 100 * 2 ** Math.min(5, Math.max(0, Math.floor(Math.log2(msPerPixel / 100))));
  useEffect(() => {
    setNow(Date.now());
    if (!runs) return;
    const timer = setInterval(() => setNow(Date.now()), step);
    return () => clearInterval(timer);
  }, [runs, step]);
  return now;
}
