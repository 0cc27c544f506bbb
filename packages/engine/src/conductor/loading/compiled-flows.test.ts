import { expect, it } from 'vitest';
import { typesFromCatalog } from '../../run/graph/atom-types.ts';
import { compileFlow } from '../../run/graph/compiler.ts';
import { fakeCatalog, flow, linear, task } from '../../testing/flows.ts';
import { CompiledFlows } from './compiled-flows.ts';

const compiled = (tasks: number) => {
  const items = Array.from({ length: tasks }, (_, index) => task(`t${index}`));
  return compileFlow(flow(linear('f', items)), typesFromCatalog(fakeCatalog));
};

/** Gets versions with these numbers of tasks, one after another; returns those that had to be compiled. */
async function ask(cache: CompiledFlows, sizes: readonly number[]): Promise<number[]> {
  const made: number[] = [];
  for (const size of sizes) {
    await cache.get(String(size), async () => {
      made.push(size);
      return compiled(size);
    });
  }
  return made;
}

it('keeps compiled versions up to a number of atoms, and forgets the least recently used', async () => {
  const cache = new CompiledFlows(1_000);
  expect(await ask(cache, [300, 400, 300, 200])).toEqual([300, 400, 200]);
  // 500 more do not fit beside all of them: 400 was asked for longest ago.
  expect(await ask(cache, [500, 300, 200])).toEqual([500]);
  expect(await ask(cache, [400])).toEqual([400]);
});

it('a version larger than the limit is kept until another version is used', async () => {
  const cache = new CompiledFlows(1_000);
  expect(await ask(cache, [2_000, 2_000, 300, 300, 2_000])).toEqual([2_000, 300, 2_000]);
});

it('small versions count with a minimum, so that their number is bounded', async () => {
  const cache = new CompiledFlows(1_000);
  const sizes = Array.from({ length: 20 }, (_, index) => index + 1);
  expect(await ask(cache, sizes)).toEqual(sizes);
  expect(await ask(cache, [20, 11, 10])).toEqual([10]);
});

it('a version that could not be compiled is compiled again when it is used again', async () => {
  const cache = new CompiledFlows();
  await expect(cache.get('a', () => Promise.reject(new Error('no such version')))).rejects.toThrow('no such version');
  expect((await cache.get('a', async () => compiled(1))).atoms).toHaveLength(1);
});
