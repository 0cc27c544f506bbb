import { defineTask } from '@windlass/engine/task';
import { z } from 'zod';
import { notApplied } from './not-applied.ts';

export const signal = defineTask({
  type: 'signal',
  version: 1,
  title: 'Signal',
  summary: 'Waits for a signal from outside, by name, and gives the data that came with it.',
  icon: 'radio',
  group: 'Control',
  input: z.object({
    name: z
      .string()
      .min(1)
      .max(200)
      .meta({ title: 'Name', description: 'A signal of that name sent to the job, before or while it waits.' }),
    withinMs: z.int().min(1_000).optional().meta({ title: 'Within (ms)', description: 'Without it the job waits without end.' }),
    otherwise: z
      .enum(['fail', 'go_on'])
      .default('fail')
      .meta({ title: 'If it does not come', description: 'What happens when the time is over.' }),
  }),
  output: z.object({
    data: z.json().meta({ title: 'Data', description: 'What came with the signal.' }),
    received: z.boolean().meta({ title: 'Received', description: 'False when the time was over.' }),
  }),
  effects: { kind: 'none' },
  repeatable: true,
  waits({ name, withinMs, otherwise }, now) {
    return { on: 'signal', name, until: withinMs === undefined ? null : now + withinMs, then: otherwise };
  },
  apply: notApplied,
});
