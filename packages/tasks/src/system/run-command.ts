// Runs a program without a shell, in an environment of its own. Where only some programs are allowed, neither a path
// nor the environment may replace them by another program. Allowing an interpreter (sh, node, python) allows everything.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type TaskContext, TaskError, defineTask } from '@windlass/engine/task';
import { z } from 'zod';
import { BoundedText } from './bounded-text.ts';
import { beforeAnything } from '../nothing-done.ts';
import { TextLines } from './text-lines.ts';
import type { CommandPolicy, World } from '../world.ts';

const PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const MOST_TEXT = 50_000;
/** Time to read the rest of the pipes when the program has ended and its children keep the pipes open. */
const DRAIN_MS = 1_000;
/** Pause between two heartbeats of a running program. */
const HEARTBEAT_MS = 1_000;

const command = {
  program: z
    .string()
    .min(1)
    .meta({ title: 'Program', description: 'A name, as the server allows; there is no shell, so no pipes and no wildcards.' }),
  args: z.array(z.string()).default([]).meta({ title: 'Arguments', description: 'Each is handed over as it is.' }),
};
const input = z.object({
  ...command,
  cwd: z.string().default('.').meta({ title: 'Folder', description: 'Where it runs, inside the files folder.' }),
  env: z
    .record(z.string(), z.string())
    .default({})
    .meta({ title: 'Environment', description: 'All that it gets beside PATH and LANG; nothing of the server’s own.' }),
  stdin: z.string().optional().meta({ title: 'Standard input', description: 'Text that it can read.', format: 'multiline' }),
  timeoutMs: z
    .int()
    .min(100)
    .max(86_400_000)
    .default(600_000)
    .meta({ title: 'Time limit (ms)', description: 'Then it is ended with all that it started.' }),
  undo: z.object(command).optional().meta({
    title: 'Command that undoes it',
    description: 'Is run when this step is reverted, in the same folder and environment. Without it the command cannot be undone.',
    stage: 'revert',
  }),
  undoRepeatable: z.boolean().default(false).meta({
    title: 'The undo command may be repeated',
    description:
      'After a crash while it ran, it is unknown whether it ended. Switched on: it runs again. Switched off: the job waits for a person.',
    stage: 'revert',
  }),
});
const output = z.object({
  exitCode: z.number().meta({ title: 'Exit code' }),
  stdout: z.string().meta({ title: 'Standard output', description: `Beginning and end, at most ${MOST_TEXT} characters.` }),
  stderr: z.string().meta({ title: 'Standard error', description: `Beginning and end, at most ${MOST_TEXT} characters.` }),
});
type Context = TaskContext<World>;
interface Order {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: { readonly [name: string]: string };
  readonly stdin?: string | undefined;
  readonly timeoutMs: number;
}

export const runCommand = defineTask({
  type: 'command.run',
  version: 1,
  title: 'Run command',
  summary: 'Runs a program that the server allows. Revert runs the command that undoes it, if you give one.',
  icon: 'square-terminal',
  group: 'System',
  input,
  output,
  effects: {
    cases: [{ when: { field: 'undo', present: true }, effects: { kind: 'reversible', undo: 'runs the command that undoes it' } }],
    otherwise: { kind: 'irreversible', reason: 'no command that undoes it is given' },
  },
  repeatable: false,
  revertRepeatable: { field: 'undoRepeatable', in: [true] },
  apply: (order, context: Context) => run(order, context),
  async revert({ input: { undo, cwd, env, timeoutMs } }, context: Context) {
    if (undo === undefined) return;
    await demandNoneRunning(context);
    await run({ ...undo, cwd, env, timeoutMs }, context);
  },
  // No probe can say whether a program took effect, but it can say whether the program still runs.
  probe: async (_, context: Context) => ({ happened: 'unknown', because: await whyInDoubt(context) }),
  async hindrance({ program, undo }, { commands }: World) {
    if (commands === 'off') return OFF;
    const undoes = typeof undo === 'object' && undo !== null && !Array.isArray(undo) ? undo['program'] : undefined;
    const known = [program, undoes].filter((one) => typeof one === 'string');
    return known.map((one) => whyNotAllowed(commands, one)).find((why) => why !== null) ?? null;
  },
});

