import { expect, it } from 'vitest';
import { changedIn } from './task-inputs.tsx';

it('only what was changed or added is given in place of what the flow binds', () => {
  expect(changedIn({ path: 'a', mode: { deep: [1] } }, { path: 'b', mode: { deep: [1] }, more: null })).toEqual({ path: 'b', more: null });
});
