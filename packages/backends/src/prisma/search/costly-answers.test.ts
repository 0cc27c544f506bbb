import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { CostlyAnswers } from './costly-answers.ts';

test('what took long answers as before for a while, then anew', async () => {
  const answers = new CostlyAnswers<number>();
  let asked = 0;
  const ask = async () => {
    asked += 1;
    await pause(40);
    return asked;
  };
  const began = performance.now();
  expect([await answers.get('a', ask), await answers.get('a', ask), await answers.get('b', ask)]).toEqual([1, 1, 2]);
  await expect.poll(() => answers.get('a', ask)).toBeGreaterThan(2);
  expect(performance.now() - began).toBeGreaterThan(20 * 40);
});

test('what was quick is asked anew each time, and what failed too', async () => {
  const answers = new CostlyAnswers<number>();
  let asked = 0;
  expect([await answers.get('a', async () => ++asked), await answers.get('a', async () => ++asked)]).toEqual([1, 2]);
  await expect(answers.get('c', () => pause(40).then(() => Promise.reject(new Error('gone'))))).rejects.toThrow('gone');
  expect(await answers.get('c', async () => ++asked)).toBe(3);
});
