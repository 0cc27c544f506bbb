import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { JsonObject } from '@windlass/engine/task';
import { afterEach, describe, expect, it } from 'vitest';
import { type TestWorld, testWorld } from '../testing/site.ts';
import type { CommandPolicy } from '../world.ts';
import { runCommand } from './run-command.ts';

let test: TestWorld;
afterEach(() => test.close());
const run = (commands: CommandPolicy, input: JsonObject, signal?: AbortSignal) => {
  test = testWorld({ commands });
  return test.apply('command.run', input, signal ? { signal } : {});
};
/** Linux keeps the number of a process that has ended until its parent has asked for it. */
const isRunning = (pid: number) => existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
const shell = (script: string, more: JsonObject = {}) => ({ program: 'sh', args: ['-c', script], ...more });

describe('command.run', () => {
  it('runs a program with its arguments as they are, and revert runs the command that undoes it', async () => {
    const input = { program: 'touch', args: ['a b', '$HOME', '*'], undo: { program: 'rm', args: ['a b', '$HOME', '*'] } };
    const { output, revert } = await run(['touch', 'rm'], input);
    expect(output).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(test.picture()).toEqual(['$HOME 644 = ', '* 644 = ', 'a b 644 = ']);
    expect((await revert()).kind).toBe('done');
    expect(test.picture()).toEqual([]);
  });

  it('L5: logs each line of what the program prints, and cuts one that has no end', async () => {
    await run('all', shell('echo one; printf two; echo >&2 oops; head -c 25000 /dev/zero | tr "\\0" x'));
    const { lines } = test;
    expect(lines.filter((line) => line.startsWith('stderr'))).toEqual(['stderr: oops']);
    const out = lines.filter((line) => !line.startsWith('stderr'));
    expect(out[0]).toBe('one');
    expect(out.slice(1).map((line) => line.length)).toEqual([10_000, 10_000, 5_003]);
    expect(out[1]?.startsWith('twox')).toBe(true);
  });

  it('gives a program nothing of the environment of the server', async () => {
    process.env['WINDLASS_SECRET_X'] = 'hidden';
    const { output } = await run('all', { program: 'env', env: { OWN: '1' } });
    delete process.env['WINDLASS_SECRET_X'];
    const names = String(output['stdout'])
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0]);
    expect(names.sort()).toEqual(['LANG', 'OWN', 'PATH']);
  });

  it('hands over standard input, and does not mind a program that does not read it', async () => {
    expect((await run('all', { program: 'cat', stdin: 'é' })).output['stdout']).toBe('é');
    test.close();
    expect((await run('all', { program: 'true', stdin: 'x'.repeat(5_000_000) })).outcome.kind).toBe('done');
  });

  it('keeps the beginning and the end of what is written', async () => {
    const { output } = await run('all', shell('echo first; seq 1 100000; echo last'));
    expect(String(output['stdout'])).toMatch(/^first\n1\n[\s\S]*\n… \d+ characters left out …\n[\s\S]*100000\nlast\n$/);
    expect(String(output['stdout']).length).toBeLessThan(50_100);
  });

  it('fails with the last words of a command', async () => {
    const { outcome } = await run('all', shell('seq 1 100000 >&2; echo no room >&2; exit 3'));
    expect(JSON.stringify(outcome)).not.toContain('nothingDone');
    expect(outcome).toMatchObject({
      failure: { code: 'COMMAND_FAILED', message: expect.stringMatching(/code 3: [\s\S]*no room$/), data: { exitCode: 3 } },
    });
  });

  it('undoes what a failed command may have done', async () => {
    const { revert } = await run('all', shell('touch half; exit 1', { undo: { program: 'rm', args: ['-f', 'half'] } }));
    await revert();
    expect(test.picture()).toEqual([]);
  });

  it('ends a command with all that it started when it is aborted, and at its time limit', async () => {
    const script = 'sh -c "sleep 60" & echo $! > pid; wait';
    const abort = new AbortController();
    const running = run('all', shell(script), abort.signal);
    await expect.poll(() => existsSync(test.at('pid')) && readFileSync(test.at('pid'), 'utf8').trim()).toMatch(/^\d+$/);
    abort.abort();
    expect((await running).code).toBe('ABORTED');
    const child = Number(readFileSync(test.at('pid'), 'utf8'));
    await expect.poll(() => isRunning(child)).toBe(false);
    test.close();
    const started = Date.now();
    expect((await run('all', shell('sleep 60', { timeoutMs: 150 }))).code).toBe('COMMAND_TIMEOUT');
    // It did not wait for the end of the command.
    expect(Date.now() - started).toBeLessThan(60_000);
  });

  it('starts nothing when it is aborted already', async () => {
    expect((await run('all', shell('touch made'), AbortSignal.abort())).outcome).toMatchObject({
      failure: { code: 'ABORTED', nothingDone: true },
    });
    expect(test.picture()).toEqual([]);
  });

  it('does not wait for what a command left running', async () => {
    const started = Date.now();
    const { outcome } = await run('all', shell('sleep 60 & echo started'));
    expect(outcome).toMatchObject({ kind: 'done', output: { stdout: 'started\n' } });
    expect(Date.now() - started).toBeLessThan(60_000);
  });

  it.each([
    ['off', { program: 'true' }, 'COMMANDS_OFF'],
    [['true'], { program: 'false' }, 'COMMAND_NOT_ALLOWED'],
    [['true'], { program: '/bin/true' }, 'COMMAND_NOT_ALLOWED'],
    [['true'], { program: './true' }, 'COMMAND_NOT_ALLOWED'],
    [['true'], { program: 'true', env: { LD_PRELOAD: './x.so' } }, 'COMMAND_NOT_ALLOWED'],
    [['no-such-program'], { program: 'no-such-program' }, 'COMMAND_NOT_FOUND'],
    ['all', { program: 'no-such-program' }, 'COMMAND_NOT_FOUND'],
    ['all', { program: 'true', args: ['a\0b'] }, 'COMMAND_NOT_STARTED'],
    ['all', { program: 'true', cwd: '../..' }, 'PATH_OUTSIDE'],
    ['all', { program: 'true', cwd: 'gone' }, 'FOLDER_ABSENT'],
  ] as [CommandPolicy, JsonObject, string][])(
    'where %j is allowed answers %j with %s, and says that nothing was done',
    async (policy, input, code) => {
      const { outcome } = await run(policy, { ...input, undo: { program: 'touch', args: ['undone'] } });
      expect(outcome).toMatchObject({ kind: 'failed', failure: { code, nothingDone: true } });
    },
  );

  it('runs the allowed program, not one of that name from the files folder', async () => {
    test = testWorld({ commands: ['true'] });
    mkdirSync(test.at('bin'));
    writeFileSync(test.at('bin/true'), '#!/bin/sh\ntouch hijacked\n');
    chmodSync(test.at('bin/true'), 0o755);
    expect((await test.apply('command.run', { program: 'true', env: { PATH: test.at('bin') } })).code).toBe('COMMAND_NOT_ALLOWED');
    expect((await test.apply('command.run', { program: 'true', cwd: 'bin' })).outcome.kind).toBe('done');
    expect(existsSync(test.at('bin/hijacked'))).toBe(false);
    expect(readFileSync(test.at('bin/true'), 'utf8')).toContain('hijacked');
  });
});

it.each<[string, CommandPolicy, JsonObject, string | null]>([
  ['commands are off', 'off', {}, 'Commands are off on this server'],
  ['its program is not allowed', ['true'], { program: 'rm' }, 'The program "rm" is not allowed'],
  ['the program of its undo is not allowed', ['true'], { program: 'true', undo: { program: 'rm' } }, 'The program "rm" is not allowed'],
  ['its program is known only later', ['true'], {}, null],
  ['every program is allowed', 'all', { program: 'rm' }, null],
])('says before it is published what keeps it from working on this server: %s', async (_, commands, constants, words) => {
  test = testWorld({ commands });
  const hindrance = await runCommand.hindrance?.(constants, test.world);
  expect(hindrance).toEqual(words === null ? null : expect.stringContaining(words));
});

it('T1: the reason why a command without an undo is kept also holds before the command has run', () => {
  expect(runCommand.effects).toMatchObject({ otherwise: { kind: 'irreversible', reason: 'no command that undoes it is given' } });
});
