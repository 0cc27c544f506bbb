import { defineTask } from '@windlass/engine/task';
import { z } from 'zod';
import { notApplied } from './not-applied.ts';
import { timeOfText } from './time-text.ts';

const input = z.object({
  ms: z
    .int()
    .min(0)
    .max(366 * 86_400_000)
    .default(1_000)
    .meta({ title: 'Wait (ms)', description: 'Counted from when the step began. Not used where a time is given.' }),
  until: z.string().optional().meta({
    title: 'Wait until',
    description: 'A time such as 2030-01-31T08:00:00Z; one that is past does not wait.',
    format: 'date-time',
  }),
});

export const delay = defineTask({
  type: 'delay',
  version: 1,
  title: 'Delay',
  summary: 'Waits for a time, holding nothing: the job is parked meanwhile.',
  icon: 'clock',
  group: 'Control',
  input,
  output: z.object({ waitedMs: z.number().meta({ title: 'Waited (ms)', description: 'From when the step began, restarts included.' }) }),
  effects: { kind: 'none' },
  repeatable: true,
  waits({ ms, until }, now, wallTime = now) {
    if (until === undefined) return { on: 'timer', until: now + ms, output: { waitedMs: ms } };
    const end = Math.max(wallTime, timeOfText(until));
    return { on: 'timer', until: end, byWallClock: true, output: { waitedMs: end - wallTime } };
  },
  apply: notApplied,
});
