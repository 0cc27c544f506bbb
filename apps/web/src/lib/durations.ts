// Durations as people write them: a number and a unit.
export const DURATION_UNITS = [
  { id: 'ms', ms: 1, words: 'ms' },
  { id: 's', ms: 1_000, words: 'seconds' },
  { id: 'min', ms: 60_000, words: 'minutes' },
  { id: 'h', ms: 3_600_000, words: 'hours' },
  { id: 'd', ms: 86_400_000, words: 'days' },
] as const;

export type DurationUnit = (typeof DURATION_UNITS)[number];

/** The largest unit in which the duration is a whole number; seconds for an empty field. */
export function unitFor(ms: number | undefined): DurationUnit {
  const seconds = DURATION_UNITS[1];
  if (ms === undefined || ms === 0) return seconds;
  return DURATION_UNITS.findLast((unit) => ms % unit.ms === 0) ?? DURATION_UNITS[0];
}

/** `30 s`, `2 min`, `1 d`: short, for a badge. */
export function shortDuration(ms: number): string {
  const unit = unitFor(ms);
  return `${ms / unit.ms} ${unit.id}`;
}
