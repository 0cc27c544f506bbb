import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestWorld, testWorld } from '../testing/site.ts';

let test: TestWorld;
beforeEach(() => {
  test = testWorld();
  for (const name of ['v1', 'v2']) mkdirSync(test.at(name));
});
afterEach(() => test.close());

describe('link.switch', () => {
  it('makes the link, switches it, and goes back step by step', async () => {
    const first = await test.apply('link.switch', { path: 'current', target: 'v1' });
    const second = await test.apply('link.switch', { path: 'current', target: 'v2' }, { attempt: 2 });
    expect([first.output['previous'], second.output['previous']]).toEqual([null, 'v1']);
    expect(test.picture()).toContain('current -> v2');
    await second.revert();
    expect(test.picture()).toContain('current -> v1');
    await first.revert();
    expect(test.picture()).toEqual(['v1/', 'v2/']);
  });

  it('knows where the link pointed when it is repeated with the same key, and when the outcome was never known', async () => {
    symlinkSync('v1', test.at('current'));
    await test.apply('link.switch', { path: 'current', target: 'v2' });
    const { output, revert } = await test.apply('link.switch', { path: 'current', target: 'v2' });
    expect(output['previous']).toBe('v1');
    await revert({ output: null, failure: null });
    expect(test.picture()).toContain('current -> v1');
  });

  it('points relatively, so that the folder can be moved', async () => {
    mkdirSync(test.at('site'));
    expect((await test.apply('link.switch', { path: 'site/current', target: 'v1' })).output['target']).toBe('../v1');
  });

  it.each(['v3', null])('leaves a link alone that by now points to %s', async (now) => {
    mkdirSync(test.at('v3'));
    symlinkSync('v1', test.at('current'));
    const { revert } = await test.apply('link.switch', { path: 'current', target: 'v2' });
    rmSync(test.at('current'));
    if (now !== null) symlinkSync(now, test.at('current'));
    const before = test.picture();
    expect(await revert()).toMatchObject({ kind: 'failed', failure: { code: 'LINK_CHANGED' } });
    expect(test.picture()).toEqual(before);
  });

  it.each([
    ['a target that is not there', { path: 'current', target: 'v9' }, 'TARGET_ABSENT'],
    ['a target outside', { path: 'current', target: '..' }, 'PATH_OUTSIDE'],
    ['a file in the place of the link', { path: 'file', target: 'v1' }, 'NOT_A_LINK'],
    ['a link whose folder is missing', { path: 'gone/current', target: 'v1' }, 'FOLDER_ABSENT'],
    ['the private folder as target', { path: 'current', target: '.windlass' }, 'PATH_OUTSIDE'],
  ])('refuses %s, and has nothing to undo then', async (_, input, code) => {
    writeFileSync(test.at('file'), '');
    const before = test.picture();
    const attempt = await test.apply('link.switch', input);
    expect(attempt.code).toBe(code);
    expect((await attempt.revert()).kind).toBe('done');
    expect(test.picture()).toEqual(before);
  });
});
