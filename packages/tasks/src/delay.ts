import { setTimeout as wait } from 'node:timers/promises';
import { defineTask } from '@windlass/engine';
import { z } from 'zod';

export const delay = defineTask({
  type: 'delay',
  version: 1,
  title: 'Delay',
  summary: 'Waits. When it is repeated after a restart it waits only for what is left.',
  icon: 'clock',
  group: 'Control',
  input: z.object({ ms: z.int().min(0).max(86_400_000).default(1_000).meta({ title: 'Wait (ms)' }) }),
  output: z.object({ waitedMs: z.number() }),
  effects: { kind: 'none' },
  repeatable: true,
  async apply({ ms }, { startedAt, signal }) {
    const left = startedAt + ms - Date.now();
    if (left > 0) await wait(left, undefined, { signal });
    return { waitedMs: ms };
  },
});
