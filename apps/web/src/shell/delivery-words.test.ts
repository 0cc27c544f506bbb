import { expect, test } from 'vitest';
import { shortTime } from '../lib/times.ts';
import { deliveryWords } from './delivery-words.ts';

const NOW = Date.UTC(2026, 0, 2, 12);
const words = (more: object) => deliveryWords({ channel: 'webhook', state: 'PENDING', tries: 0, dueAt: NOW, error: null, ...more }, NOW);

test('a delivery that arrived is calm, one that is tried again says why and when, one that failed is trouble', () => {
  expect(words({})).toEqual({ tone: 'calm', text: 'Webhook: to be sent' });
  expect(words({ state: 'SENT', tries: 1, channel: 'email' })).toEqual({ tone: 'calm', text: 'E-mail: sent' });
  expect(words({ tries: 2, error: 'it answered 503', dueAt: NOW + 60_000 })).toEqual({
    tone: 'warning',
    text: `Webhook: try 2 failed: it answered 503. Tried again at ${shortTime(NOW + 60_000, NOW)}.`,
  });
  expect(words({ state: 'FAILED', tries: 8, error: 'it answered 404' })).toEqual({
    tone: 'trouble',
    text: 'Webhook: failed after 8 tries: it answered 404.',
  });
  expect(words({ state: 'SENT', error: 'the mail server refused 1 of 2 recipients' }).tone).toBe('warning');
});

test('a channel and a state that this version does not know are shown raw', () => {
  expect(words({ channel: 'pager', state: 'LOST' }).text).toBe('pager: LOST');
});
