import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestEntry, tarGzOf, tarOf, zipOf } from '../testing/archives.ts';
import { type TestWorld, testWorld } from '../testing/site.ts';

let test: TestWorld;
beforeEach(() => {
  test = testWorld({ limits: { entries: 1_000, bytes: 1_000_000 } });
});
afterEach(() => test.close());

const site = Array.from({ length: 220 }, (_, index) => ({ name: `top/d${index % 7}/f${index}.html`, text: `<p>${index}` }));
const formats = [
  ['tar', tarOf],
  ['tar.gz', tarGzOf],
  ['zip', async (entries: readonly TestEntry[]) => zipOf(entries)],
] as const;

describe('archive.unpack', () => {
  it.each(formats)('unpacks a %s of 220 files among others, and revert removes exactly those', async (_, make) => {
    mkdirSync(test.at('site/d3'), { recursive: true });
    writeFileSync(test.at('site/mine'), 'mine');
    // The name does not tell the format.
    writeFileSync(test.at('release'), await make(site));
    const before = test.picture();
    const { output, revert } = await test.apply('archive.unpack', { archive: 'release', into: 'site', strip: 1 });
    expect(output).toMatchObject({ into: 'site', files: 220 });
    expect(output['names']).toHaveLength(50);
    expect(readFileSync(test.at('site/d3/f10.html'), 'utf8')).toBe('<p>10');
    expect((await revert()).kind).toBe('done');
    expect(test.picture()).toEqual(before);
  });

  it('makes the folder and its parents, and revert removes them too', async () => {
    writeFileSync(test.at('a'), await tarOf([{ name: 'x', text: 'x' }]));
    const { revert } = await test.apply('archive.unpack', { archive: 'a', into: 'deep/er/still' });
    expect(existsSync(test.at('deep/er/still/x'))).toBe(true);
    await revert();
    expect(existsSync(test.at('deep'))).toBe(false);
  });

  it('unpacks what the tar program packed, links inside included', async () => {
    mkdirSync(test.at('src/bin'), { recursive: true });
    writeFileSync(test.at('src/bin/tool'), 'tool');
    chmodSync(test.at('src/bin/tool'), 0o755);
    symlinkSync('bin/tool', test.at('src/tool'));
    symlinkSync('../src', test.at('src/bin/up'));
    rmSync(test.at('src/bin/up'));
    symlinkSync('..', test.at('src/bin/up'));
    execFileSync('tar', ['-czf', test.at('a.tgz'), '-C', test.root, 'src']);
    const before = test.picture();
    const { output, revert } = await test.apply('archive.unpack', { archive: 'a.tgz', into: 'out', strip: 1 });
    expect(output['files']).toBe(1);
    expect(test.picture().filter((line) => line.startsWith('out'))).toEqual([
      'out/',
      'out/bin/',
      'out/bin/tool 755 = tool',
      'out/bin/up -> ..',
      'out/tool -> bin/tool',
    ]);
    await revert();
    expect(test.picture()).toEqual(before);
  });

  it('replaces files where it is told to, and revert puts them back with their permissions', async () => {
    mkdirSync(test.at('out'));
    writeFileSync(test.at('out/a'), 'old');
    chmodSync(test.at('out/a'), 0o600);
    writeFileSync(
      test.at('x'),
      await tarOf([
        { name: 'a', text: 'new' },
        { name: 'b', text: 'b' },
        { name: 'a', text: 'newer' },
      ]),
    );
    const before = test.picture();
    expect((await test.apply('archive.unpack', { archive: 'x', into: 'out' }, { attempt: 2 })).code).toBe('FILE_IN_THE_WAY');
    const { revert } = await test.apply('archive.unpack', { archive: 'x', into: 'out', overwrite: true });
    expect(test.picture()).toContain('out/a 644 = newer');
    await revert();
    expect(test.picture()).toEqual(before);
  });

  it('begins anew when it is repeated with the same key', async () => {
    mkdirSync(test.at('out'));
    writeFileSync(test.at('out/f1'), 'old');
    writeFileSync(
      test.at('x'),
      await tarOf([
        { name: 'f1', text: 'new' },
        { name: 'f2', text: 'x' },
      ]),
    );
    const before = test.picture();
    const input = { archive: 'x', into: 'out', overwrite: true };
    await test.apply('archive.unpack', input);
    const { output, revert } = await test.apply('archive.unpack', input);
    expect(output['files']).toBe(2);
    await revert();
    expect(test.picture()).toEqual(before);
  });

  it('clears away what an apply left that was cut off in the middle', async () => {
    writeFileSync(test.at('x'), await tarGzOf(site));
    truncateSync(test.at('x'), 900);
    const before = test.picture();
    const { code, revert } = await test.apply('archive.unpack', { archive: 'x', into: 'out' });
    expect(code).toBe('ARCHIVE_INVALID');
    expect(existsSync(test.at('out/top'))).toBe(true);
    expect((await revert({ output: null, failure: null })).kind).toBe('done');
    expect(test.picture()).toEqual(before);
  });

  it('bears a list whose last line was being written', async () => {
    writeFileSync(test.at('x'), await tarOf([{ name: 'a', text: 'a' }]));
    const before = test.picture();
    const { revert } = await test.apply('archive.unpack', { archive: 'x', into: 'out' });
    const list = execFileSync('sh', ['-c', 'ls .windlass/*.bytes'], { cwd: test.root }).toString().trim();
    writeFileSync(test.at(list), '{"kind":"made","pa', { flag: 'a' });
    await revert();
    expect(test.picture()).toEqual(before);
  });

  it('ends when it is aborted, and what it did till then can be undone', async () => {
    const many = Array.from({ length: 900 }, (_, index) => ({ name: `f${index}`, text: 'x'.repeat(500) }));
    writeFileSync(test.at('x'), await tarOf(many));
    const before = test.picture();
    const abort = new AbortController();
    const applying = test.apply('archive.unpack', { archive: 'x', into: 'out' }, { signal: abort.signal });
    while (!existsSync(test.at('out/f10'))) await turn();
    abort.abort();
    const { code, revert } = await applying;
    expect(code).toBe('ABORTED');
    expect((await revert()).kind).toBe('done');
    expect(test.picture()).toEqual(before);
  });

  it('does not follow a folder that was swapped for a link since, when it removes', async () => {
    const other = testWorld();
    writeFileSync(other.at('a'), 'precious');
    writeFileSync(test.at('x'), await tarOf([{ name: 'd/a', text: 'a' }]));
    const { revert } = await test.apply('archive.unpack', { archive: 'x', into: 'out' });
    rmSync(test.at('out/d'), { recursive: true });
    symlinkSync(other.root, test.at('out/d'));
    expect(await revert()).toMatchObject({ kind: 'failed', failure: { code: 'FILE_CHANGED' } });
    expect(other.picture()).toEqual(['a 644 = precious']);
    other.close();
  });
});

