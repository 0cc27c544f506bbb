import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { TaskError, defineTask } from '@windlass/engine';
import { z } from 'zod';
import type { World } from './world.ts';

const command = {
  program: z.string().min(1).meta({ title: 'Program', description: 'A name, as the server allows; there is no shell.' }),
  args: z.array(z.string()).default([]).meta({ title: 'Arguments' }),
};
const input = z.object({
  ...command,
  cwd: z.string().default('.').meta({ title: 'Folder', description: 'Inside the files folder.' }),
  env: z.record(z.string(), z.string()).default({}).meta({ title: 'Environment' }),
  stdin: z.string().optional().meta({ title: 'Standard input', format: 'multiline' }),
  undo: z.object(command).optional().meta({ title: 'Command that undoes it', stage: 'revert' }),
});
const MOST_TEXT = 50_000;

export const runCommand = defineTask({
  type: 'command.run',
  version: 1,
  title: 'Run command',
  summary: 'Runs a program that the server allows. Revert runs the command that undoes it, if you give one.',
  icon: 'square-terminal',
  group: 'System',
  input,
  output: z.object({ exitCode: z.number(), stdout: z.string(), stderr: z.string() }),
  effects: {
    cases: [{ when: { field: 'undo', present: true }, effects: { kind: 'reversible', undo: 'runs the command that undoes it' } }],
    otherwise: { kind: 'irreversible', reason: 'the command ran and no command that undoes it was given' },
  },
  repeatable: false,
  apply: ({ program, args, cwd, env, stdin }, context: Context) => run({ program, args, cwd, env, ...(stdin === undefined ? {} : { stdin }) }, context),
  async revert({ input: { undo, cwd, env }, output, failure }, context: Context) {
    // Not allowed, or not found: then nothing ran and nothing is to be undone.
    if (undo === undefined || (output === undefined && failure?.code.startsWith('COMMAND_NOT'))) return;
    await run({ ...undo, cwd, env }, context);
  },
});

type Context = { world: World; signal: AbortSignal };
interface Order {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: { readonly [name: string]: string };
  readonly stdin?: string;
}

async function run({ program, args, cwd, env, stdin }: Order, { world, signal }: Context) {
  const { commands } = world;
  if (commands === 'off') {
    throw new TaskError('COMMAND_NOT_ALLOWED', 'Commands are off on this server. Whoever runs it can allow them with WINDLASS_COMMANDS.');
  }
  if (commands !== 'all' && !(commands.includes(program) && program === basename(program))) {
    throw new TaskError('COMMAND_NOT_ALLOWED', `The program "${program}" is not allowed on this server; allowed: ${commands.join(', ')}.`);
  }
  const folder = await world.files.locateTarget(cwd);
  return new Promise<{ exitCode: number; stdout: string; stderr: string }>((resolve, reject) => {
    // A clean environment: the server's own holds what no flow should see. Its own group, so that all of it can be ended.
    const child = spawn(program, args, { cwd: folder, env: { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', ...env }, detached: true });
    const text = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (chunk: string) => {
        if (text[stream].length < MOST_TEXT) text[stream] = (text[stream] + chunk).slice(0, MOST_TEXT);
      });
    }
    const end = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended by itself in the meantime.
        return;
      }
    };
    signal.addEventListener('abort', end, { once: true });
    child.on('error', (cause) => reject(new TaskError('COMMAND_NOT_FOUND', `The program "${program}" could not be started.`, { cause })));
    child.on('close', (exitCode, killed) => {
      signal.removeEventListener('abort', end);
      if (exitCode === 0) return resolve({ exitCode, ...text });
      const last = text.stderr.trim().split('\n').slice(-5).join('\n');
      reject(new TaskError('COMMAND_FAILED', `"${program}" ended with ${exitCode === null ? killed : `code ${exitCode}`}${last ? `: ${last}` : '.'}`, { data: { exitCode, ...text } }));
    });
    child.stdin.on('error', () => child.stdin.destroy());
    child.stdin.end(stdin ?? '');
  });
}
