// Tells the subscribers of a name. What they have read cannot be made unread: an irreversible effect, and its reason.
import { defineTask } from '@windlass/engine';
import { z } from 'zod';
import { type Context, ask, attemptKey, service } from './lib/name-service.ts';

const input = z.object({
  service,
  text: z.string().min(1).max(1_000).meta({ title: 'Text', description: 'What the subscribers read.', format: 'multiline' }),
});
const output = z.object({ readers: z.int().meta({ title: 'Readers', description: 'How many were told.' }) });

export default defineTask({
  type: 'subscribers.notify',
  version: 1,
  title: 'Notify subscribers',
  summary: 'Sends a notice to everybody who subscribed. It cannot be taken back.',
  icon: 'megaphone',
  group: 'Names',
  input,
  output,
  effects: { kind: 'irreversible', reason: 'the subscribers have read it' },
  // The service sends a notice once, however often it is handed over with the same key.
  repeatable: true,
  async apply({ service: at, text }, context: Context) {
    return output.parse(await ask(context, { method: 'PUT', url: `${at}/notices/${attemptKey(context)}`, body: { text } }));
  },
});
