// The parts of a timestamp, in UTC or in a time zone, and the parts of a duration.
import type { CelFunction, NamedFunction } from './function.ts';
import { type TimePart, partOf, partOfDuration } from './times.ts';
import { CelDuration, CelError, CelTimestamp, typeOf } from './value.ts';

const PARTS: readonly TimePart[] = [
  'getFullYear',
  'getMonth',
  'getDate',
  'getDayOfMonth',
  'getDayOfWeek',
  'getDayOfYear',
  'getHours',
  'getMinutes',
  'getSeconds',
  'getMilliseconds',
];

export const TIME_METHODS: readonly NamedFunction[] = PARTS.flatMap((part) => {
  const call: CelFunction = ([of = null, zone = 'UTC']) => {
    if (of instanceof CelTimestamp && typeof zone === 'string') return partOf(of, part, zone);
    if (of instanceof CelDuration && zone === 'UTC') return partOfDuration(of, part);
    throw new CelError(`${part} takes a timestamp and an optional time zone as text, not a ${typeOf(of)}.`);
  };
  return [
    [part, 0, call],
    [part, 1, call],
  ] as const;
});