const hostile: readonly (readonly [string, TestEntry[], string])[] = [
  ['a path that climbs out', [{ name: '../evil', text: 'x' }], 'ARCHIVE_HOSTILE'],
  ['a path that climbs out further on', [{ name: 'a/../../evil', text: 'x' }], 'ARCHIVE_HOSTILE'],
  ['a path that climbs out with backslashes', [{ name: '..\\evil', text: 'x' }], 'ARCHIVE_HOSTILE'],
  ['an absolute path', [{ name: '/tmp/windlass-evil', text: 'x' }], 'ARCHIVE_HOSTILE'],
  ['a drive', [{ name: 'C:/evil', text: 'x' }], 'ARCHIVE_HOSTILE'],
  ['a link to an absolute path', [{ name: 'l', type: 'symlink', to: '/etc' }], 'ARCHIVE_HOSTILE'],
  ['a link that climbs out', [{ name: 'd/l', type: 'symlink', to: '../../..' }], 'ARCHIVE_HOSTILE'],
  [
    'a link that climbs out through another',
    [
      { name: 'a/b/up', type: 'symlink', to: '../..' },
      { name: 'l', type: 'symlink', to: 'a/b/up/../..' },
    ],
    'ARCHIVE_HOSTILE',
  ],
  [
    'a file below a link of its own',
    [
      { name: 'l', type: 'symlink', to: 'ok' },
      { name: 'l/x', text: 'x' },
    ],
    'FILE_IN_THE_WAY',
  ],
  ['a device', [{ name: 'dev', type: 'character-device' }], 'ARCHIVE_HOSTILE'],
];

