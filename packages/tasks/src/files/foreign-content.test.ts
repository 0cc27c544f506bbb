// B6, R6: a revert removes and overwrites what its own job made, and nothing else, unless a person has read what is
// different and confirmed it.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tarOf } from '../testing/archives.ts';
import { type TestWorld, testWorld } from '../testing/site.ts';

let test: TestWorld;
beforeEach(() => {
  test = testWorld();
});
afterEach(() => test.close());

/** Another step of the same job, made after. */
const inside = { attempt: 2 };
const put = (path: string, text = 'foreign') => writeFileSync(test.at(path), text);
const makeFolder = (input = {}) => test.apply('folder.create', { path: 'site', ...input });

describe('the folder that a step created', () => {
  it('is kept with what somebody else put into it, and the failure names that', async () => {
    const { revert } = await makeFolder();
    put('site/a');
    mkdirSync(test.at('site/b'));
    put('site/b/c');
    const before = test.picture();
    expect(await revert()).toMatchObject({
      kind: 'failed',
      failure: {
        code: 'FOLDER_NOT_EMPTY',
        message:
          '"site" holds 3 things that no file step of this job put there: "site/a", "site/b", "site/b/c". It was left alone; empty it and try again, or keep it.',
      },
    });
    expect(test.picture()).toEqual(before);
    rmSync(test.at('site/a'));
    rmSync(test.at('site/b'), { recursive: true });
    expect((await revert()).kind).toBe('done');
    expect(test.picture()).toEqual([]);
  });

  it('B6: check says how much would be lost and names the first of it', async () => {
    const { check } = await makeFolder();
    expect(await check()).toBeNull();
    for (const name of ['e', 'd', 'c', 'b', 'a']) put(`site/${name}`);
    expect(await check()).toBe(
      '"site" holds 5 things that no file step of this job put there: "site/a", "site/b", "site/c" and 2 more. This would be removed with it.',
    );
  });

  it('B6: is removed with what a person has read and confirmed, and with nothing that came later', async () => {
    const { check, revert } = await makeFolder();
    put('site/a');
    const drift = String(await check());
    put('site/b');
    expect(await revert({ drift })).toMatchObject({ failure: { code: 'FOLDER_NOT_EMPTY' } });
    rmSync(test.at('site/b'));
    expect((await revert({ drift })).kind).toBe('done');
    expect(test.picture()).toEqual([]);
  });

  it('B6: what the other steps of its job put there has not drifted, and is gone when its turn comes', async () => {
    writeFileSync(
      test.at('x.tar'),
      await tarOf([
        { name: 'd/e', text: 'e' },
        { name: 'd/l', type: 'symlink', to: 'e' },
      ]),
    );
    const folder = await makeFolder();
    const steps = [
      await test.apply('file.write', { path: 'site/a', content: 'a' }, { attempt: 2 }),
      await test.apply('archive.unpack', { archive: 'x.tar', into: 'site/out' }, { attempt: 3 }),
      await test.apply('link.switch', { path: 'site/link', target: 'site/a' }, { attempt: 4 }),
      await test.apply('folder.create', { path: 'site/deep/er' }, { attempt: 5 }),
    ];
    expect(await folder.check()).toBeNull();
    put('site/out/d/foreign');
    expect(await folder.check()).toContain('holds 1 thing that no file step of this job put there: "site/out/d/foreign".');
    rmSync(test.at('site/out/d/foreign'));
    for (const step of steps.reverse()) expect((await step.revert()).kind).toBe('done');
    expect((await folder.revert()).kind).toBe('done');
    expect(existsSync(test.at('site'))).toBe(false);
  });

  it.each([
    ['', {}, false],
    [', where the flow says that all goes', { withContents: true }, false],
    [', where a person confirmed', {}, true],
  ])('B1: stays when a step inside it was left out of the rollback%s', async (_, input, isConfirmed) => {
    const { check, revert } = await makeFolder(input);
    await test.apply('file.write', { path: 'site/mine', content: 'kept' }, inside);
    put('site/other');
    const drift = isConfirmed ? { drift: String(await check()) } : {};
    expect(await revert(drift)).toMatchObject({
      failure: { code: 'FOLDER_NOT_EMPTY', message: expect.stringContaining('holds "site/mine" of steps that are not undone') },
    });
    expect(readFileSync(test.at('site/mine'), 'utf8')).toBe('kept');
    expect(existsSync(test.at('site/other'))).toBe(true);
  });

  it('is removed with all that others put into it where the flow says so', async () => {
    const { revert } = await makeFolder({ withContents: true });
    put('site/a');
    expect((await revert()).kind).toBe('done');
    expect(test.picture()).toEqual([]);
  });

  it('what another job put there is foreign, and so is what was put in the place of an undone file', async () => {
    const { check } = await makeFolder();
    const { revert } = await test.apply('file.write', { path: 'site/a', content: 'a' }, inside);
    await revert();
    expect(await check()).toBeNull();
    put('site/a');
    expect(await check()).toContain('"site/a"');
  });

  it.each([
    ['a file', () => put('site'), '"site" is a file now, which a revert leaves alone.'],
    ['a link', () => symlinkSync('elsewhere', test.at('site')), '"site" is a link to "elsewhere" now, which a revert leaves alone.'],
  ])('that was replaced by %s is gone: check says so, and that stays', async (_, replace, words) => {
    mkdirSync(test.at('elsewhere'));
    put('elsewhere/precious');
    const { check, revert } = await makeFolder({ withContents: true });
    rmSync(test.at('site'), { recursive: true });
    replace();
    const before = test.picture();
    expect(await check()).toBe(words);
    expect((await revert()).kind).toBe('done');
    expect(test.picture()).toEqual(before);
  });

  it('a folder on the way that became a link leads nowhere: check says so, and what it leads to stays', async () => {
    const { check, revert } = await test.apply('folder.create', { path: 'a/b' });
    renameSync(test.at('a'), test.at('other'));
    symlinkSync('other', test.at('a'));
    expect(await check()).toBe('A folder of "a/b" has become a link since.');
    expect(await revert()).toMatchObject({ failure: { code: 'FILE_CHANGED' } });
    expect(test.picture()).toContain('other/b/');
  });

  it('says nothing of the content where its job has no list of what it made, and removes none of it', async () => {
    const { check, revert } = await makeFolder();
    await test.apply('file.write', { path: 'site/a', content: 'a' }, inside);
    for (const name of readdirSync(test.at('.windlass'))) if (name.startsWith('made-')) rmSync(test.at(`.windlass/${name}`));
    expect(await check()).toBeNull();
    expect(await revert()).toMatchObject({ failure: { code: 'FOLDER_NOT_EMPTY' } });
    expect(test.picture()).toContain('site/a 644 = a');
  });
});

