// A signal that ends `npm start` ends the server with it.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const home = resolve(import.meta.dirname, '..');
let folder: string;
let started: ChildProcess;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'windlass-start-'));
});
afterEach(() => {
  started.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Starts it and answers with the address of the server, without its key. */
function start(command: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, WINDLASS_DATA: folder, WINDLASS_PORT: '0', WINDLASS_EXAMPLES: 'off' };
  started = spawn(command, [...args, '--no-open'], { cwd: home, env, stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((ready, failed) => {
    let said = '';
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      const [, origin] = /Windlass is ready: (http:\/\/[^/]+)/.exec(said) ?? [];
      if (origin !== undefined) ready(origin);
    };
    started.stdout?.on('data', listen);
    started.stderr?.on('data', listen);
    started.on('close', () => failed(new Error(`It ended: ${said}`)));
  });
}

const answers = (origin: string) =>
  fetch(origin).then(
    () => true,
    () => false,
  );

it.each(['SIGTERM', 'SIGINT'] as const)('%s to the script ends the server, with 0', async (signal) => {
  const origin = await start(process.execPath, 'scripts/start.mjs');
  const ended = new Promise((resolve) => started.on('close', resolve));
  started.kill(signal);
  expect(await ended).toBe(0);
  expect(await answers(origin)).toBe(false);
});

it('SIGTERM to npm, whose shell does not pass it on, ends the server too', async () => {
  const origin = await start('npm', 'start', '--silent', '--');
  expect(await answers(origin)).toBe(true);
  started.kill('SIGTERM');
  await expect.poll(() => answers(origin)).toBe(false);
});
