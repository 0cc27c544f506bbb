// A time as text, as RFC 3339 writes it. `Date.parse` alone takes 29 February of any year for 1 March.
import { TaskError } from '@windlass/engine/task';

// The zone is needed: without it the text would mean another moment on another server.
const TIME = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:[Zz]|([+-])(\d\d):?(\d\d))$/;

/** Milliseconds since 1970. Throws TIME_INVALID for a text that is no time, or names a time that does not exist. */
export function timeOfText(text: string): number {
  const fields = TIME.exec(text);
  if (fields === null) throw invalid(text, 'is not a time; write it such as 2030-01-31T08:00:00Z, with its zone');
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields.slice(1, 7).map((field) => Number(field ?? 0));
  const [fraction = '', sign, offsetHours, offsetMinutes] = fields.slice(7);
  const moment = new Date(0);
  // Not Date.UTC, for which the year 30 is 1930.
  moment.setUTCFullYear(year, month - 1, day);
  if (moment.getUTCFullYear() !== year || moment.getUTCMonth() !== month - 1 || moment.getUTCDate() !== day)
    throw invalid(text, 'names a day that does not exist');
  if (hour > 23 || minute > 59 || second > 59)
    throw invalid(text, 'names a time of day that does not exist; hours go to 23, minutes and seconds to 59');
  if (Number(offsetHours ?? 0) > 23 || Number(offsetMinutes ?? 0) > 59)
    throw invalid(text, 'has a zone that does not exist; write an offset such as +02:00, or Z');
  moment.setUTCHours(hour, minute, second, Number(fraction.slice(0, 3).padEnd(3, '0')));
  const offset = (Number(offsetHours ?? 0) * 60 + Number(offsetMinutes ?? 0)) * 60_000;
  return moment.getTime() - (sign === '-' ? -offset : offset);
}

function invalid(text: string, why: string): TaskError {
  return new TaskError('TIME_INVALID', `"${text.slice(0, 100)}" ${why}.`, { nothingDone: true });
}
