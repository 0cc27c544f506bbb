import { afterEach, expect, test, vi } from 'vitest';
import { changedJobs } from './changed-jobs.ts';

afterEach(() => vi.useRealTimers());

function board() {
  const listeners = new Set<(job: string) => void>();
  return {
    listeners,
    tell(...jobs: string[]) {
      for (const job of jobs) for (const listener of listeners) listener(job);
    },
    onChanged: (listener: (job: string) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

test('begins with the word that any job may have changed, then sends each id once a batch', async () => {
  const source = board();
  const end = new AbortController();
  const changes = changedJobs({ board: source, signal: end.signal, held: 10, everyMs: 0 });
  expect((await changes.next()).value).toEqual([]);
  source.tell('job_a', 'job_b', 'job_a');
  expect((await changes.next()).value).toEqual(['job_a', 'job_b']);
  // The reader is busy with the batch: this belongs to the next one.
  source.tell('job_a');
  expect((await changes.next()).value).toEqual(['job_a']);
  end.abort();
  expect((await changes.next()).done).toBe(true);
  expect(source.listeners.size).toBe(0);
});

test('holds no more ids than it may', async () => {
  const source = board();
  const changes = changedJobs({ board: source, signal: new AbortController().signal, held: 2, everyMs: 0 });
  await changes.next();
  source.tell('job_a', 'job_b', 'job_c');
  expect((await changes.next()).value).toEqual([]);
  source.tell('job_d');
  expect((await changes.next()).value).toEqual(['job_d']);
  await changes.return();
  expect(source.listeners.size).toBe(0);
});

test('sends at most one batch in its interval', async () => {
  vi.useFakeTimers();
  const source = board();
  const changes = changedJobs({ board: source, signal: new AbortController().signal, held: 100, everyMs: 40 });
  await changes.next();
  for (const job of ['job_a', 'job_b', 'job_c']) {
    source.tell(job);
    let isSent = false;
    const next = changes.next().finally(() => {
      isSent = true;
    });
    await vi.advanceTimersByTimeAsync(39);
    expect(isSent).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect((await next).value).toEqual([job]);
  }
  await changes.return();
});
