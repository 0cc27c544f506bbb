import { expect, it } from 'vitest';
import { ChangeSignal } from './change-signal.ts';

/** Has the promise resolved once everything that is due at once has run? */
async function isResolved(promise: Promise<void>): Promise<boolean> {
  let resolved = false;
  void promise.then(() => {
    resolved = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return resolved;
}

it('a change before the wait ends it at once, and only once', async () => {
  const changes = new ChangeSignal(new AbortController().signal);
  changes.raise();
  changes.raise();
  expect(await isResolved(changes.next())).toBe(true);
  expect(await isResolved(changes.next())).toBe(false);
});

it('a change during the wait ends it; one between two waits is not lost', async () => {
  const changes = new ChangeSignal(new AbortController().signal);
  const first = changes.next();
  expect(await isResolved(first)).toBe(false);
  changes.raise();
  await first;
  changes.raise();
  expect(await isResolved(changes.next())).toBe(true);
});

it('an abort ends the wait, and every wait after it', async () => {
  const controller = new AbortController();
  const changes = new ChangeSignal(controller.signal);
  const waiting = changes.next();
  expect(await isResolved(waiting)).toBe(false);
  controller.abort();
  await waiting;
  expect(await isResolved(changes.next())).toBe(true);
});

it('once closed, the stream holds on to nothing of the abort signal', async () => {
  const controller = new AbortController();
  const changes = new ChangeSignal(controller.signal);
  const waiting = changes.next();
  changes.close();
  controller.abort();
  expect(await isResolved(waiting)).toBe(false);
});
