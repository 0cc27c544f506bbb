import { lstat, mkdir, readlink, rm, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type TaskContext, TaskError, defineTask } from '@windlass/engine/task';
import { z } from 'zod';
import { exists, isErrno, movedWords } from './files-root.ts';
import { firstSight } from './first-sight.ts';
import { contentsOf, foreignWords, namesOf } from './folder-contents.ts';
import type { World } from '../world.ts';

const input = z.object({
  path: z
    .string()
    .min(1)
    .meta({ title: 'Path', description: 'Folder to create, inside the files folder; missing parents are created too.' }),
  withContents: z.boolean().default(false).meta({
    title: 'Revert removes what others put into it',
    description:
      'Otherwise a revert stops when the folder still holds something, unless the person who rolls back has read what that is and confirmed it.',
    stage: 'revert',
  }),
});
const output = z.object({
  path: z.string().meta({ title: 'Path', description: 'Of the folder, relative to the files folder.' }),
  created: z.boolean().meta({ title: 'Created', description: 'False when the folder stood before.' }),
  parents: z.array(z.string()).meta({ title: 'Created parents', description: 'Nearest first.' }),
});
type Context = TaskContext<World>;
interface PriorState {
  readonly path: string;
  readonly created: boolean;
  /** Parents that were missing, nearest first. */
  readonly parents: string[];
}

export const createFolder = defineTask({
  type: 'folder.create',
  version: 1,
  title: 'Create folder',
  summary: 'Creates a folder. Revert removes it if it was not there before, and keeps what others put into it.',
  icon: 'folder-plus',
  group: 'Files',
  input,
  output,
  effects: { kind: 'reversible', undo: 'removes the folder, if it did not stand before' },
  repeatable: true,
  async apply({ path }, context: Context) {
    const { files } = context.world;
    const sight = await firstSight<PriorState>(context);
    const seen = await sight.note(
      async () => {
        const folder = await files.locateTarget(path);
        const shown = await files.show(folder);
        if (await exists(folder)) {
          if (!(await stat(folder)).isDirectory()) throw new TaskError('NOT_A_FOLDER', `"${path}" is there already and is not a folder.`);
          return { path: shown, created: false, parents: [] };
        }
        const parents: string[] = [];
        for (let parent = dirname(folder); !(await exists(parent)); parent = dirname(parent)) parents.push(await files.show(parent));
        return { path: shown, created: true, parents };
      },
      ({ created, path: made, parents }) => (created ? [made, ...parents] : []),
    );
    await mkdir(await files.locate(seen.path), { recursive: true });
    return seen;
  },
  async revert({ input: { withContents }, output: done, drift }, context: Context) {
    const { files } = context.world;
    const sight = await firstSight<PriorState>(context);
    const seen = await sight.toUndo(done);
    if (seen === null) return;
    if (seen.created) {
      await removeFolder(seen.path, { withContents, drift, context });
      for (const parent of seen.parents) {
        const found = await files.find(parent);
        if (typeof found === 'string' || !(await removeIfEmpty(found.path))) break;
      }
    }
    await sight.settle();
  },
  async check({ output: done }, context: Context) {
    return done === undefined || !done.created ? null : differenceOf(done.path, context);
  },
});

/** Files of the same job in the folder are undone before the folder, or were left out of the rollback and stay. */
async function differenceOf(path: string, context: Context): Promise<string | null> {
  const found = await context.world.files.find(path);
  if (found === 'moved') return movedWords(path);
  if (found === 'gone' || !(await exists(found.path))) return `"${path}" is gone.`;
  const stats = await lstat(found.path);
  if (stats.isSymbolicLink()) return `"${path}" is a link to "${await readlink(found.path)}" now, which a revert leaves alone.`;
  if (!stats.isDirectory()) return `"${path}" is a file now, which a revert leaves alone.`;
  const contents = await contentsOf(context, found.path);
  if (contents.foreign.length === 0 || !contents.isKnown) return null;
  return `"${path}" holds ${foreignWords(contents)}. This would be removed with it.`;
}

interface Removal {
  readonly withContents: boolean;
  readonly drift: string | undefined;
  readonly context: Context;
}

/** Removes the folder. When another file or link stands in its place, the folder counts as gone and the other stays. */
async function removeFolder(path: string, { withContents, drift, context }: Removal): Promise<void> {
  const found = await context.world.files.findUnmoved(path);
  if (found === 'gone' || !(await exists(found.path)) || !(await lstat(found.path)).isDirectory()) return;
  if (await removeIfEmpty(found.path)) return;
  const contents = await contentsOf(context, found.path);
  if (contents.own.length > 0) {
    throw new TaskError(
      'FOLDER_NOT_EMPTY',
      `"${path}" holds ${namesOf(contents.own)} of steps that are not undone, so it was left alone. Undo them first, or keep it.`,
    );
  }
  const isConfirmed = drift !== undefined && drift === (await differenceOf(path, context));
  if (!withContents && !isConfirmed) {
    throw new TaskError(
      'FOLDER_NOT_EMPTY',
      `"${path}" holds ${foreignWords(contents)}. It was left alone; empty it and try again, or keep it.`,
    );
  }
  await rm(found.path, { recursive: true, force: true });
}

/** True if this call removed the folder; a folder with content, or one that is gone already, stays. */
export async function removeIfEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch (thrown) {
    if (isErrno(thrown, 'ENOTEMPTY', 'ENOENT', 'EEXIST', 'ENOTDIR')) return false;
    throw thrown;
  }
}