const OFF = 'Commands are off on this server. The operator of the server can allow them with WINDLASS_COMMANDS.';

function whyNotAllowed(commands: CommandPolicy, program: string): string | null {
  if (commands === 'off') return OFF;
  if (commands === 'all' || (commands.includes(program) && program === basename(program))) return null;
  return `The program "${program}" is not allowed on this server; allowed: ${commands.join(', ')}.`;
}

/** A program that a stopped server left running, of the apply or of an earlier call of the undo, could change again what the undo command undid. */
async function demandNoneRunning({ world, idempotencyKey }: Context): Promise<void> {
  for (const key of [idempotencyKey, idempotencyKey.replace(/\/revert$/, '')]) {
    const fate = await world.programs?.fateOf(key);
    if (fate?.kind !== 'running') continue;
    const { program, pid } = fate;
    throw new TaskError(
      'UNDO_WAITS_FOR_PROGRAM',
      `The program “${program}” was under way when its server stopped. It still runs as process ${pid}, so the undo command was not run beside it.`,
    );
  }
}

/** Why the outcome of a command is not known after the loss of its server, and whether its program still runs. */
async function whyInDoubt({ world, idempotencyKey }: Context): Promise<string> {
  const fate = (await world.programs?.fateOf(idempotencyKey)) ?? { kind: 'unknown' };
  const lost = 'the command was under way when its server stopped, so it may not be repeated blindly';
  // The engine ends the sentence.
  switch (fate.kind) {
    case 'running':
      return `${lost}. Its program “${fate.program}” still runs as process ${fate.pid} and could not be ended: wait for its end, or end it, before you answer`;
    case 'over':
      return `${lost}. Its program “${fate.program}” no longer runs: this server ended it at its start, unless it had ended before`;
    case 'unknown':
      return `${lost}. This server does not know whether the program still runs: look before you answer`;
  }
}

async function run(order: Order, { world, idempotencyKey, signal, heartbeat, log }: Context) {
  const { program, args, env, stdin, timeoutMs } = order;
  const child = await beforeAnything(async () => {
    const file = await programFile(world, order);
    const cwd = await folderOf(world, order.cwd);
    if (signal.aborted) throw new TaskError('ABORTED', `"${program}" was not started, as the step was told to stop.`);
    return start(file, { args, cwd, env, shown: program });
  });
  const forget = child.pid === undefined ? () => {} : record(world, { key: idempotencyKey, program, pid: child.pid }, log);
  const text = { stdout: new BoundedText(MOST_TEXT), stderr: new BoundedText(MOST_TEXT) };
  for (const stream of ['stdout', 'stderr'] as const) {
    const lines = new TextLines((line) => log(stream === 'stderr' ? `stderr: ${line}` : line));
    child[stream].setEncoding('utf8').on('data', (chunk: string) => {
      text[stream].add(chunk);
      lines.add(chunk);
    });
    child[stream].on('end', () => lines.end());
  }
  // A program that does not read its input closes it early, which is no failure.
  child.stdin.on('error', () => child.stdin.destroy()).end(stdin ?? '');
  const limit = AbortSignal.timeout(timeoutMs);
  const beat = setInterval(heartbeat, HEARTBEAT_MS);
  const { exitCode, by } = await ended(child, { stop: AbortSignal.any([signal, limit]), shown: program }).finally(() => {
    clearInterval(beat);
    forget();
  });
  const done = { stdout: `${text.stdout}`, stderr: `${text.stderr}` };
  if (exitCode === 0) return { exitCode, ...done };
  const data = { exitCode, ...done };
  if (limit.aborted && !signal.aborted)
    throw new TaskError('COMMAND_TIMEOUT', `"${program}" did not end within ${timeoutMs} ms and was ended.`, { data });
  const last = done.stderr.trim().split('\n').slice(-5).join('\n');
  throw new TaskError(
    'COMMAND_FAILED',
    `"${program}" ended with ${exitCode === null ? by : `code ${exitCode}`}${last ? `: ${last}` : '.'}`,
    { data },
  );
}