describe('a file that a step wrote', () => {
  it('B6: and somebody changed goes where a person has read and confirmed just that', async () => {
    const { check, revert } = await test.apply('file.write', { path: 'a', content: 'ours' });
    put('a');
    expect(await revert({ drift: 'something else' })).toMatchObject({ failure: { code: 'FILE_CHANGED' } });
    expect(await revert()).toMatchObject({ failure: { code: 'FILE_CHANGED' } });
    expect(test.picture()).toEqual(['a 644 = foreign']);
    expect((await revert({ drift: String(await check()) })).kind).toBe('done');
    expect(test.picture()).toEqual([]);
  });

  it('and whose folder became a link is left alone, there and where the link leads', async () => {
    mkdirSync(test.at('v1'));
    const { check, revert } = await test.apply('file.write', { path: 'v1/a', content: 'ours' });
    mkdirSync(test.at('v2'));
    put('v2/a', 'ours');
    rmSync(test.at('v1'), { recursive: true });
    symlinkSync('v2', test.at('v1'));
    expect(await check()).toBe('A folder of "v1/a" has become a link since.');
    expect(await revert()).toMatchObject({ failure: { code: 'FILE_CHANGED' } });
    expect(test.picture()).toContain('v2/a 644 = ours');
  });

  it('and whose folder is a file now is gone; where it had replaced one, that cannot be put back', async () => {
    mkdirSync(test.at('v1'));
    put('v1/old', 'before');
    const fresh = await test.apply('file.write', { path: 'v1/a', content: 'ours' });
    const replaced = await test.apply('file.write', { path: 'v1/old', content: 'ours' }, inside);
    rmSync(test.at('v1'), { recursive: true });
    put('v1');
    expect(await replaced.revert()).toMatchObject({ failure: { code: 'NOT_A_FOLDER' } });
    expect((await fresh.revert()).kind).toBe('done');
    expect(test.picture()).toEqual(['v1 644 = foreign']);
  });
});

