// B6: the built-in types that can tell say what somebody else has changed since apply, and nothing where nobody has.
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { JsonObject } from '@windlass/engine/task';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tarOf } from '../testing/archives.ts';
import { type TestWorld, testWorld } from '../testing/site.ts';

let test: TestWorld;
beforeEach(async () => {
  test = testWorld();
  mkdirSync(test.at('v1'));
  mkdirSync(test.at('v2'));
  writeFileSync(
    test.at('site.tar'),
    await tarOf([
      { name: 'a.html', text: 'a' },
      { name: 'b.html', text: 'b' },
    ]),
  );
});
afterEach(() => test.close());

type Case = readonly [type: string, input: JsonObject, change: () => void, words: string];
const file = { path: 'note.txt', content: 'ours' };
const cases: readonly Case[] = [
  ['file.write', file, () => writeFileSync(test.at('note.txt'), 'theirs'), '"note.txt" holds something else than what was written.'],
  ['file.write', file, () => rmSync(test.at('note.txt')), '"note.txt" is gone.'],
  [
    'file.write',
    file,
    () => {
      rmSync(test.at('note.txt'));
      mkdirSync(test.at('note.txt'));
    },
    '"note.txt" is no file any more.',
  ],
  [
    'link.switch',
    { path: 'current', target: 'v1' },
    () => {
      rmSync(test.at('current'));
      symlinkSync('v2', test.at('current'));
    },
    '"current" points to "v2" by now, instead of to "v1".',
  ],
  ['link.switch', { path: 'current', target: 'v1' }, () => rmSync(test.at('current')), '"current" is gone.'],
  ['folder.create', { path: 'new/folder' }, () => renameSync(test.at('new'), test.at('old')), '"new/folder" is gone.'],
  [
    'archive.unpack',
    { archive: 'site.tar', into: 'site' },
    () => rmSync(test.at('site/b.html')),
    '1 of 3 that were unpacked are gone, such as "site/b.html".',
  ],
];

describe('B6: what has drifted', () => {
  it.each(cases)('%s %j: nothing at first; then what was changed', async (type, input, change, words) => {
    const { check } = await test.apply(type, input);
    const before = test.picture();
    expect(await check()).toBeNull();
    expect(test.picture()).toEqual(before);
    change();
    expect(await check()).toBe(words);
  });
});
