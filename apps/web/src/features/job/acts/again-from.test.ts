import type { AtomSnapshot } from '@windlass/engine/run';
import { expect, it } from 'vitest';
import { againFrom } from './again-from.ts';

const tasks = (...states: AtomSnapshot['state'][]) => states.map((state, index) => ({ atom: 'abc'[index] ?? '', state }));

it.each([
  ['everything was undone', tasks('REVERTED', 'REVERTED', 'PENDING'), null],
  ['the first task still stands', tasks('SUCCESS', 'REVERTED', 'PENDING'), 'b'],
  ['only what never ran is missing', tasks('SUCCESS', 'SUCCESS', 'PENDING'), 'c'],
] as const)('B5: it begins where the first task is applied anew: %s', (_, atoms, from) => {
  expect(againFrom(atoms)).toBe(from);
});