/** Records the program, so that a killed server does not leave it running unseen; the answer removes the record. */
function record(world: World, started: { key: string; program: string; pid: number }, log: Context['log']): () => void {
  try {
    return world.programs?.record(started) ?? (() => {});
  } catch (cause) {
    // Without a record the program goes on: after a crash its doubt says that it may still run.
    log(`The program could not be recorded: ${cause instanceof Error ? cause.message : String(cause)}`);
    return () => {};
  }
}

/** The file that is run, if the server allows the program. */
async function programFile({ commands }: World, { program, env }: Order): Promise<string> {
  const why = whyNotAllowed(commands, program);
  if (why !== null) throw new TaskError(commands === 'off' ? 'COMMANDS_OFF' : 'COMMAND_NOT_ALLOWED', why);
  if (commands === 'all') return program;
  const loads = Object.keys(env).find((name) =>
    /^(PATH$|LD_|DYLD_|BASH_ENV$|ENV$|NODE_OPTIONS$|PYTHON|PERL5|RUBY|JAVA_TOOL_OPTIONS$|GIT_)/i.test(name),
  );
  if (loads !== undefined) {
    throw new TaskError(
      'COMMAND_NOT_ALLOWED',
      `The environment variable ${loads} could make "${program}" run something else, so it is not allowed on this server.`,
    );
  }
  // Looked up here and not by spawn, which would look into the PATH that the flow gives.
  for (const folder of PATH) {
    const file = join(folder, program);
    if (
      await access(file, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return file;
  }
  throw new TaskError('COMMAND_NOT_FOUND', `The program "${program}" is allowed but not installed in ${PATH.join(', ')}.`);
}

async function folderOf(world: World, given: string): Promise<string> {
  const folder = await world.files.locateTarget(given);
  const isFolder = await stat(folder).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (!isFolder && given !== '.')
    throw new TaskError('FOLDER_ABSENT', `The folder "${given}" is not there; create it before with a Create folder step.`);
  return folder;
}

function start(
  file: string,
  order: { args: readonly string[]; cwd: string; env: { readonly [name: string]: string }; shown: string },
): ChildProcessWithoutNullStreams {
  const env = { PATH: PATH.join(':'), LANG: 'C.UTF-8', ...order.env };
  try {
    // A group of its own, so that all of it can be ended.
    return spawn(file, order.args, { cwd: order.cwd, env, detached: true });
  } catch (cause) {
    throw new TaskError(
      'COMMAND_NOT_STARTED',
      `"${order.shown}" could not be started: ${cause instanceof Error ? cause.message : 'unknown'}.`,
      { cause },
    );
  }
}

/** Waits for the end of the program; ends its whole group when told to stop. */
function ended(
  child: ChildProcessWithoutNullStreams,
  { stop, shown }: { stop: AbortSignal; shown: string },
): Promise<{ exitCode: number | null; by: string | null }> {
  return new Promise((resolve, reject) => {
    const kill = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // The group has ended by itself in the meantime.
        return;
      }
    };
    let drain: NodeJS.Timeout | undefined;
    stop.addEventListener('abort', kill, { once: true });
    // Without a pid it was never there.
    child.on('error', (cause) =>
      reject(
        new TaskError('COMMAND_NOT_FOUND', `The program "${shown}" could not be started.`, { cause, nothingDone: child.pid === undefined }),
      ),
    );
    // A daemon that it left behind may hold the pipes open for ever.
    child.on('exit', () => {
      drain = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, DRAIN_MS);
    });
    child.on('close', (exitCode, by) => {
      clearTimeout(drain);
      stop.removeEventListener('abort', kill);
      resolve({ exitCode, by });
    });
  });
}
