import { expect, it } from 'vitest';
import { absentWords } from './absent-words.ts';

it('says of each secret and task type that is absent which tasks will fail, at most three by name', () => {
  const needs = {
    secrets: [{ name: 'key', usedBy: ['A'] }],
    types: [{ type: 'own.note', version: 2, usedBy: ['A', 'B', 'C', 'D', 'E'] }],
  };
  expect(absentWords(needs)).toEqual([
    'This server has no secret “key”. “A” will fail without it.',
    'This server has no task type own.note version 2. “A”, “B”, “C” and 2 more will fail without it.',
  ]);
  expect(absentWords({ secrets: [], types: [] })).toEqual([]);
  const hindrances = [{ message: 'Commands are off on this server.', usedBy: ['Build', 'Test'] }];
  expect(absentWords({ secrets: [], types: [], hindrances })).toEqual(['“Build”, “Test”: Commands are off on this server.']);
});
