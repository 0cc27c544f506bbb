import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestWorld, testWorld } from '../testing/site.ts';

let test: TestWorld;
beforeEach(() => {
  test = testWorld();
});
afterEach(() => test.close());

describe('file.write', () => {
  it('writes a new file, and revert removes it', async () => {
    const { output, revert } = await test.apply('file.write', { path: 'a', content: 'bmV3', encoding: 'base64', mode: '640' });
    expect(output).toMatchObject({ path: 'a', bytes: 3, replaced: false });
    expect(test.picture()).toEqual(['a 640 = new']);
    expect((await revert()).kind).toBe('done');
    expect(test.picture()).toEqual([]);
  });

  it('keeps the permissions of what it replaces, and revert puts back content and permissions', async () => {
    writeFileSync(test.at('run.sh'), 'before');
    chmodSync(test.at('run.sh'), 0o755);
    const before = test.picture();
    const plain = await test.apply('file.write', { path: 'run.sh', content: 'after' });
    expect(test.picture()).toEqual(['run.sh 755 = after']);
    const strict = await test.apply('file.write', { path: 'run.sh', content: 'after', mode: '600' }, { attempt: 2 });
    expect(test.picture()).toEqual(['run.sh 600 = after']);
    await strict.revert();
    expect(test.picture()).toEqual(['run.sh 755 = after']);
    await plain.revert();
    expect(test.picture()).toEqual(before);
  });

  it('still knows what stood before when it is repeated with the same key', async () => {
    writeFileSync(test.at('a'), 'before');
    const before = test.picture();
    await test.apply('file.write', { path: 'a', content: 'after' });
    const again = await test.apply('file.write', { path: 'a', content: 'after' });
    expect(again.output['replaced']).toBe(true);
    await again.revert();
    expect(test.picture()).toEqual(before);
  });

  it('undoes an apply whose outcome was never known, and clears what it left half-written', async () => {
    writeFileSync(test.at('a'), 'before');
    const before = test.picture();
    const { revert } = await test.apply('file.write', { path: 'a', content: 'after' });
    const leftover = readNames().find((name) => name.startsWith('.windlass-'));
    expect(leftover).toBeUndefined();
    expect((await revert({ output: null, failure: null })).kind).toBe('done');
    expect(test.picture()).toEqual(before);
  });

  it('reverts once: a repeated revert changes nothing more', async () => {
    const { revert } = await test.apply('file.write', { path: 'a', content: 'after' });
    await revert();
    writeFileSync(test.at('a'), 'of somebody else');
    expect((await revert()).kind).toBe('done');
    expect(readFileSync(test.at('a'), 'utf8')).toBe('of somebody else');
  });

  it('has nothing to undo where apply was refused', async () => {
    for (const path of ['../x', 'gone/x', '.', 'a\0b']) {
      const { outcome, revert } = await test.apply('file.write', { path, content: '' });
      expect(outcome.kind).toBe('failed');
      expect((await revert()).kind).toBe('done');
    }
    expect(test.picture()).toEqual([]);
  });

  it('leaves a file alone that somebody changed since, and says so, unless told otherwise', async () => {
    const { revert } = await test.apply('file.write', { path: 'a', content: 'after' });
    writeFileSync(test.at('a'), 'mine');
    expect(await revert()).toMatchObject({ kind: 'failed', failure: { code: 'FILE_CHANGED', message: expect.stringContaining('"a"') } });
    expect(test.picture()).toEqual(['a 644 = mine']);
    const forced = await test.revert('file.write', { path: 'a', content: 'after', force: true });
    expect(forced.kind).toBe('done');
    expect(test.picture()).toEqual([]);
  });

  it('does not say reverted when the note of what stood before is lost', async () => {
    writeFileSync(test.at('a'), 'before');
    const { revert } = await test.apply('file.write', { path: 'a', content: 'after' });
    rmSync(test.at('.windlass'), { recursive: true });
    expect(await revert()).toMatchObject({ kind: 'failed', failure: { code: 'NOTE_LOST' } });
    expect(test.picture()).toEqual(['a 644 = after']);
  });

  it('does not take the note of another start for its own', async () => {
    writeFileSync(test.at('a'), 'first');
    await test.apply('file.write', { path: 'a', content: 'second' }, { startedAt: 1 });
    const { revert } = await test.apply('file.write', { path: 'a', content: 'third' }, { startedAt: 2 });
    const later = await test.revert('file.write', { path: 'a', content: 'third' }, { startedAt: 2 });
    expect(later.kind).toBe('done');
    expect(test.picture()).toEqual(['a 644 = second']);
    expect(revert).toBeDefined();
  });

  it('writes through a link inside, and reverts that very file after the link points elsewhere', async () => {
    for (const name of ['v1', 'v2']) mkdirSync(test.at(name));
    writeFileSync(test.at('v1/page'), 'one');
    writeFileSync(test.at('v2/page'), 'two');
    symlinkSync('v1', test.at('current'));
    const { revert } = await test.apply('file.write', { path: 'current/page', content: 'new' });
    rmSync(test.at('current'));
    symlinkSync('v2', test.at('current'));
    expect((await revert()).kind).toBe('done');
    expect([readFileSync(test.at('v1/page'), 'utf8'), readFileSync(test.at('v2/page'), 'utf8')]).toEqual(['one', 'two']);
  });

  it.each([
    ['a folder', { path: 'folder', content: '' }, 'NOT_A_FILE'],
    ['a path whose folder is missing', { path: 'gone/x', content: '' }, 'FOLDER_ABSENT'],
    ['a path through a file', { path: 'file/x', content: '' }, 'NOT_A_FOLDER'],
    ['a link to nothing', { path: 'dangling', content: '' }, 'LINK_BROKEN'],
    ['what is not base64', { path: 'x', content: 'é!', encoding: 'base64' }, 'CONTENT_INVALID'],
  ])('refuses %s', async (_, input, code) => {
    mkdirSync(test.at('folder'));
    writeFileSync(test.at('file'), '');
    symlinkSync('/nowhere/at/all', test.at('dangling'));
    const before = test.picture();
    expect((await test.apply('file.write', input)).code).toBe(code);
    expect(test.picture()).toEqual(before);
  });

  it('does not make programs that run as their owner', async () => {
    expect((await test.apply('file.write', { path: 'x', content: '', mode: '4755' })).outcome.kind).toBe('failed');
  });

  it('changes nothing when it is aborted before it began', async () => {
    const { code, revert } = await test.apply('file.write', { path: 'a', content: '' }, { signal: AbortSignal.abort() });
    expect(code).toBe('ABORTED');
    expect((await revert()).kind).toBe('done');
    expect(test.picture()).toEqual([]);
  });

  it('keeps what it may have to put back where only the server can read it', async () => {
    await test.apply('file.write', { path: 'a', content: 'x' });
    expect(statSync(test.at('.windlass')).mode & 0o777).toBe(0o700);
  });
});

function readNames(): string[] {
  return test.picture().map((line) => line.split(' ')[0] ?? '');
}
