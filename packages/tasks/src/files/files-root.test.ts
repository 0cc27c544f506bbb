import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FilesRoot } from './files-root.ts';
import { type TestWorld, testWorld } from '../testing/site.ts';

let test: TestWorld;
let outside: string;
beforeEach(() => {
  test = testWorld();
  outside = mkdtempSync(join(tmpdir(), 'windlass-outside-'));
  symlinkSync(outside, test.at('escape'));
  symlinkSync(join(outside, 'later'), test.at('dangling'));
  symlinkSync('loop', test.at('loop'));
  symlinkSync('.windlass', test.at('private'));
  writeFileSync(test.at('file'), '');
  mkdirSync(test.at('.windlass'));
});
afterEach(() => {
  test.close();
  rmSync(outside, { recursive: true });
});

const hostile = [
  ['../x', 'PATH_OUTSIDE'],
  ['..', 'PATH_OUTSIDE'],
  ['/', 'PATH_OUTSIDE'],
  ['/etc/passwd', 'PATH_OUTSIDE'],
  ['a/../../x', 'PATH_OUTSIDE'],
  ['escape/x', 'PATH_OUTSIDE'],
  ['escape/../../x', 'PATH_OUTSIDE'],
  ['.windlass/x', 'PATH_OUTSIDE'],
  ['.windlass', 'PATH_OUTSIDE'],
  ['.WINDLASS/x', 'PATH_OUTSIDE'],
  ['private/x', 'PATH_OUTSIDE'],
  ['a\0b', 'PATH_OUTSIDE'],
  ['dangling/x', 'LINK_BROKEN'],
  ['loop/x', 'LINK_BROKEN'],
  ['file/x', 'NOT_A_FOLDER'],
] as const;

describe('the files folder', () => {
  it.each(hostile)('refuses %j with %s, whatever the task, and nothing is to be undone then', async (path, code) => {
    const before = test.picture();
    for (const [type, input] of [
      ['folder.create', { path }],
      ['file.write', { path, content: 'x' }],
      ['link.switch', { path, target: 'file' }],
      ['archive.unpack', { archive: path, into: 'out' }],
      ['archive.unpack', { archive: 'file', into: path }],
    ] as const) {
      const attempt = await test.apply(type, input);
      expect(attempt.code, type).toBe(code);
      expect((await attempt.revert()).kind, type).toBe('done');
    }
    expect(test.picture()).toEqual(before);
  });

  it.each(['escape', 'private'])('means the link %s itself, but does not follow it', async (link) => {
    await expect(test.world.files.locate(link)).resolves.toBe(test.at(link));
    await expect(test.world.files.locateTarget(link)).rejects.toMatchObject({ code: 'PATH_OUTSIDE' });
  });

  it('takes absolute paths inside, also where it is itself reached through a link', async () => {
    const door = join(outside, 'door');
    symlinkSync(test.root, door);
    const files = new FilesRoot(door);
    for (const path of [join(door, 'a/b'), test.at('a/b'), 'a/b', './a//b']) await expect(files.locate(path)).resolves.toBe(test.at('a/b'));
    await expect(files.locate(door)).resolves.toBe(test.root);
    await expect(files.show(test.at('a/b'))).resolves.toBe('a/b');
  });

  it('does not take a folder with a longer name for itself', async () => {
    await expect(test.world.files.locate(`${test.root}-other/x`)).rejects.toMatchObject({ code: 'PATH_OUTSIDE' });
  });

  it('is made when it is first used', async () => {
    const files = new FilesRoot(join(outside, 'new/files'));
    await expect(files.locate('x')).resolves.toBe(join(outside, 'new/files/x'));
  });
});
