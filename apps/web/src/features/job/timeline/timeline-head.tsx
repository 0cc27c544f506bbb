// The time axis above the lanes: ticks, shortened gaps, marks of claims and acts, and the brush that selects a range.
import { ChevronLeft, ChevronRight, Image, Maximize2, PanelBottom, Rows2, ZoomIn, ZoomOut } from 'lucide-react';
import { type PointerEvent, useState } from 'react';
import { durationWords, exactTime, shortTime } from '../../../lib/times.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { useJobPage, useRun, useView } from '../job-context.tsx';
import { mergedMarks } from './merged-marks.ts';
import { savePicture } from './save-picture.ts';
import { type TimeRange, brushed, moved, zoomed } from './time-range.ts';
import { type TimeScale, besideNow, nowEdge } from './time-scale.ts';
import type { Timeline } from './timeline-model.ts';
import { showLayout } from '../run/view-store.ts';

/** Width of the lane names, and of the space beside the bars. */
export const LABELS = 212;
export const PADDING = 14;
/** A drag shorter than this is a click. */
const LEAST_DRAG = 6;

interface TimelineHeadProps {
  /** The visible range. */
  readonly timeline: Timeline;
  readonly whole: Timeline;
  readonly scale: TimeScale;
  readonly now: number;
  readonly until: number | null;
}

export function TimelineHead({ timeline, whole, scale, now, until }: TimelineHeadProps) {
  const { view } = useJobPage();
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number } | null>(null);
  const all = { from: whole.from, to: whole.going ? Math.max(now, whole.to) : whole.to };
  const placeOf = (event: PointerEvent<HTMLElement>) => event.clientX - event.currentTarget.getBoundingClientRect().left - PADDING;
  const going = timeline.going && until === null;
  const ticks = scale.ticks.map(({ x, time, fine }) => ({
    ...{ x, time },
    words: `${shortTime(time, now)}${fine ? `.${String(Math.floor(time % 1_000)).padStart(3, '0')}` : ''}`,
  }));
  return (
    <div className="flex h-8 shrink-0 border-b border-line text-11 text-fg-3">
      <div className="flex shrink-0 items-center border-r border-line pl-3 pr-1" style={{ width: LABELS }}>
        <span className="min-w-0 flex-1">Tasks</span>
        <Tools timeline={timeline} all={all} />
      </div>
      <div
        className="relative min-w-0 flex-1 cursor-crosshair touch-none select-none overflow-hidden"
        title="Drag to look at a part of the time"
        onPointerDown={(event) => {
          if (event.button !== 0 || (event.target as Element).closest('button') !== null) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ from: placeOf(event), to: placeOf(event) });
        }}
        onPointerMove={(event) => drag !== null && setDrag({ ...drag, to: placeOf(event) })}
        onPointerUp={() => {
          if (drag !== null && Math.abs(drag.to - drag.from) >= LEAST_DRAG) {
            const range = brushed(scale.timeAt(drag.from), scale.timeAt(drag.to), all);
            if (range !== null) view.setState({ range });
          }
          setDrag(null);
        }}
        onPointerCancel={() => setDrag(null)}
      >
        {besideNow(ticks, going ? scale.x(now) : null).map(({ x, time, words }) => (
          <span key={time} className="absolute bottom-0.5 whitespace-nowrap" style={{ left: x + PADDING }} title={exactTime(time)}>
            {words}
          </span>
        ))}
        {scale.gaps.map(({ x, ms }) => (
          <span
            key={x}
            className="absolute bottom-0.5 -translate-x-1/2 whitespace-nowrap text-10"
            style={{ left: x + PADDING }}
            title={`${durationWords(ms)} in which nothing ran`}
          >
            ⋯
          </span>
        ))}
        {mergedMarks(timeline.marks, scale.x).map(({ kind, time, number, label, count }) => (
          <button
            key={number}
            type="button"
            aria-label={label}
            title={`${label}, ${exactTime(time)}${count > 1 ? `, and ${count - 1} more here` : ''}`}
            className="absolute top-0.5 grid h-3 w-2.5 -translate-x-1/2 place-items-center leading-none"
            style={{ left: scale.x(time) + PADDING }}
            onClick={() => view.setState({ entry: number })}
          >
            {kind === 'act' ? (
              <i className="size-[7px] rotate-45 bg-accent-ring" />
            ) : (
              <i className="h-2.5 w-px bg-st-claimed-line after:absolute after:left-[5px] after:top-[1px] after:size-1 after:bg-st-claimed-line" />
            )}
          </button>
        ))}
        {until !== null && (
          <i
            className="absolute bottom-0 size-[7px] -translate-x-1/2 rotate-45 bg-accent-ring"
            style={{ left: scale.x(until) + PADDING }}
          />
        )}
        {going && (
          <span
            className="absolute bottom-0.5 -translate-x-full bg-surface pl-1 text-accent-fg"
            style={{ left: nowEdge(scale.x(now)) + PADDING }}
          >
            now
          </span>
        )}
        {drag !== null && (
          <i
            className="absolute inset-y-0 border-x border-accent-ring bg-accent-tint opacity-70"
            style={{ left: Math.min(drag.from, drag.to) + PADDING, width: Math.abs(drag.to - drag.from) }}
          />
        )}
      </div>
    </div>
  );
}

/** Buttons for the brush, for people without a mouse, and for the picture. */
function Tools({ timeline, all }: { readonly timeline: Timeline; readonly all: TimeRange }) {
  const { job, view } = useJobPage();
  const flow = useRun((state) => state.posted?.flowName ?? '');
  const range = useView((state) => state.range);
  const layout = useView((state) => state.layout);
  const show = (next: TimeRange | null) => view.setState({ range: next });
  return (
    <>
      {range !== null && (
        <>
          <IconButton label="Earlier" size="small" onClick={() => show(moved(range, { whole: all, by: -0.5 }))}>
            <ChevronLeft size={13} />
          </IconButton>
          <IconButton label="Later" size="small" onClick={() => show(moved(range, { whole: all, by: 0.5 }))}>
            <ChevronRight size={13} />
          </IconButton>
          <IconButton label="Whole time" size="small" onClick={() => show(null)}>
            <Maximize2 size={12} />
          </IconButton>
          <IconButton label="Longer time" size="small" onClick={() => show(zoomed(range, { whole: all, by: 2 }))}>
            <ZoomOut size={13} />
          </IconButton>
        </>
      )}
      <IconButton label="Shorter time" size="small" onClick={() => show(zoomed(range, { whole: all, by: 0.5 }))}>
        <ZoomIn size={13} />
      </IconButton>
      <IconButton
        label={layout === 'timeline' ? 'Canvas and timeline' : 'Timeline only'}
        size="small"
        onClick={() => showLayout(view, layout === 'timeline' ? 'both' : 'timeline')}
      >
        {layout === 'timeline' ? <Rows2 size={13} /> : <PanelBottom size={13} />}
      </IconButton>
      <IconButton label="Timeline as a picture" size="small" onClick={() => savePicture(timeline, { job, flow })}>
        <Image size={13} />
      </IconButton>
    </>
  );
}
