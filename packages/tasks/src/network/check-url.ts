import { setTimeout as wait } from 'node:timers/promises';
import { type TaskContext, TaskError, defineTask } from '@windlass/engine/task';
import { z } from 'zod';
import type { World } from '../world.ts';

const MOST_TEXT = 2_000;

const input = z.object({
  url: z.string().min(1).meta({ title: 'Address', description: 'An http or https address.', format: 'uri' }),
  expectStatus: z.int().min(100).max(599).default(200).meta({ title: 'Expected status', description: 'After redirects.' }),
  expectText: z.string().optional().meta({ title: 'Expected text', description: 'The answer must contain it.' }),
  everyMs: z.int().min(50).max(600_000).default(500).meta({ title: 'Try every (ms)', description: 'From the end of one try to the next.' }),
  forMs: z.int().min(0).max(3_600_000).default(10_000).meta({ title: 'Give up after (ms)', description: '0: one try only.' }),
});
const output = z.object({
  url: z.string().meta({ title: 'Address' }),
  status: z.number().meta({ title: 'Status' }),
  tries: z.number().meta({ title: 'Tries', description: 'How many it took.' }),
  body: z.string().meta({ title: 'Body', description: `The first ${MOST_TEXT} characters of the answer.` }),
});
type Context = TaskContext<World>;

export const checkUrl = defineTask({
  type: 'url.check',
  version: 1,
  title: 'Check URL',
  summary: 'Asks an address until it answers as expected, or gives up.',
  icon: 'activity',
  group: 'Network',
  input,
  output,
  effects: { kind: 'none' },
  repeatable: true,
  async apply({ url, expectStatus, expectText, everyMs, forMs }, { world, signal, log, progress }: Context) {
    const until = performance.now() + forMs;
    for (let tries = 1; ; tries += 1) {
      signal.throwIfAborted();
      const seen = await look(world, { url, signal, timeoutMs: Math.max(1_000, everyMs) });
      const fits = seen.status === expectStatus && (expectText === undefined || seen.text.includes(expectText));
      if (fits) return { url, status: seen.status, tries, body: seen.text.slice(0, MOST_TEXT) };
      log(`try ${tries}: ${seen.words}`);
      // Of the time that it has.
      progress(1 - (until - performance.now()) / Math.max(1, forMs), `try ${tries}: ${seen.words}`);
      if (performance.now() + everyMs > until) {
        const wanted = expectText === undefined ? `status ${expectStatus}` : `status ${expectStatus} with "${expectText}"`;
        throw new TaskError('UNHEALTHY', `${url} did not answer with ${wanted} in ${tries} tries; last: ${seen.words}.`);
      }
      await wait(everyMs, undefined, { signal });
    }
  },
});

/** Failures that a later try does not change. */
const FINAL = ['HTTP_ADDRESS_REFUSED', 'HTTP_URL_INVALID', 'HTTP_REQUEST_INVALID'];

async function look(world: World, order: { url: string; signal: AbortSignal; timeoutMs: number }) {
  try {
    const { status, text } = await world.http.send({ method: 'GET', ...order });
    return { status, text, words: `status ${status}` };
  } catch (thrown) {
    if (!(thrown instanceof TaskError) || FINAL.includes(thrown.code)) throw thrown;
    return { status: 0, text: '', words: thrown.message.replace(/\.$/, '') };
  }
}
