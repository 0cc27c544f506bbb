import { expect, test } from 'vitest';
import { CostlyAnswers } from './costly-answers.ts';

/** Answers on a clock that the test moves; `ask(ms)` is a query of that duration. */
function withClock() {
  let time = 0;
  let asked = 0;
  const pass = (ms: number) => {
    time += ms;
  };
  const ask = (ms: number) => async () => {
    await null;
    pass(ms);
    asked += 1;
    return asked;
  };
  return { answers: new CostlyAnswers<number>(() => time), pass, ask };
}

test('the answer of a slow query is cached for 20 times its duration', async () => {
  const { answers, pass, ask } = withClock();
  expect([await answers.get('a', ask(40)), await answers.get('a', ask(40)), await answers.get('b', ask(40))]).toEqual([1, 1, 2]);
  pass(20 * 40 - 41);
  expect(await answers.get('a', ask(40))).toBe(1);
  pass(1);
  expect(await answers.get('a', ask(40))).toBe(3);
});

test('the answer of a very slow query is cached for 4 s', async () => {
  const { answers, pass, ask } = withClock();
  expect(await answers.get('a', ask(1_000))).toBe(1);
  pass(3_999);
  expect(await answers.get('a', ask(1_000))).toBe(1);
  pass(1);
  expect(await answers.get('a', ask(1_000))).toBe(2);
});

test('a quick query is asked anew each time, and so is one that failed', async () => {
  const { answers, pass, ask } = withClock();
  expect([await answers.get('a', ask(29)), await answers.get('a', ask(29))]).toEqual([1, 2]);
  const failing = async () => {
    await null;
    pass(40);
    throw new Error('gone');
  };
  await expect(answers.get('c', failing)).rejects.toThrow('gone');
  expect(await answers.get('c', ask(40))).toBe(3);
});
