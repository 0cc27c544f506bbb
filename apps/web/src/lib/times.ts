// Times for people: local and short; the exact instant is for a title.

// Made once: a page that follows 200 entries per second spent a tenth of its time making these for each row.
const CLOCK = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
const DAY = new Intl.DateTimeFormat();

/** `14:03:22`. */
export function clockTime(time: number): string {
  return CLOCK.format(time);
}

/** `14:03:22` today, else with the date. */
export function shortTime(time: number, now: number): string {
  const date = new Date(time);
  const clock = clockTime(time);
  return date.toDateString() === new Date(now).toDateString() ? clock : `${DAY.format(date)} ${clock}`;
}

/** `3 min ago`. */
export function ago(time: number, now: number): string {
  const past = Math.max(0, now - time);
  const [seconds, minutes, hours] = [wholes(past, 1_000), wholes(past, 60_000), wholes(past, 3_600_000)];
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (minutes < 60) return `${minutes} min ago`;
  if (hours < 24) return `${hours} h ago`;
  return `${wholes(past, 86_400_000)} d ago`;
}

/**
 * `840 ms`, `12.4 s`, `3 min 5 s`, `2 h 10 min`. Each unit is rounded before the next smaller one is split off, so no part
 * ever reaches the size of the unit above it.
 */
export function durationWords(ms: number): string {
  const millis = wholes(Math.max(0, ms), 1);
  if (millis < 1_000) return `${millis} ms`;
  const tenths = wholes(ms, 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = wholes(ms, 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = wholes(ms, 60_000);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How many of the unit, rounded. */
function wholes(ms: number, unit: number): number {
  return Math.round(ms / unit);
}

/** `97 %`. Only all of it is 100 %, and only nothing is 0 %. */
export function percentWords(share: number): string {
  if (share <= 0) return '0 %';
  if (share >= 1) return '100 %';
  return `${Math.min(99, Math.max(1, Math.round(share * 100)))} %`;
}

/** The exact instant. */
export function exactTime(time: number): string {
  return new Date(time).toISOString();
}
