import { defineTask } from '@windlass/engine/task';
import { z } from 'zod';

export const message = defineTask({
  type: 'message',
  version: 1,
  title: 'Message',
  summary: 'Writes a sentence into the logbook, for the people who read it.',
  icon: 'message-square-text',
  group: 'Control',
  input: z.object({
    text: z.string().max(10_000).meta({ title: 'Text', description: 'A sentence for those who read the logbook.', format: 'multiline' }),
    level: z.enum(['info', 'warning']).default('info').meta({ title: 'Level', description: 'A warning stands out.' }),
  }),
  output: z.object({ text: z.string().meta({ title: 'Text' }), level: z.string().meta({ title: 'Level' }) }),
  effects: { kind: 'none' },
  repeatable: true,
  async apply({ text, level }, { log }) {
    log(`${level}: ${text}`);
    return { text, level };
  },
});
