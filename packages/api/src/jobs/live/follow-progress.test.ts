import type { Progress } from '@windlass/engine/run';
import { expect, test } from 'vitest';
import { followProgress } from './follow-progress.ts';

/** Calls whose signs come when the test says so. */
class Source {
  readonly listeners = new Set<() => void>();
  calls: Progress[] = [];

  sign(...fractions: number[]): void {
    this.calls = fractions.map((fraction, index) => ({ atom: `a${index}`, kind: 'apply', attempt: 1, fraction, message: null, time: 1 }));
    for (const listener of this.listeners) listener();
  }
  of(): Progress[] {
    return this.calls;
  }
  follow(_job: string, changed: () => void): () => void {
    this.listeners.add(changed);
    return () => this.listeners.delete(changed);
  }
}

const start = (source: Source, more: { most?: number; signal?: AbortSignal } = {}) =>
  followProgress({ progress: source, job: 'job_a', signal: new AbortController().signal, most: 10, everyMs: 0, ...more });
const fractions = ({ value }: IteratorResult<Progress[], void>) => value?.map(({ fraction }) => fraction);

test('A6: sends the present progress at once, then the latest of each change', async () => {
  const source = new Source();
  source.sign(0.1);
  const messages = start(source);
  expect(fractions(await messages.next())).toEqual([0.1]);
  for (let step = 0; step < 1_000; step += 1) source.sign(step / 1_000, 0.5);
  expect(fractions(await messages.next())).toEqual([0.999, 0.5]);
  source.sign();
  expect(fractions(await messages.next())).toEqual([]);
  await messages.return();
  expect(source.listeners.size).toBe(0);
});

test('sends at most as many calls as its limit', async () => {
  const source = new Source();
  source.sign(0.1, 0.2, 0.3);
  expect(fractions(await start(source, { most: 2 }).next())).toEqual([0.1, 0.2]);
});

test('a reader that leaves while nothing happens is forgotten at once', async () => {
  const source = new Source();
  const end = new AbortController();
  const messages = start(source, { signal: end.signal });
  await messages.next();
  const waiting = messages.next();
  await new Promise((done) => setImmediate(done));
  end.abort();
  expect((await waiting).done).toBe(true);
  expect(source.listeners.size).toBe(0);
});
