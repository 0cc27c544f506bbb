import { expect, it } from 'vitest';
import { shortCause, troubleWords } from './trouble-words.ts';

it('a long cause gives way to the sentence that says what a person has to do, which is whole', () => {
  const cause = `${'no route to the machine '.repeat(60)}.`;
  const words = troubleWords({ kind: 'doubt', atom: 'book', cause }, () => 'Book the room');
  expect(words).toEqual({ title: 'Book the room is in doubt', cause, sentence: 'Find out what really happened, then say it here.' });
  expect(shortCause(cause).length).toBeLessThanOrEqual(240);
  expect(shortCause(cause)).toMatch(/^no route to the machine .*…$/);
  expect(shortCause('"sh" ended with code 3.')).toBe('"sh" ended with code 3.');
});
