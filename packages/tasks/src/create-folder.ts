import { mkdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TaskError, defineTask } from '@windlass/engine';
import { z } from 'zod';
import { exists, isErrno } from './files-root.ts';
import { firstSight } from './first-sight.ts';
import type { World } from './world.ts';

const input = z.object({
  path: z.string().min(1).meta({ title: 'Path', description: 'Folder to create, inside the files folder; missing parents are created too.' }),
});
type Context = { world: World; idempotencyKey: string };
interface Seen {
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
  output: z.object({ path: z.string(), created: z.boolean(), parents: z.array(z.string()) }),
  effects: { kind: 'reversible', undo: 'removes the folder with its content, if it did not stand before' },
  repeatable: true,
  async apply({ path }, { world, idempotencyKey }: Context) {
    const folder = await world.files.locate(path);
    const sight = await firstSight<Seen>(world, idempotencyKey);
    const seen = await sight.note(async () => {
      if (await exists(folder)) {
        if (!(await stat(folder)).isDirectory()) throw new TaskError('NOT_A_FOLDER', `"${path}" is there already and is not a folder.`);
        return { created: false, parents: [] };
      }
      const parents: string[] = [];
      for (let parent = dirname(folder); !(await exists(parent)); parent = dirname(parent)) parents.push(await world.files.show(parent));
      return { created: true, parents };
    });
    await mkdir(folder, { recursive: true });
    return { path: await world.files.show(folder), ...seen };
  },
  async revert({ input: { path } }, { world, idempotencyKey }: Context) {
    const sight = await firstSight<Seen>(world, idempotencyKey);
    const seen = await sight.read();
    if (seen?.created) {
      await rm(await world.files.locate(path), { recursive: true, force: true });
      for (const parent of seen.parents) if (!(await removeIfEmpty(await world.files.locate(parent)))) break;
    }
    await sight.forget();
  },
});

async function removeIfEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch (thrown) {
    if (isErrno(thrown, 'ENOTEMPTY', 'ENOENT', 'EEXIST')) return false;
    throw thrown;
  }
}
