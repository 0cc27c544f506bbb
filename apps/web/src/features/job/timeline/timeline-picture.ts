// A timeline -> an SVG that needs no other file: its colours are written out, its words are text.
import { clockTime, durationWords, exactTime } from '../../../lib/times.ts';
import type { Hue } from '../../../ui/state/state-look.ts';
import { type DrawnBar, mergedBars } from './merged-bars.ts';
import { timeScale } from './time-scale.ts';
import type { Timeline } from './timeline-model.ts';

const WIDTH = 1_280;
const NAMES = 220;
const ROW = 30;
const TOP = 64;
const EDGE = 16;
/** Programs cannot open a picture with more lanes; the picture says how many it leaves out. */
const MOST_LANES = 1_000;

/** Options of the picture. */
export interface PictureStyle {
  readonly title: string;
  readonly now: number;
  /** Colour of a hue's lines, or of `fg`, `fg-3`, `line` and `surface`. */
  readonly colour: (name: Hue | 'fg' | 'fg-3' | 'line' | 'surface') => string;
}

export function timelinePicture(timeline: Timeline, { title, now, colour }: PictureStyle): string {
  const scale = timeScale(timeline, { width: WIDTH - NAMES - 2 * EDGE, now });
  const x = (time: number) => round(NAMES + EDGE + scale.x(time));
  const lanes = timeline.lanes.slice(0, MOST_LANES);
  const left = timeline.lanes.length - lanes.length;
  const height = TOP + lanes.length * ROW + EDGE + (left > 0 ? ROW : 0);
  const text = (at: { x: number; y: number; size?: number; tone?: 'fg' | 'fg-3' }, words: string) =>
    `<text x="${at.x}" y="${at.y}" font-size="${at.size ?? 11}" fill="${colour(at.tone ?? 'fg-3')}">${escaped(words)}</text>`;
  const line = (x1: number, y1: number, x2: number, y2: number) =>
    `<path d="M${x1} ${y1}L${x2} ${y2}" stroke="${colour('line')}" stroke-width="1"/>`;
  const rows = lanes.flatMap((lane, index) => {
    const y = TOP + index * ROW;
    const name = lane.name.length > 32 ? `${lane.name.slice(0, 31)}…` : lane.name;
    return [
      line(0, y, WIDTH, y),
      text({ x: EDGE, y: y + 19, size: 12, tone: 'fg' }, name),
      ...mergedBars(lane.bars, { x: scale.x, end: now }).map((bar) => barOf(bar, { x, y, end: now, colour })),
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif">`,
    `<title>${escaped(title)}</title>`,
    `<defs><pattern id="back" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="3" height="6" fill="${colour('revert')}"/></pattern>`,
    `<pattern id="stuck" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="3" height="6" fill="${colour('failed')}"/></pattern></defs>`,
    `<rect width="${WIDTH}" height="${height}" fill="${colour('surface')}"/>`,
    text({ x: EDGE, y: 24, size: 14, tone: 'fg' }, title),
    text({ x: EDGE, y: 42 }, `from ${exactTime(timeline.from)} to ${exactTime(timeline.going ? now : timeline.to)}`),
    ...scale.ticks.flatMap((tick) => {
      const at = round(NAMES + EDGE + tick.x);
      const fine = tick.fine ? `.${String(Math.floor(tick.time % 1_000)).padStart(3, '0')}` : '';
      return [line(at, TOP, at, height - EDGE), text({ x: at, y: TOP - 6 }, clockTime(tick.time) + fine)];
    }),
    ...scale.gaps.map((gap) => text({ x: round(NAMES + EDGE + gap.x) - 4, y: TOP - 6 }, '⋯')),
    ...timeline.marks.map(
      ({ time, label }) =>
        `<path d="M${x(time)} ${TOP - 24}l4 4l-4 4l-4 -4z" fill="${colour('claimed')}"><title>${escaped(`${label}, ${exactTime(time)}`)}</title></path>`,
    ),
    ...rows,
    ...(left > 0 ? [text({ x: EDGE, y: TOP + lanes.length * ROW + 19 }, `and ${left} more lanes`)] : []),
    '</svg>',
  ].join('\n');
}

interface Placing {
  readonly x: (time: number) => number;
  readonly y: number;
  readonly end: number;
  readonly colour: PictureStyle['colour'];
}

function barOf(bar: DrawnBar, { x, y, end, colour }: Placing): string {
  const to = bar.to ?? end;
  const from = x(bar.from);
  const width = Math.max(3, round(x(Math.max(bar.from, to)) - from));
  const words = `<title>${escaped(`${bar.kind}: ${exactTime(bar.from)}, ${bar.to === null ? 'going on' : durationWords(to - bar.from)}`)}</title>`;
  switch (bar.kind) {
    case 'wait':
      return `<rect x="${from}" y="${y + 9}" width="${width}" height="2" fill="${colour(bar.hue)}">${words}</rect>`;
    case 'apply':
      return `<rect x="${from}" y="${y + 4}" width="${width}" height="10" rx="2" fill="${colour(bar.hue)}">${words}</rect>`;
    case 'revert': {
      const failed = bar.hue === 'failed';
      return `<rect x="${from}" y="${y + 16}" width="${width}" height="10" rx="2" fill="url(#${failed ? 'stuck' : 'back'})" stroke="${colour(bar.hue)}">${words}</rect>`;
    }
  }
}

const ENTITIES: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Escaped for XML, without the characters that XML does not allow. */
function escaped(text: string): string {
  const allowed = [...text].filter((one) => (one >= ' ' || one === '\n' || one === '\t') && one !== '\uFFFE' && one !== '\uFFFF');
  return allowed.map((one) => ENTITIES[one] ?? one).join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
