import { setTimeout as wait } from 'node:timers/promises';
import { type TaskContext, TaskError, defineTask } from '@windlass/engine';
import { z } from 'zod';
import type { World } from './world.ts';

/** The longest that one timer can wait. */
const MOST_MS = 2_000_000_000;

const input = z.object({
  ms: z
    .int()
    .min(0)
    .max(86_400_000)
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
  summary: 'Waits. When it is repeated after a restart it waits only for what is left.',
  icon: 'clock',
  group: 'Control',
  input,
  output: z.object({ waitedMs: z.number().meta({ title: 'Waited (ms)', description: 'From when the step began, restarts included.' }) }),
  effects: { kind: 'none' },
  repeatable: true,
  async apply({ ms, until }, { startedAt, signal }: TaskContext<World>) {
    const end = until === undefined ? startedAt + ms : timeOf(until);
    for (let left = end - Date.now(); left > 0; left = end - Date.now()) await wait(Math.min(left, MOST_MS), undefined, { signal });
    return { waitedMs: Math.max(0, end - startedAt) };
  },
});

function timeOf(text: string): number {
  // Without a zone it would mean another moment on another server.
  const time = /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/i.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw new TaskError('TIME_INVALID', `"${text}" is not a time; write it such as 2030-01-31T08:00:00Z, with its zone.`);
  return time;
}
