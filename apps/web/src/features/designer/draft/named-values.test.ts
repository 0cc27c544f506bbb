import { expect, it } from 'vitest';
import { freeName, renamed } from './named-values.ts';

it('a new name is the first free one', () => {
  expect(freeName('input', {})).toBe('input');
  expect(freeName('input', { input: 1, input_2: 2 })).toBe('input_3');
});

it('a value keeps its place under its new name', () => {
  expect(Object.entries(renamed({ a: 1, b: 2, c: 3 }, { from: 'b', to: 'x' }) ?? {})).toEqual([
    ['a', 1],
    ['x', 2],
    ['c', 3],
  ]);
});

it('a taken name and a text that is no name are refused', () => {
  for (const to of ['a', 'b', '', '1st', 'two words', '__proto__']) expect(renamed({ a: 1, b: 2 }, { from: 'b', to })).toBeNull();
});

it.each(['constructor', 'toString', 'hasOwnProperty'])('%s is a name like any other', (to) => {
  expect(freeName(to, {})).toBe(to);
  expect(Object.keys(renamed({ a: 1 }, { from: 'a', to }) ?? {})).toEqual([to]);
  expect(renamed({ a: 1, [to]: 2 }, { from: 'a', to })).toBeNull();
});
