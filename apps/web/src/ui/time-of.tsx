import { ago, exactTime, shortTime } from '../lib/times.ts';

/** A time: short and local, the exact instant on hover. */
export function TimeOf({ time, now, relative = false }: { readonly time: number; readonly now: number; readonly relative?: boolean }) {
  return (
    <time dateTime={exactTime(time)} title={exactTime(time)} className="whitespace-nowrap">
      {relative ? ago(time, now) : shortTime(time, now)}
    </time>
  );
}
