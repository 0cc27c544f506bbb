// A6: types that take their time say how far they are.
import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tarGzOf, zipOf } from './testing/archives.ts';
import { type TestWorld, testSite, testWorld } from './testing/site.ts';

let test: TestWorld;
beforeEach(() => {
  test = testWorld({ commands: ['sleep'], allow: ['127.0.0.1'] });
});
afterEach(() => test.close());

const entries = Array.from({ length: 200 }, (_, index) => ({ name: `f${index}`, text: `${Math.sin(index)}`.repeat(200) }));

it.each([
  ['tar.gz', tarGzOf],
  ['zip', zipOf],
])('archive.unpack tells how much of a %s has been read, ever more', async (_, make) => {
  writeFileSync(test.at('archive'), await make(entries));
  await test.apply('archive.unpack', { archive: 'archive', into: 'out' });
  const fractions = test.signs.map(({ fraction }) => fraction ?? -1);
  expect(fractions).toHaveLength(200);
  expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
  expect(fractions[0]).toBeLessThanOrEqual(1);
  expect(fractions.at(-1)).toBe(1);
  expect(test.signs.at(-1)?.message).toBe('200 files');
});

it('command.run gives a sign of life each second', async () => {
  await test.apply('command.run', { program: 'sleep', args: ['1.5'] });
  // On a busy machine the command ends later, after more of them.
  expect(new Set(test.signs.map((sign) => JSON.stringify(sign)))).toEqual(new Set(['{"fraction":null,"message":null}']));
});

it('url.check tells which try it is', async () => {
  const site = await testSite();
  let asked = 0;
  site.answer = () => ({ status: ++asked < 3 ? 503 : 200 });
  await test.apply('url.check', { url: site.origin, everyMs: 50, forMs: 240_000 });
  site.close();
  expect(test.signs.map(({ message }) => message)).toEqual(['try 1: status 503', 'try 2: status 503']);
});
