import { durationWords, exactTime } from '../../../lib/times.ts';
import { hueVar } from '../../../ui/state/state-look.ts';
import type { DrawnBar } from './merged-bars.ts';

const LEAST_PX = 3;

/** One attempt on a lane: apply above the middle line, revert below it, hatched, with an arrow pointing back. */
export function LaneBar({
  bar,
  numbered,
  x,
  end,
}: {
  readonly bar: DrawnBar;
  readonly numbered: boolean;
  readonly x: (time: number) => number;
  readonly end: number;
}) {
  const from = x(bar.from);
  const to = x(Math.max(bar.from, bar.to ?? end));
  const width = Math.max(LEAST_PX, to - from - (bar.attempt > 0 && to - from > 12 ? 2 : 0));
  const many = bar.count > 1 ? `${bar.count} of these, the worst shown: ` : '';
  const title = `${many}${bar.kind === 'wait' && bar.hue === 'claimed' ? 'In the queue' : WORDS[bar.kind]}${bar.attempt > 0 ? ` ${bar.attempt}` : ''}: ${exactTime(bar.from)}, ${bar.to === null ? 'going on' : durationWords(bar.to - bar.from)}`;
  switch (bar.kind) {
    case 'wait':
      return <i title={title} className="absolute top-[10px] h-0.5" style={{ left: from, width, background: hueVar(bar.hue, 'line') }} />;
    case 'apply':
      return (
        <i
          title={title}
          className="absolute top-[5px] h-2.5 rounded-[2px] not-italic"
          style={{ left: from, width, background: hueVar(bar.hue, 'line') }}
        >
          {numbered && <em className="absolute left-0 top-[10px] text-10 not-italic text-fg-3">{bar.attempt}</em>}
        </i>
      );
    case 'revert': {
      const failed = bar.hue === 'failed';
      return (
        <>
          <em
            aria-hidden
            className="absolute top-[16px] text-[9px] not-italic leading-[10px]"
            style={{ left: from - 10, color: hueVar(failed ? 'failed' : 'revert', 'fg') }}
          >
            ◂
          </em>
          <i
            title={title}
            className={`absolute top-[17px] h-2.5 rounded-[2px] ${failed ? 'hatch-revert-failed-solid' : 'hatch-revert-solid'} ${bar.to === null ? 'animate-hatch motion-reduce:animate-none' : ''}`}
            style={{ left: from, width, outline: `1px solid ${hueVar(failed ? 'failed' : 'revert', 'line')}`, outlineOffset: -1 }}
          />
          {numbered && (
            <em className="absolute top-[15px] text-10 not-italic text-fg-3" style={{ left: from + width + 3 }}>
              {bar.attempt}
            </em>
          )}
        </>
      );
    }
  }
}

const WORDS = { apply: 'Apply', revert: 'Revert', wait: 'Waiting' } as const;
