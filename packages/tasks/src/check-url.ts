import { setTimeout as wait } from 'node:timers/promises';
import { TaskError, defineTask } from '@windlass/engine';
import { z } from 'zod';
import type { World } from './world.ts';

const input = z.object({
  url: z.string().min(1).meta({ title: 'Address', format: 'uri' }),
  expectStatus: z.int().min(100).max(599).default(200).meta({ title: 'Expected status' }),
  expectText: z.string().optional().meta({ title: 'Expected text', description: 'The answer must contain it.' }),
  everyMs: z.int().min(50).max(600_000).default(500).meta({ title: 'Try every (ms)' }),
  forMs: z.int().min(0).max(3_600_000).default(10_000).meta({ title: 'Give up after (ms)' }),
});

export const checkUrl = defineTask({
  type: 'url.check',
  version: 1,
  title: 'Check URL',
  summary: 'Asks an address until it answers as expected, or gives up.',
  icon: 'activity',
  group: 'Network',
  input,
  output: z.object({ url: z.string(), status: z.number(), tries: z.number() }),
  effects: { kind: 'none' },
  repeatable: true,
  async apply({ url, expectStatus, expectText, everyMs, forMs }, { world, signal, log }: Context) {
    const until = Date.now() + forMs;
    for (let tries = 1; ; tries += 1) {
      const seen = await look(world, { url, signal, timeoutMs: Math.max(1_000, everyMs) });
      const fits = seen.status === expectStatus && (expectText === undefined || seen.text.includes(expectText));
      if (fits) return { url, status: seen.status, tries };
      log(`try ${tries}: ${seen.words}`);
      if (signal.aborted || Date.now() + everyMs > until) {
        const wanted = expectText === undefined ? `status ${expectStatus}` : `status ${expectStatus} with "${expectText}"`;
        throw new TaskError('UNHEALTHY', `${url} did not answer with ${wanted} in ${tries} tries; last: ${seen.words}.`);
      }
      await wait(everyMs, undefined, { signal });
    }
  },
});

type Context = { world: World; signal: AbortSignal; log(line: string): void };

async function look(world: World, order: { url: string; signal: AbortSignal; timeoutMs: number }) {
  try {
    const { status, text } = await world.http.send({ method: 'GET', ...order });
    return { status, text, words: `status ${status}` };
  } catch (thrown) {
    // A refused address will not become allowed by waiting.
    if (!(thrown instanceof TaskError) || thrown.code === 'HTTP_ADDRESS_REFUSED' || thrown.code === 'HTTP_URL_INVALID') throw thrown;
    return { status: 0, text: '', words: thrown.message };
  }
}
