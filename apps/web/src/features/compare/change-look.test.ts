import { expect, test } from 'vitest';
import { CHANGE_LOOKS, changesByItem, versionsIn } from './change-look.ts';

test('no two changes look alike without their colour', () => {
  const looks = Object.values(CHANGE_LOOKS).map(({ word, border }) => `${word} ${border}`);
  expect(new Set(looks).size).toBe(looks.length);
});

test('each item has its change; the others have none', () => {
  const name = (item: string) => ({ item, name: item });
  const changes = changesByItem({ added: [name('a')], removed: [name('b')], changed: [{ ...name('c'), fields: [] }] });
  expect([...changes]).toEqual([
    ['a', 'added'],
    ['b', 'removed'],
    ['c', 'changed'],
  ]);
});

test('versions are read older first, and only where there are two', () => {
  expect(versionsIn('3,1')).toEqual([1, 3]);
  for (const text of [undefined, '', '1', '1,1', '1,x', '0,1', '1,2,3', '1.5,2']) expect(versionsIn(text)).toBeNull();
});