describe.each(formats)('archive.unpack refuses in a %s', (format, make) => {
  it.each(hostile)('%s, and revert removes what came before it', async (_, entries, code) => {
    writeFileSync(test.at('x'), await make([{ name: 'ok', text: 'x' }, ...entries]));
    const before = test.picture();
    const attempt = await test.apply('archive.unpack', { archive: 'x', into: 'in/out' });
    expect(attempt.code, format).toBe(code);
    expect((await attempt.revert()).kind).toBe('done');
    expect(test.picture()).toEqual(before);
    expect(existsSync('/tmp/windlass-evil')).toBe(false);
  });
});

describe('archive.unpack refuses', () => {
  const refusal = async (entries: readonly TestEntry[], input = {}) => {
    writeFileSync(test.at('x'), await tarGzOf(entries));
    const attempt = await test.apply('archive.unpack', { archive: 'x', into: 'out', ...input });
    expect((await attempt.revert()).kind).toBe('done');
    return attempt.code;
  };

  it('a hard link', async () => {
    expect(
      await refusal([
        { name: 'a', text: 'a' },
        { name: 'b', type: 'link', to: '/etc/passwd' },
      ]),
    ).toBe('ARCHIVE_HOSTILE');
  });

  it('more bytes than the server lends, however small the archive', async () => {
    expect(await refusal([{ name: 'zeros', text: '0'.repeat(1_000_001) }])).toBe('ARCHIVE_TOO_LARGE');
    expect(existsSync(test.at('out'))).toBe(false);
  });

  it('more entries than the server lends, folders counted', async () => {
    expect(await refusal(Array.from({ length: 1_001 }, (_, index) => ({ name: `d${index}/`, type: 'directory' as const })))).toBe(
      'ARCHIVE_TOO_LARGE',
    );
  });

  it('to write through a link that stands in the folder, out of it or not', async () => {
    mkdirSync(test.at('out'));
    mkdirSync(test.at('inside'));
    const other = testWorld();
    symlinkSync(other.root, test.at('out/away'));
    symlinkSync('../inside', test.at('out/near'));
    expect(await refusal([{ name: 'away/x', text: 'x' }])).toBe('PATH_OUTSIDE');
    expect(await refusal([{ name: 'near/x', text: 'x' }])).toBe('ARCHIVE_HOSTILE');
    expect(await refusal([{ name: 'away', text: 'x' }], { overwrite: true })).toBe('FILE_IN_THE_WAY');
    expect(await readlink(test.at('out/away'))).toBe(other.root);
    expect(other.picture()).toEqual([]);
    other.close();
  });

  it('to write into what tasks keep for themselves', async () => {
    expect(await refusal([{ name: '.windlass/forged.json', text: '{}' }], { into: '.' })).toBe('PATH_OUTSIDE');
  });

  it('what is no archive, is empty, is a folder or is not there', async () => {
    writeFileSync(test.at('text'), 'hello');
    writeFileSync(test.at('empty'), '');
    writeFileSync(test.at('zip'), 'PK\x03\x04 and no more');
    mkdirSync(test.at('folder'));
    const codes = [];
    for (const archive of ['text', 'empty', 'zip', 'folder', 'gone'])
      codes.push((await test.apply('archive.unpack', { archive, into: 'out' })).code);
    expect(codes).toEqual(['ARCHIVE_INVALID', 'ARCHIVE_INVALID', 'ARCHIVE_INVALID', 'ARCHIVE_INVALID', 'ARCHIVE_ABSENT']);
  });
});