it('B6: a link that was switched since is switched back where a person has read and confirmed that', async () => {
  for (const name of ['v1', 'v2', 'v3']) mkdirSync(test.at(name));
  symlinkSync('v1', test.at('current'));
  const { check, revert } = await test.apply('link.switch', { path: 'current', target: 'v2' });
  rmSync(test.at('current'));
  symlinkSync('v3', test.at('current'));
  expect(await revert()).toMatchObject({ failure: { code: 'LINK_CHANGED' } });
  expect((await revert({ drift: String(await check()) })).kind).toBe('done');
  expect(test.picture()).toContain('current -> v1');
  rmSync(test.at('current'));
  mkdirSync(test.at('current'));
  expect(await check()).toBe('"current" is no link any more.');
});

describe('files that were unpacked', () => {
  const unpack = async (more = {}) => {
    writeFileSync(
      test.at('x.tar'),
      await tarOf([
        { name: 'a', text: 'new' },
        { name: 'b', text: 'b' },
      ]),
    );
    return test.apply('archive.unpack', { archive: 'x.tar', into: 'out', ...more });
  };

  it('are all left alone when somebody changed one; check names it', async () => {
    const { check, revert } = await unpack();
    put('out/b', 'B');
    const before = test.picture();
    expect(await check()).toBe('1 of 3 that were unpacked hold something else, such as "out/b".');
    expect(await revert()).toMatchObject({ failure: { code: 'FILE_CHANGED', message: expect.stringContaining('"out/b"') } });
    expect(test.picture()).toEqual(before);
    expect((await revert({ drift: String(await check()) })).kind).toBe('done');
    expect(existsSync(test.at('out'))).toBe(false);
  });

  it('that had replaced others are left alone too when somebody changed them', async () => {
    mkdirSync(test.at('out'));
    put('out/a', 'old');
    const { revert } = await unpack({ overwrite: true });
    put('out/a', 'theirs');
    expect(await revert()).toMatchObject({ failure: { code: 'FILE_CHANGED' } });
    expect(test.picture()).toContain('out/a 644 = theirs');
    put('out/a', 'new');
    expect((await revert()).kind).toBe('done');
    expect(test.picture()).toContain('out/a 644 = old');
  });

  it('are not changed by a new time alone, nor where a revert that was cut off has put one back', async () => {
    mkdirSync(test.at('out'));
    put('out/a', 'old');
    const { check, revert } = await unpack({ overwrite: true });
    utimesSync(test.at('out/b'), 1, 1);
    expect(await check()).toBeNull();
    put('out/a', 'old');
    expect((await revert()).kind).toBe('done');
    expect(test.picture()).toContain('out/a 644 = old');
    expect(existsSync(test.at('out/b'))).toBe(false);
  });

  it('and a link among them that leads elsewhere by now, or is a file', async () => {
    writeFileSync(
      test.at('x.tar'),
      await tarOf([
        { name: 'a', text: 'a' },
        { name: 'l', type: 'symlink', to: 'a' },
      ]),
    );
    const { revert } = await test.apply('archive.unpack', { archive: 'x.tar', into: 'out' });
    for (const replace of [() => symlinkSync('..', test.at('out/l')), () => put('out/l')]) {
      rmSync(test.at('out/l'));
      replace();
      expect(await revert()).toMatchObject({ failure: { code: 'FILE_CHANGED' } });
    }
    rmSync(test.at('out/l'));
    expect((await revert()).kind).toBe('done');
  });
});
