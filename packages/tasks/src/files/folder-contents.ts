// The contents of a folder: those of the job that made the folder, and all others.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskContext } from '@windlass/engine/task';
import { madeByJob } from './made-by-job.ts';
import type { World } from '../world.ts';

/** Most entries that are looked at. */
const MOST_ENTRIES = 10_000;
const MOST_NAMES = 3;

export interface FolderContents {
  /** Made by file steps of the same job, and not undone. */
  readonly own: readonly string[];
  /** Everything else, folders included. */
  readonly foreign: readonly string[];
  /** False for a job of an earlier version, which kept no list of its files: all files count as foreign. */
  readonly isKnown: boolean;
  /** True when the folder has more entries than were looked at. */
  readonly isCut: boolean;
}

/** Looks through the located folder, sorted by name. Links are not followed. */
export async function contentsOf(context: TaskContext<World>, folder: string): Promise<FolderContents> {
  const { files } = context.world;
  const made = await madeByJob(context);
  const own: string[] = [];
  const foreign: string[] = [];
  const folders = [folder];
  for (let at = folders.shift(); at !== undefined; at = folders.shift()) {
    const entries = await readdir(at, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (own.length + foreign.length >= MOST_ENTRIES) return { own, foreign, isKnown: made !== null, isCut: true };
      const path = join(at, entry.name);
      const shown = await files.show(path);
      (made?.has(shown) ? own : foreign).push(shown);
      if (entry.isDirectory()) folders.push(path);
    }
  }
  return { own, foreign, isKnown: made !== null, isCut: false };
}

/** Such as `2 things that no file step of this job put there, such as "site/a" and "site/b"`. */
export function foreignWords({ foreign, isCut }: FolderContents): string {
  const count = `${isCut ? 'more than ' : ''}${foreign.length} ${foreign.length === 1 ? 'thing' : 'things'}`;
  return `${count} that no file step of this job put there: ${namesOf(foreign)}`;
}

export function namesOf(paths: readonly string[]): string {
  const more = paths.length - MOST_NAMES;
  const names = paths.slice(0, MOST_NAMES).map((path) => `"${path}"`);
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}
