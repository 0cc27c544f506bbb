import { expect, test } from 'vitest';
import { openWords, tryAgainWords } from './dead-letter-words.ts';

const WHOLE = 'See what ran, roll back by a plan, or read the logbook.';

test('J4: the desk promises a plan only where one can be made, and the logbook only where it can be read', () => {
  expect(openWords(null)).toBe(WHOLE);
  expect(openWords({ readable: 'run', mayRollBack: true })).toBe(WHOLE);
  expect(openWords({ readable: 'run', mayRollBack: false })).toBe('See what ran, or read the logbook. It cannot be rolled back as it is.');
  expect(openWords({ readable: 'entries', mayRollBack: false })).toBe(
    'See its state and its logbook. A flow version that it needs is absent, so no plan can be made.',
  );
  expect(openWords({ readable: 'row', mayRollBack: false })).toBe(
    'See its state. Its logbook cannot be read, so nothing else can be shown and no plan can be made.',
  );
});

test('J4: trying again says first what has to be mended', () => {
  expect(tryAgainWords({ readable: 'run', mayRollBack: true })).toMatch(/^The job is carried out again at once/);
  expect(tryAgainWords({ readable: 'entries', mayRollBack: false })).toMatch(/^Once that flow version is there again/);
  expect(tryAgainWords({ readable: 'row', mayRollBack: false })).toMatch(/^Once its logbook can be read again/);
});
