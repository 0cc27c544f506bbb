import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { durationWords } from '../../lib/times.ts';
import { StateBadge } from '../../ui/state/state-badge.tsx';
import { hueVar, lookOf, lookOfAtom } from '../../ui/state/state-look.ts';
import type { ComparedTask, Side, Span } from './compare-jobs.ts';
import { ValueDifferences } from './value-differences.tsx';

const COLUMNS = 'grid-cols-[minmax(140px,1.2fr)_130px_130px_minmax(240px,3fr)_110px]';

/** One row per task: its state in A and in B, a bar for each on one scale, and how much longer B took. */
export function PairedTimeline({ tasks, span }: { readonly tasks: readonly ComparedTask[]; readonly span: number }) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: tasks.length, getScrollElement: () => scroller.current, estimateSize: () => 45, overscan: 8 });
  if (tasks.length === 0) return <p className="px-4 py-3 text-12 text-fg-3">No task differs.</p>;
  return (
    <div ref={scroller} className="max-h-[70vh] overflow-auto">
      <div className="min-w-[860px]">
        <div
          className={`sticky top-0 z-10 grid ${COLUMNS} h-7 items-center gap-3 border-b border-line bg-sunken px-4 text-11 font-medium text-fg-3`}
        >
          {['Task', 'A', 'B', `0 to ${durationWords(span)}`, 'B against A'].map((name) => (
            <span key={name}>{name}</span>
          ))}
        </div>
        <ul className="relative" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const task = tasks[index];
            return task === undefined ? null : (
              <li
                key={task.id}
                ref={rows.measureElement}
                data-index={index}
                data-testid={`compared-${task.id}`}
                className="absolute inset-x-0 border-b border-line"
                style={{ transform: `translateY(${start}px)` }}
              >
                <Row task={task} span={span} />
              </li>
            );
          })}
        </ul>
      </div>
    </div>
  );
}

function Row({ task, span }: { readonly task: ComparedTask; readonly span: number }) {
  const { name, a, b, inputs, outputs, differs } = task;
  const count = inputs.length + outputs.length;
  return (
    <>
      <div className={`grid ${COLUMNS} items-center gap-3 px-4 py-1.5 text-12 ${differs ? 'bg-st-doubt-bg' : ''}`}>
        <span className="truncate font-medium" title={name}>
          {differs && <span className="sr-only">Differs: </span>}
          {name}
        </span>
        <State side={a} />
        <State side={b} />
        <span className="relative block h-8">
          <Bars letter="A" side={a} span={span} top={1} />
          <Bars letter="B" side={b} span={span} top={17} />
        </span>
        <span className="tabular-nums text-fg-2">{differenceWords(a?.apply ?? null, b?.apply ?? null)}</span>
      </div>
      {count > 0 && (
        <details className="px-4 pb-2">
          <summary className="cursor-pointer text-11 text-fg-3">{count === 1 ? '1 value differs' : `${count} values differ`}</summary>
          <div className="mt-1 grid gap-2 pl-3">
            {inputs.length > 0 && (
              <div>
                <h3 className="text-11 font-semibold text-fg-3">Input</h3>
                <ValueDifferences differences={inputs} none="" />
              </div>
            )}
            {outputs.length > 0 && (
              <div>
                <h3 className="text-11 font-semibold text-fg-3">Output</h3>
                <ValueDifferences differences={outputs} none="" />
              </div>
            )}
          </div>
        </details>
      )}
    </>
  );
}

function State({ side }: { readonly side: Side | null }) {
  return (
    <span className="min-w-0">
      {side === null ? <span className="text-fg-3">did not begin</span> : <StateBadge state={lookOfAtom(side.atom)} />}
    </span>
  );
}

interface BarsProps {
  readonly letter: 'A' | 'B';
  readonly side: Side | null;
  readonly span: number;
  readonly top: number;
}

/** Apply as a bar, with revert hatched after it. */
function Bars({ letter, side, span, top }: BarsProps) {
  if (side === null) return null;
  const failed = side.atom.failure !== null;
  const place = ({ from, took }: Span) => ({
    top,
    left: `${(100 * from) / span}%`,
    width: `max(3px, ${(100 * widthOf(took, span - from)) / span}%)`,
  });
  return (
    <>
      {side.apply !== null && (
        <i
          title={`${letter}, apply: after ${durationWords(side.apply.from)}, ${tookWords(side.apply)}`}
          className="absolute h-3 rounded-[2px]"
          style={{
            ...place(side.apply),
            background: hueVar(failed ? 'failed' : lookOf('SUCCESS').hue, 'line'),
            opacity: letter === 'A' ? 1 : 0.7,
          }}
        />
      )}
      {side.revert !== null && (
        <i
          title={`${letter}, revert: after ${durationWords(side.revert.from)}, ${tookWords(side.revert)}`}
          className="absolute h-3 rounded-[2px] hatch-revert-solid"
          style={{ ...place(side.revert), outline: `1px solid ${hueVar('revert', 'line')}`, outlineOffset: -1 }}
        />
      )}
    </>
  );
}

function widthOf(took: Span['took'], rest: number): number {
  return took === 'going' ? rest : took === 'unknown' ? 0 : took;
}

function tookWords({ took }: Span): string {
  return took === 'going' ? 'still running' : took === 'unknown' ? 'its end was not read' : durationWords(took);
}

function differenceWords(a: Span | null, b: Span | null): string {
  if (typeof a?.took !== 'number' || typeof b?.took !== 'number') return '–';
  const more = b.took - a.took;
  if (more === 0) return 'the same';
  const share = a.took === 0 ? '' : `, ${more > 0 ? '+' : '−'}${Math.round((100 * Math.abs(more)) / a.took)} %`;
  return `${more > 0 ? '+' : '−'}${durationWords(Math.abs(more))}${share}`;
}
