import { expect, it } from 'vitest';
import { judgePromises } from './promises.mjs';

const page = `| number | promise |
|---|---|
| A2 | One. |
| I3 | Two. |
| I4 | Three. |

## Not built yet

| K1 | Four. |
`;
const named = { file: 'a.test.ts', text: "it('A2: holds', () => {});\nit.each(['x'])('I3 to I4: %s', () => {});\n" };

it('a page whose promises have tests, and numbers that are on the page, are right', () => {
  expect(judgePromises(page, [named, { file: 'b.ts', text: '// See A2 and K1.\nconst size = T9;\n' }])).toEqual([]);
});

it('says which number is not on the page, in comments and in names of tests', () => {
  const files = [
    named,
    { file: 'b.ts', text: '/** B8: no. */\nf(); // and C9\n' },
    { file: 'c.test.ts', text: "test(\n  'X1: no', () => {});\n" },
  ];
  const unknown = (file: string, number: string) => `${file} cites ${number}, which docs/promises.md does not list.`;
  expect(judgePromises(page, files)).toEqual([unknown('b.ts', 'B8'), unknown('b.ts', 'C9'), unknown('c.test.ts', 'X1')]);
});

it('says which promise has no test, and which one is built although the page says that it is not', () => {
  const files = [{ file: 'a.test.ts', text: "describe('A2', () => {});\nit('I3, K1: both', () => {});\n" }];
  expect(judgePromises(page, files)).toEqual([
    'No test names the promise I4 of docs/promises.md.',
    'A test names K1; move it out of "Not built yet" in docs/promises.md.',
  ]);
});

it('workloads of bench are called W1 to W8, and are no promises', () => {
  expect(judgePromises(page, [named, { file: 'bench/src/w1.ts', text: '// W1: one job.\n' }])).toEqual([]);
});
