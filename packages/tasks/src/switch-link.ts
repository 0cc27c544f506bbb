import { lstat, readlink, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { TaskError, defineTask } from '@windlass/engine';
import { z } from 'zod';
import { exists } from './files-root.ts';
import { firstSight } from './first-sight.ts';
import type { World } from './world.ts';

const input = z.object({
  path: z.string().min(1).meta({ title: 'Link', description: 'The symbolic link, inside the files folder.' }),
  target: z.string().min(1).meta({ title: 'Points to', description: 'What it is to point to, inside the files folder.' }),
});

type Context = { world: World; idempotencyKey: string };
interface Seen {
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
  output: z.object({ path: z.string(), target: z.string(), previous: z.string().nullable() }),
  effects: { kind: 'reversible', undo: 'switches the link back to where it pointed, or removes it' },
  repeatable: true,
  async apply({ path, target }, { world, idempotencyKey }: Context) {
    const link = await world.files.locate(path);
    const sight = await firstSight<Seen>(world, idempotencyKey);
    const seen = await sight.note(async () => ({ previous: await pointsTo(link, path), target: await aimOf(world, link, target) }));
    await point(link, seen.target);
    return { path: await world.files.show(link), ...seen };
  },
  async revert({ input: { path } }, { world, idempotencyKey }: Context) {
    const sight = await firstSight<Seen>(world, idempotencyKey);
    const seen = await sight.read();
    if (seen === null) return;
    const link = await world.files.locate(path);
    const now = await pointsTo(link, path);
    if (now !== seen.previous && now !== seen.target) {
      throw new TaskError('LINK_CHANGED', `"${path}" points to "${now}" by now, not to "${seen.target}"; it was left alone.`);
    }
    if (seen.previous === null) await rm(link, { force: true });
    else if (now !== seen.previous) await point(link, seen.previous);
    await sight.forget();
  },
});

/** Relative, so that the files folder can be moved as a whole. */
async function aimOf(world: World, link: string, target: string): Promise<string> {
  const located = await world.files.locateTarget(target);
  if (!(await exists(located))) throw new TaskError('TARGET_ABSENT', `"${target}" is not there, so the link was not switched to it.`);
  return relative(dirname(link), located) || '.';
}

async function pointsTo(link: string, shown: string): Promise<string | null> {
  if (!(await exists(link))) return null;
  if (!(await lstat(link)).isSymbolicLink()) throw new TaskError('NOT_A_LINK', `"${shown}" is there and is not a symbolic link.`);
  return readlink(link);
}

async function point(link: string, aim: string): Promise<void> {
  const beside = join(dirname(link), `.${basename(link)}.windlass-new`);
  await rm(beside, { force: true });
  await symlink(aim, beside);
  await rename(beside, link);
}
