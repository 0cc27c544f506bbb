// Times in a search: an age, `30m`, `2h`, `7d`, `1w`; a day, `2026-11-01`; a minute, `2026-11-01T08:30`. Days and minutes are UTC.

/** A time as written: an age, or a period that begins at `time`. */
export type SearchTime =
  | { readonly kind: 'ago'; readonly word: string; readonly ms: number }
  | { readonly kind: 'at'; readonly word: string; readonly time: number; readonly lasts: number };

const UNITS: ReadonlyMap<string, number> = new Map([
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
]);
const AGO = /^(\d{1,5})([mhdw])$/;
const AT = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}))?$/;

export function timeOf(word: string): SearchTime | undefined {
  const ago = AGO.exec(word);
  if (ago !== null) return { kind: 'ago', word, ms: Number(ago[1]) * (UNITS.get(ago[2] ?? '') ?? 0) };
  const at = AT.exec(word);
  if (at === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = at.slice(1).map((part) => Number(part ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59) return undefined;
  const time = (daysSince1970(year, month, day) * 24 + hour) * 3_600_000 + minute * 60_000;
  return { kind: 'at', word, time, lasts: at[4] === undefined ? 86_400_000 : 60_000 };
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Each year is counted from March, so that a leap day is the year's last day. Written here because the engine has no calendar. */
function daysSince1970(year: number, month: number, day: number): number {
  const years = month > 2 ? year : year - 1;
  const months = (month + 9) % 12;
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  return 365 * years + leapDays + Math.floor((153 * months + 2) / 5) + day - 1 - 719_468;
}
