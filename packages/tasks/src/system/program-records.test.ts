import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProgramRecords } from './program-records.ts';

const machine = 'boot';
let folder: string;
let children: ChildProcess[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'windlass-programs-'));
  children = [];
});
afterEach(() => {
  for (const { pid } of children) if (pid !== undefined) endGroup(pid);
  rmSync(folder, { recursive: true, force: true });
});

function endGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    return;
  }
}

function started(): { readonly pid: number; readonly ended: Promise<unknown> } {
  const child = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' });
  children.push(child);
  if (child.pid === undefined) throw new Error('sleep could not be started');
  return { pid: child.pid, ended: new Promise((done) => child.on('exit', (_, by) => done(by))) };
}

/** A record of that program, by a server that is dead: its process has ended. */
function recordOf(pid: number, change: object = {}): void {
  new ProgramRecords({ folder, machine }).record({ key: 'job/a/1', program: 'sleep', pid });
  const [name = ''] = readdirSync(folder);
  const { pid: dead = 0 } = spawnSync(process.execPath, ['--version']);
  const record = JSON.parse(readFileSync(join(folder, name), 'utf8')) as object;
  writeFileSync(join(folder, name), JSON.stringify({ ...record, server: { pid: dead, since: '1' }, ...change }));
}

const isThere = (pid: number) => process.kill(pid, 0);

describe('programs of dead servers (A4)', () => {
  it('a program that a dead server left running is ended, and its call knows it', async () => {
    const { pid, ended } = started();
    recordOf(pid);
    const records = new ProgramRecords({ folder, machine });
    await records.endLeft();
    expect(await ended).toBe('SIGKILL');
    expect(await records.fateOf('job/a/1')).toEqual({ kind: 'over', program: 'sleep' });
    expect(await records.fateOf('job/a/2')).toEqual({ kind: 'unknown' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('a program that cannot be ended is told as running, and its record stays for the next start', async () => {
    const { pid } = started();
    recordOf(pid);
    const records = new ProgramRecords({ folder, machine, endGroup: () => {} });
    await records.endLeft();
    expect(await records.fateOf('job/a/1')).toEqual({ kind: 'running', program: 'sleep', pid });
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it.each([
    ['a process that was started later and has the number of the program', (pid: number) => ({ process: { pid, since: '1' } })],
    ['a process of another machine, or of this one before it was started', () => ({ machine: 'another' })],
  ])('never ends %s', async (_, change) => {
    const { pid } = started();
    recordOf(pid, change(pid));
    await new ProgramRecords({ folder, machine }).endLeft();
    expect(isThere(pid)).toBe(true);
  });

  it('never ends process 1, whose group number means every process', async () => {
    const { pid } = started();
    const since = readFileSync('/proc/1/stat', 'utf8').split(') ').at(-1)?.split(' ')[19] ?? '';
    recordOf(pid, { process: { pid: 1, since } });
    const ended: number[] = [];
    await new ProgramRecords({ folder, machine, endGroup: (leader) => ended.push(leader) }).endLeft();
    expect(ended).toEqual([]);
  });

  it('never ends a program of a server that still runs, such as this one', async () => {
    const { pid } = started();
    const records = new ProgramRecords({ folder, machine });
    const forget = records.record({ key: 'job/a/1', program: 'sleep', pid });
    await new ProgramRecords({ folder, machine }).endLeft();
    expect([isThere(pid), readdirSync(folder).length]).toEqual([true, 1]);
    forget();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('a record that cannot be removed fails neither the end of its call nor a start', async () => {
    const { pid, ended } = started();
    recordOf(pid);
    const [name = ''] = readdirSync(folder);
    renameSync(join(folder, name), join(folder, 'moved.json'));
    // In its place stands a folder, which is not removed as a file.
    mkdirSync(join(folder, name));
    const records = new ProgramRecords({ folder, machine });
    await records.endLeft();
    expect(await ended).toBe('SIGKILL');
    expect(await records.fateOf('job/a/1')).toEqual({ kind: 'over', program: 'sleep' });
    const other = started();
    const forget = records.record({ key: 'job/a/2', program: 'sleep', pid: other.pid });
    const file = readdirSync(folder).find((one) => one !== name && one !== 'moved.json') ?? '';
    rmSync(join(folder, file));
    mkdirSync(join(folder, file));
    expect(forget).not.toThrow();
  });

  it('a record that a full disk cut short is passed', async () => {
    writeFileSync(join(folder, 'x.json'), '{"key":');
    await expect(new ProgramRecords({ folder, machine }).endLeft()).resolves.toBeUndefined();
  });
});
