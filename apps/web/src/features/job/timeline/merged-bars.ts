// Bars of a lane that can be distinguished on the screen: many bars on the same pixels are drawn as one, which
// shows the worst. A lane of 25,000 iterations is a few hundred bars; as many elements took the browser 1.3 s to lay out.
import type { Hue } from '../../../ui/state/state-look.ts';
import type { Bar } from './timeline-model.ts';

/** Lanes with fewer bars are drawn as they are. */
const FEW = 200;
/** Bars closer than this many pixels are drawn as one. */
const APART_PX = 2;

export interface DrawnBar extends Bar {
  /** Number of bars drawn as this one. */
  readonly count: number;
}

/** Worst first. */
const WORST: readonly Hue[] = ['failed', 'doubt', 'running', 'waiting', 'revert', 'ignored', 'claimed', 'pending', 'success'];

/** Bars to draw, each kind merged by itself. `x` never goes back in time. */
export function mergedBars(
  bars: readonly Bar[],
  { x, end }: { readonly x: (time: number) => number; readonly end: number },
): readonly DrawnBar[] {
  if (bars.length <= FEW) return bars.map((bar) => ({ ...bar, count: 1 }));
  return (['apply', 'revert', 'wait'] as const).flatMap((kind) =>
    mergedOf(
      bars.filter((bar) => bar.kind === kind),
      { x, end },
    ),
  );
}

function mergedOf(bars: readonly Bar[], { x, end }: { readonly x: (time: number) => number; readonly end: number }): DrawnBar[] {
  const merged: { -readonly [Field in keyof DrawnBar]: DrawnBar[Field] }[] = [];
  let right = Number.NEGATIVE_INFINITY;
  for (const bar of [...bars].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    const to = x(Math.max(bar.from, bar.to ?? end));
    if (last !== undefined && x(bar.from) < right + APART_PX) {
      last.count += 1;
      last.attempt = 0;
      last.to = last.to === null || bar.to === null ? null : Math.max(last.to, bar.to);
      if (WORST.indexOf(bar.hue) < WORST.indexOf(last.hue)) last.hue = bar.hue;
      right = Math.max(right, to);
    } else {
      merged.push({ ...bar, count: 1 });
      right = to;
    }
  }
  return merged;
}
