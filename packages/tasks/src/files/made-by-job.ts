// The paths that the file steps of one job have made and not undone: a list on disk, one line for each
// attempt, written before its change. By the list a step distinguishes the files of its job from all others.
import { createHash } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import type { TaskContext } from '@windlass/engine/task';
import { readSteps } from './unpack-steps.ts';
import { type FilesRoot, exists } from './files-root.ts';
import type { World } from '../world.ts';

interface MadeLine {
  /** Name of the attempt's note, without its ending. */
  readonly note: string;
  /** Paths relative to the files folder that the attempt is about to make; `deeds`, a word in stored lists, if it keeps a list of its own (unpack-steps.ts). */
  readonly made: readonly string[] | 'deeds';
}

/** Adds the paths that an attempt is about to make. */
export async function addMade({ world: { files }, job }: TaskContext<World>, line: MadeLine): Promise<void> {
  await appendFile(await listOf(files, job), `${JSON.stringify(line)}\n`, { mode: 0o600 });
}

/** Paths that steps of the same job made and have not undone; null where there is no list, as of jobs of earlier versions. */
export async function madeByJob({ world: { files }, job }: TaskContext<World>): Promise<ReadonlySet<string> | null> {
  const list = await listOf(files, job);
  if (!(await exists(list))) return null;
  const paths = new Set<string>();
  for (const text of (await readFile(list, 'utf8')).split('\n').slice(0, -1)) {
    const { note, made } = JSON.parse(text) as MadeLine;
    if (await isUndone(await files.keepsake(`${note}.json`))) continue;
    const own = made === 'deeds' ? (await readSteps(await files.keepsake(`${note}.bytes`))).map(({ path }) => path) : made;
    for (const path of own) paths.add(path);
  }
  return paths;
}

/** A line without a note belongs to an attempt that ended before its first change. */
async function isUndone(note: string): Promise<boolean> {
  if (!(await exists(note))) return true;
  return (JSON.parse(await readFile(note, 'utf8')) as { readonly undone?: true }).undone === true;
}

async function listOf(files: FilesRoot, job: string): Promise<string> {
  return files.keepsake(`made-${createHash('sha256').update(job).digest('hex').slice(0, 40)}.jsonl`);
}
