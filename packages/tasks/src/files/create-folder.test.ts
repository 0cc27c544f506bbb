import { mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestWorld, testWorld } from '../testing/site.ts';

let test: TestWorld;
beforeEach(() => {
  test = testWorld();
});
afterEach(() => test.close());

describe('folder.create', () => {
  it('makes the folder and its parents, and revert takes just those away', async () => {
    mkdirSync(test.at('old'));
    const before = test.picture();
    const { output, revert } = await test.apply('folder.create', { path: 'old/new/deep' });
    expect(output).toMatchObject({ path: 'old/new/deep', created: true, parents: ['old/new'] });
    expect((await revert()).kind).toBe('done');
    expect(test.picture()).toEqual(before);
  });

  it('leaves a folder that stood before, and says that it did not create it', async () => {
    mkdirSync(test.at('old'));
    const { output, revert } = await test.apply('folder.create', { path: 'old' });
    expect(output['created']).toBe(false);
    await revert();
    expect(test.picture()).toEqual(['old/']);
  });

  it('knows that it created the folder when it is repeated with the same key', async () => {
    await test.apply('folder.create', { path: 'a/b' });
    const { output, revert } = await test.apply('folder.create', { path: 'a/b' });
    expect(output['created']).toBe(true);
    await revert();
    expect(test.picture()).toEqual([]);
  });

  it('undoes an apply whose outcome was never known', async () => {
    const { revert } = await test.apply('folder.create', { path: 'a/b' });
    await revert({ output: null, failure: null });
    expect(test.picture()).toEqual([]);
  });

  it('keeps a parent into which somebody put something', async () => {
    const { revert } = await test.apply('folder.create', { path: 'a/b/c' });
    writeFileSync(test.at('a/x'), 'x');
    await revert();
    expect(test.picture()).toEqual(['a/', 'a/x 644 = x']);
  });

  it('refuses a file in the way, and has nothing to undo then', async () => {
    writeFileSync(test.at('a'), 'a');
    const { code, revert } = await test.apply('folder.create', { path: 'a' });
    expect(code).toBe('NOT_A_FOLDER');
    expect((await revert()).kind).toBe('done');
    expect(test.picture()).toEqual(['a 644 = a']);
  });
});
