import { expect, it } from 'vitest';
import { LoopTurns } from './loop-turns.ts';

it('lets the loop turn after every few hundred calls, and counts from 0 again after each turn', async () => {
  let turns = 0;
  const loop = new LoopTurns(async () => {
    turns += 1;
  });
  for (let call = 0; call < 5_000; call += 1) await loop.afterCall();
  expect(turns).toBe(10);
});
