import { mkdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type TaskContext, TaskError, defineTask } from '@windlass/engine/task';
import { z } from 'zod';
import { exists, isErrno } from './files-root.ts';
import { firstSight } from './first-sight.ts';
import type { World } from '../world.ts';

const input = z.object({
  path: z
    .string()
    .min(1)
    .meta({ title: 'Path', description: 'Folder to create, inside the files folder; missing parents are created too.' }),
  withContents: z.boolean().default(true).meta({
    title: 'Revert removes what is in it',
    description:
      'A revert removes the folder with all that was put into it since, if this step created it. Switched off, it stops when the folder is not empty.',
    stage: 'revert',
  }),
});
const output = z.object({
  path: z.string().meta({ title: 'Path', description: 'Of the folder, relative to the files folder.' }),
  created: z.boolean().meta({ title: 'Created', description: 'False when the folder stood before.' }),
  parents: z.array(z.string()).meta({ title: 'Created parents', description: 'Nearest first.' }),
});
type Context = TaskContext<World>;
interface Seen {
  readonly path: string;
  readonly created: boolean;
  /** Parents that were missing, nearest first. */
  readonly parents: string[];
}

export const createFolder = defineTask({
  type: 'folder.create',
  version: 1,
  title: 'Create folder',
  summary: 'Creates a folder. Revert removes it, with what is in it, if it was not there before.',
  icon: 'folder-plus',
  group: 'Files',
  input,
  output,
  effects: { kind: 'reversible', undo: 'removes the folder with its content, if it did not stand before' },
  repeatable: true,
  async apply({ path }, context: Context) {
    const { files } = context.world;
    const sight = await firstSight<Seen>(context);
    const seen = await sight.note(async () => {
      const folder = await files.locateTarget(path);
      const shown = await files.show(folder);
      if (await exists(folder)) {
        if (!(await stat(folder)).isDirectory()) throw new TaskError('NOT_A_FOLDER', `"${path}" is there already and is not a folder.`);
        return { path: shown, created: false, parents: [] };
      }
      const parents: string[] = [];
      for (let parent = dirname(folder); !(await exists(parent)); parent = dirname(parent)) parents.push(await files.show(parent));
      return { path: shown, created: true, parents };
    });
    await mkdir(await files.locate(seen.path), { recursive: true });
    return seen;
  },
  async revert({ input: { withContents }, output: done }, context: Context) {
    const { files } = context.world;
    const sight = await firstSight<Seen>(context);
    const seen = await sight.toUndo(done);
    if (seen === null) return;
    if (seen.created) {
      const folder = await files.locate(seen.path);
      if (withContents) await rm(folder, { recursive: true, force: true });
      else if (!(await removeIfEmpty(folder)) && (await exists(folder))) {
        throw new TaskError('FOLDER_NOT_EMPTY', `"${seen.path}" is not empty, so it was left alone. Empty it and try again, or keep it.`);
      }
      for (const parent of seen.parents) if (!(await removeIfEmpty(await files.locate(parent)))) break;
    }
    await sight.settle();
  },
  /** What was put into it since is what a folder is for. */
  async check({ output: done }, { world }: Context) {
    if (done === undefined || !done.created) return null;
    const folder = await world.files.locate(done.path);
    if (!(await exists(folder))) return `"${done.path}" is gone.`;
    return (await stat(folder)).isDirectory() ? null : `"${done.path}" is no folder any more.`;
  },
});

/** True when it is gone by this; a folder that holds something, or is gone already, is left alone. */
export async function removeIfEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch (thrown) {
    if (isErrno(thrown, 'ENOTEMPTY', 'ENOENT', 'EEXIST', 'ENOTDIR')) return false;
    throw thrown;
  }
}
