// A4: a conductor is lost while a command runs. Its probe says whether the program still runs; a person says what it did, except where
// the author of an undo command allows that it runs twice.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planRollback } from '@windlass/engine/run';
import { type Undo, catalogOf } from '@windlass/engine/task';
import { TestRun, flow, linear, task } from '@windlass/engine/testing';
import { describe, expect, it } from 'vitest';
import { testWorld } from '../testing/site.ts';
import { ProgramRecords } from './program-records.ts';
import { runCommand } from './run-command.ts';

const ended = { exitCode: 0, stdout: '', stderr: '' };

function takenOver(parameters: object): TestRun {
  const command = { program: 'touch', undo: { program: 'rm' }, ...parameters };
  const definition = flow(linear('f', [task('a', { type: 'command.run', parameters: command })]));
  const test = new TestRun({ definition, catalog: catalogOf([runCommand]), script: () => ({ output: ended }) }).go();
  const { hash } = planRollback(test.run, { kind: 'job' });
  test.act({ kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash });
  // The revert is under way: its intention is durable, its answer is not.
  return test.crash().claim();
}

it('the undo command is not run again blindly: the job waits for a person', () => {
  const test = takenOver({}).finish();
  expect(test.calls).toEqual(['apply a']);
  expect([...test.run.atoms][0]?.inDoubt).toContain('may not be repeated blindly');
  expect(test.run).toMatchObject({ job: 'WAITING', attention: 'in_doubt' });
});

it('the undo command is run again where its author says that it may be', () => {
  const test = takenOver({ undoRepeatable: true }).finish();
  expect(test.calls).toEqual(['apply a', 'revert a']);
  expect(test.run.state).toBe('REVERTED');
});

describe('a command whose server was lost', () => {
  /** Records of a program that a dead server left running; `mayEnd`: it can be ended. */
  async function leftRunning({ mayEnd }: { readonly mayEnd: boolean }, use: (context: never) => Promise<void>): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'windlass-programs-'));
    const child = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' });
    const { pid: dead = 0 } = spawnSync(process.execPath, ['--version']);
    new ProgramRecords({ folder, machine: 'boot' }).record({ key, program: 'sleep', pid: child.pid ?? 0 });
    for (const name of readdirSync(folder)) {
      const record = JSON.parse(readFileSync(join(folder, name), 'utf8')) as object;
      writeFileSync(join(folder, name), JSON.stringify({ ...record, server: { pid: dead, since: '1' } }));
    }
    const programs = new ProgramRecords({ folder, machine: 'boot', ...(mayEnd ? {} : { endGroup: () => {} }) });
    await programs.endLeft();
    const test = testWorld({ commands: 'all' });
    await use({
      world: { ...test.world, programs },
      idempotencyKey: key,
      signal: new AbortController().signal,
      heartbeat() {},
      log() {},
    } as never);
    child.kill('SIGKILL');
    test.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const key = 'job/a/1';
  const given = { program: 'sleep', undo: { program: 'true' } };
  const undo = { input: given, output: undefined, failure: undefined } as Undo<never, never>;

  it('the doubt says that the program still runs, and no undo command runs beside it', () =>
    leftRunning({ mayEnd: false }, async (context) => {
      const because = expect.stringMatching(/still runs as process \d+ and could not be ended/);
      expect(await runCommand.probe?.(given, context)).toEqual({ happened: 'unknown', because });
      const reverting = { ...(context as object), idempotencyKey: `${key}/revert` } as never;
      await expect(runCommand.revert?.(undo, reverting)).rejects.toMatchObject({ code: 'UNDO_WAITS_FOR_PROGRAM' });
      await expect(runCommand.revert?.(undo, context)).rejects.toMatchObject({ code: 'UNDO_WAITS_FOR_PROGRAM' });
    }));

  it('the doubt says that the program no longer runs, and an undo command may run', () =>
    leftRunning({ mayEnd: true }, async (context) => {
      expect(await runCommand.probe?.(given, context)).toEqual({ happened: 'unknown', because: expect.stringContaining('no longer runs') });
      await expect(runCommand.revert?.(undo, context)).resolves.toBeUndefined();
    }));

  it('the doubt says that the program may still run where this server has no record of it', async () => {
    const test = testWorld({ commands: 'all' });
    const context = { world: test.world, idempotencyKey: key } as never;
    const because = expect.stringContaining('does not know whether the program still runs');
    expect(await runCommand.probe?.(given, context)).toEqual({ happened: 'unknown', because });
    test.close();
  });
});
