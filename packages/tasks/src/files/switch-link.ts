import { lstat, readlink, rename, rm, symlink } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { type TaskContext, TaskError, defineTask } from '@windlass/engine/task';
import { z } from 'zod';
import { exists, movedWords, needFolderOf, syncFolder } from './files-root.ts';
import { firstSight } from './first-sight.ts';
import type { World } from '../world.ts';

const input = z.object({
  path: z.string().min(1).meta({ title: 'Link', description: 'The symbolic link, inside the files folder; it is made if it is missing.' }),
  target: z.string().min(1).meta({ title: 'Points to', description: 'What it is to point to, inside the files folder; it must be there.' }),
});
const output = z.object({
  path: z.string().meta({ title: 'Link', description: 'Relative to the files folder.' }),
  target: z.string().meta({ title: 'Points to', description: 'As it stands in the link, relative to the folder of the link.' }),
  previous: z.string().nullable().meta({ title: 'Pointed to before', description: 'Null when there was no link.' }),
});
type Context = TaskContext<World>;
interface PriorState {
  readonly path: string;
  readonly previous: string | null;
  readonly target: string;
}

export const switchLink = defineTask({
  type: 'link.switch',
  version: 1,
  title: 'Switch link',
  summary: 'Points a symbolic link elsewhere in one step. Revert switches it back.',
  icon: 'link-2',
  group: 'Files',
  input,
  output,
  effects: { kind: 'reversible', undo: 'switches the link back to where it pointed, or removes it' },
  repeatable: true,
  async apply({ path, target }, context: Context) {
    const { files } = context.world;
    const sight = await firstSight<PriorState>(context);
    const seen = await sight.note(
      async () => {
        const link = await files.locate(path);
        await needFolderOf(link, path);
        return { path: await files.show(link), previous: await pointsTo(link, path), target: await aimOf(context.world, link, target) };
      },
      ({ path: made }) => [made],
    );
    const link = await files.locate(seen.path);
    await point(link, { aim: seen.target, beside: sight.beside(link) });
    return seen;
  },
  async revert({ output: done, drift }, context: Context) {
    const sight = await firstSight<PriorState>(context);
    const seen = await sight.toUndo(done);
    if (seen === null) return;
    const found = await context.world.files.findUnmoved(seen.path);
    if (found === 'gone') {
      if (seen.previous !== null)
        throw new TaskError('NOT_A_FOLDER', `A file stands where the folder of "${seen.path}" was, so it cannot be switched back.`);
      await sight.settle();
      return;
    }
    const link = found.path;
    await rm(sight.beside(link), { force: true });
    const now = await pointsTo(link, seen.path);
    const isConfirmed = drift !== undefined && done !== undefined && drift === (await differenceOf(done, context.world));
    if (!isConfirmed && now !== seen.previous && now !== seen.target) {
      const found = now === null ? 'is gone' : `points to "${now}"`;
      throw new TaskError(
        'LINK_CHANGED',
        `"${seen.path}" ${found} by now, instead of pointing to "${seen.target}"; it was left alone. Look at it, then mark it as reverted or keep it.`,
      );
    }
    if (seen.previous === null) await rm(link, { force: true });
    else if (now !== seen.previous) await point(link, { aim: seen.previous, beside: sight.beside(link) });
    await sight.settle();
  },
  async check({ output: done }, { world }: Context) {
    return done === undefined ? null : differenceOf(done, world);
  },
});

async function differenceOf({ path, target }: z.output<typeof output>, { files }: World): Promise<string | null> {
  const found = await files.find(path);
  if (found === 'moved') return movedWords(path);
  if (found === 'gone' || !(await exists(found.path))) return `"${path}" is gone.`;
  if (!(await lstat(found.path)).isSymbolicLink()) return `"${path}" is no link any more.`;
  const now = await readlink(found.path);
  return now === target ? null : `"${path}" points to "${now}" by now, instead of to "${target}".`;
}

/** Relative, so that the files folder can be moved as a whole. */
async function aimOf(world: World, link: string, target: string): Promise<string> {
  const located = await world.files.locateTarget(target);
  if (!(await exists(located))) throw new TaskError('TARGET_ABSENT', `"${target}" is not there, so the link was not switched to it.`);
  return relative(dirname(link), located) || '.';
}

async function pointsTo(link: string, shown: string): Promise<string | null> {
  if (!(await exists(link))) return null;
  if (!(await lstat(link)).isSymbolicLink())
    throw new TaskError('NOT_A_LINK', `"${shown}" is there and is not a symbolic link; choose another path.`);
  return readlink(link);
}

/** Makes the link under a temporary name and renames it over the path, so the path always has a link. */
async function point(link: string, { aim, beside }: { aim: string; beside: string }): Promise<void> {
  await rm(beside, { force: true });
  await symlink(aim, beside);
  await rename(beside, link);
  await syncFolder(dirname(link));
}
