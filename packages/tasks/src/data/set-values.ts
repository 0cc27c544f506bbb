import { defineTask } from '@windlass/engine/task';
import { z } from 'zod';

export const setValues = defineTask({
  type: 'values.set',
  version: 1,
  title: 'Set values',
  summary: 'Computes values by expressions and gives them to later tasks.',
  icon: 'braces',
  group: 'Data',
  input: z.object({
    values: z.record(z.string(), z.json()).meta({
      title: 'Values',
      description: 'One name for each value. Best bound to an expression, such as {"name": "release-" + inputs.version}.',
    }),
  }),
  output: z.object({ values: z.record(z.string(), z.json()).meta({ title: 'Values' }) }),
  effects: { kind: 'none' },
  repeatable: true,
  apply: async ({ values }) => ({ values }),
});
