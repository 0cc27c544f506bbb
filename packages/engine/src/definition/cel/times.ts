// Timestamps and durations as text, and their parts in a time zone. No clock is read.
import { durationOf, timestampOf } from './arithmetic.ts';
import { type CelDuration, CelError, type CelTimestamp } from './value.ts';

const SECOND = 1_000_000_000n;
const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['μs', 1_000n],
  ['ms', 1_000_000n],
  ['s', SECOND],
  ['m', 60n * SECOND],
  ['h', 3_600n * SECOND],
]);

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9})\d*)?([Zz]|[+-]\d\d:\d\d)$/;

/** Parses RFC 3339 text such as `2027-01-31T08:00:00Z`, with an optional fraction and any offset. */
export function parseTimestamp(text: string): CelTimestamp {
  const found = RFC_3339.exec(text);
  if (found === null) throw new CelError(`"${text.slice(0, 100)}" is not a timestamp such as 2027-01-31T08:00:00Z.`);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map(Number);
  const date = dateOf(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const isThere = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!isThere) throw new CelError(`"${text}" does not exist as a time.`);
  const fraction = BigInt((found[7] ?? '').padEnd(9, '0'));
  const zone = found[8] ?? 'Z';
  const offset = zone.toUpperCase() === 'Z' ? 0 : offsetOf(zone);
  if (offset === null) throw new CelError(`"${text}" has an offset that is not valid.`);
  return timestampOf(BigInt(date.getTime() - offset * 60_000) * 1_000_000n + fraction);
}

/** Text of a timestamp as CEL writes it: with as few digits of the fraction as needed. */
export function timestampText({ nanos }: CelTimestamp): string {
  const [seconds, fraction] = split(nanos);
  const text = dateOf(Number(seconds) * 1_000)
    .toISOString()
    .replace(/\.\d+Z$/, '');
  return `${text}${fractionText(fraction)}Z`;
}

/** Text of a timestamp for storage: with at least three digits of the fraction. */
export function storedTimestamp(timestamp: CelTimestamp): string {
  if (timestamp.nanos % 1_000_000n !== 0n) return timestampText(timestamp);
  return dateOf(Number(timestamp.nanos / 1_000_000n)).toISOString();
}

/** Parses `1h30m`, `1.5s`, `-10ms`. */
export function parseDuration(text: string): CelDuration {
  const found = /^([+-]?)(0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(text);
  if (found === null) throw new CelError(`"${text.slice(0, 100)}" is not a duration such as 1h30m.`);
  let nanos = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of (found[2] ?? '').matchAll(/(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/g)) {
    const size = UNITS.get(unit) ?? 1n;
    nanos += BigInt(whole === '' ? 0 : whole) * size;
    if (fraction !== '') nanos += (BigInt(fraction) * size) / 10n ** BigInt(fraction.length);
  }
  return durationOf(found[1] === '-' ? -nanos : nanos);
}

export function durationText({ nanos }: CelDuration): string {
  const size = nanos < 0n ? -nanos : nanos;
  return `${nanos < 0n ? '-' : ''}${size / SECOND}${fractionText(size % SECOND)}s`;
}

export type TimePart =
  | 'getFullYear'
  | 'getMonth'
  | 'getDate'
  | 'getDayOfMonth'
  | 'getDayOfWeek'
  | 'getDayOfYear'
  | 'getHours'
  | 'getMinutes'
  | 'getSeconds'
  | 'getMilliseconds';

/** A part of a timestamp in a time zone, which is a name such as Europe/Berlin or an offset such as +02:00. */
export function partOf({ nanos }: CelTimestamp, part: TimePart, zone: string): bigint {
  const [seconds, fraction] = split(nanos);
  const local = localTime(Number(seconds) * 1_000, zone);
  switch (part) {
    case 'getFullYear':
      return BigInt(local.getUTCFullYear());
    case 'getMonth':
      return BigInt(local.getUTCMonth());
    case 'getDate':
      return BigInt(local.getUTCDate());
    case 'getDayOfMonth':
      return BigInt(local.getUTCDate() - 1);
    case 'getDayOfWeek':
      return BigInt(local.getUTCDay());
    case 'getDayOfYear': {
      const first = dateOf(local.getTime());
      first.setUTCMonth(0, 1);
      return BigInt(Math.round((local.getTime() - first.getTime()) / 86_400_000));
    }
    case 'getHours':
      return BigInt(local.getUTCHours());
    case 'getMinutes':
      return BigInt(local.getUTCMinutes());
    case 'getSeconds':
      return BigInt(local.getUTCSeconds());
    case 'getMilliseconds':
      return fraction / 1_000_000n;
  }
}

/** A duration as whole hours, minutes or seconds; for milliseconds, only the part below one second. */
export function partOfDuration({ nanos }: CelDuration, part: TimePart): bigint {
  switch (part) {
    case 'getHours':
      return nanos / (3_600n * SECOND);
    case 'getMinutes':
      return nanos / (60n * SECOND);
    case 'getSeconds':
      return nanos / SECOND;
    case 'getMilliseconds':
      return (nanos % SECOND) / 1_000_000n;
    default:
      throw new CelError(`A duration has no ${part}.`);
  }
}

/** A date whose UTC parts are the parts of `time` in the zone. */
function localTime(time: number, zone: string): ReturnType<typeof dateOf> {
  const offset = zone === 'UTC' ? 0 : offsetOf(zone);
  if (offset !== null) return dateOf(time + offset * 60_000);
  const found = new Map(
    formatOf(zone)
      .formatToParts(time)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const local = dateOf(0);
  local.setUTCFullYear(found.get('year') ?? 0, (found.get('month') ?? 1) - 1, found.get('day') ?? 1);
  local.setUTCHours(found.get('hour') ?? 0, found.get('minute') ?? 0, found.get('second') ?? 0);
  return local;
}

/** Minutes east of Greenwich; null when the zone is not an offset. */
function offsetOf(zone: string): number | null {
  const found = /^([+-]?)(\d\d):(\d\d)$/.exec(zone);
  if (found === null || Number(found[2]) > 23 || Number(found[3]) > 59) return null;
  return (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3]));
}

/** Cached, because making a format takes a hundred times as long as using it. */
const formats = new Map<string, Intl.DateTimeFormat>();
const MOST_FORMATS = 100;

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
  try {
    const made = new Intl.DateTimeFormat('en-US', { ...numeric, hourCycle: 'h23', timeZone: zone });
    if (formats.size >= MOST_FORMATS) formats.clear();
    formats.set(zone, made);
    return made;
  } catch {
    throw new CelError(`"${zone.slice(0, 100)}" is not a time zone; give a name such as Europe/Berlin, or an offset such as +02:00.`);
  }
}

function split(nanos: bigint): readonly [seconds: bigint, fraction: bigint] {
  const fraction = ((nanos % SECOND) + SECOND) % SECOND;
  return [(nanos - fraction) / SECOND, fraction];
}

function fractionText(nanos: bigint): string {
  return nanos === 0n ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`;
}

function dateOf(time: number) {
  // biome-ignore lint/style/noRestrictedGlobals: no clock is read; the time is given
  return new Date(time);
}
