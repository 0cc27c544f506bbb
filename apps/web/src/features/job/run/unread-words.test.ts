import { expect, test } from 'vitest';
import { unreadWords } from './unread-words.ts';

const absent = 'Flow flow_1 has no version 1.';

test('J4: a page without the run says what it shows, and the reason of the dead letter only once', () => {
  const words = unreadWords({ error: absent, hasEntries: true, isDeadLetter: true });
  expect(words).toMatch(/^Only the state and the entries of the logbook can be shown/);
  expect(words).toMatch(/Once the cause is mended, “Try again” carries the job on\.$/);
  expect(words).not.toContain(absent);
});

test('J4: without entries it promises neither tasks nor logbook', () => {
  const broken = 'The logbook of job_1 cannot be read at entry 1: it is not JSON.';
  expect(unreadWords({ error: broken, hasEntries: false, isDeadLetter: true })).toMatch(/^Only the state can be shown/);
});

test('a job that is no dead letter has the reason in its words, and no way back that is not there', () => {
  const words = unreadWords({ error: absent, hasEntries: true, isDeadLetter: false });
  expect(words.startsWith(absent)).toBe(true);
  expect(words).not.toContain('Try again');
});
