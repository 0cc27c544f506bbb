import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { lstat, rm } from 'node:fs/promises';
import { type TaskContext, TaskError, defineTask } from '@windlass/engine/task';
import { z } from 'zod';
import { beforeAnything } from '../nothing-done.ts';
import { exists, movedWords, needFolderOf } from './files-root.ts';
import { firstSight } from './first-sight.ts';
import { type Looks, copySynced, looksOf, putBack, putBackLooks, sha256Of, writeWhole } from './whole-file.ts';
import type { World } from '../world.ts';

const input = z.object({
  path: z.string().min(1).meta({ title: 'Path', description: 'File to write, inside the files folder. Its folder must be there.' }),
  content: z.string().meta({ title: 'Content', description: 'The whole content of the file.', format: 'multiline' }),
  encoding: z
    .enum(['utf8', 'base64'])
    .default('utf8')
    .meta({ title: 'Content is', description: 'utf8 for text, base64 for binary files.' }),
  // No set-uid bits: a flow must not make a program that runs as the user of the server.
  mode: z
    .string()
    .regex(/^0?[0-7]{3}$/)
    .optional()
    .meta({
      title: 'Mode',
      description: 'Permissions in octal, such as 644. Left out: those of the file that is replaced.',
    }),
  force: z.boolean().default(false).meta({
    title: 'Revert even if changed since',
    description: 'Otherwise a revert stops with FILE_CHANGED if the file was changed by others meanwhile.',
    stage: 'revert',
  }),
});
const output = z.object({
  path: z.string().meta({ title: 'Path', description: 'Of the file, relative to the files folder.' }),
  bytes: z.number().meta({ title: 'Bytes' }),
  sha256: z.string().meta({ title: 'SHA-256', description: 'Of what was written.' }),
  replaced: z.boolean().meta({ title: 'Replaced', description: 'Whether a file stood there before.' }),
});
type Context = TaskContext<World>;
/** The file, its new content, and the former content of the path: nothing, or kept bytes. */
interface PriorState {
  readonly path: string;
  readonly written: string;
  readonly before: (Looks & { readonly sha256: string }) | null;
}

export const writeFile = defineTask({
  type: 'file.write',
  version: 1,
  title: 'Write file',
  summary: 'Writes a file whole. Revert puts back what was there before, or removes it.',
  icon: 'file-pen-line',
  group: 'Files',
  input,
  output,
  effects: { kind: 'reversible', undo: 'puts back what was there before, or removes the file' },
  repeatable: true,
  async apply({ path, content, encoding, mode }, context: Context) {
    const { world, signal } = context;
    const bytes = await beforeAnything(() => decode(content, encoding));
    const sight = await firstSight<PriorState>(context);
    const seen = await sight.note(
      async () => {
        const file = await world.files.locateTarget(path);
        const stats = await fileAt(file, path);
        if (stats === null) await needFolderOf(file, path);
        const named = { path: await world.files.show(file), written: sha256(bytes) };
        if (stats === null) return { ...named, before: null };
        const keep = await sight.keep();
        await copySynced(file, keep);
        return { ...named, before: { sha256: await sha256Of(keep), ...looksOf(stats) } };
      },
      ({ path: made }) => [made],
    );
    signal.throwIfAborted();
    const file = await world.files.locate(seen.path);
    const looks = { ...seen.before, ...(mode === undefined ? {} : { mode: Number.parseInt(mode, 8) }) };
    await writeWhole({ file, beside: sight.beside(file), bytes, looks });
    return { path: seen.path, bytes: bytes.length, sha256: sha256(bytes), replaced: seen.before !== null };
  },
  async revert({ input: { content, encoding, force }, output: done, drift }, context: Context) {
    const sight = await firstSight<PriorState>(context);
    const seen = await sight.toUndo(done);
    if (seen === null) return;
    const { path, before } = seen;
    const found = await context.world.files.findUnmoved(path);
    if (found === 'gone') {
      if (before !== null)
        throw new TaskError('NOT_A_FOLDER', `A file stands where the folder of "${path}" was, so it cannot be put back.`);
      await sight.settle();
      return;
    }
    const file = found.path;
    await rm(sight.beside(file), { force: true });
    if ((await exists(file)) && !(await lstat(file)).isFile()) {
      throw new TaskError(
        'FILE_CHANGED',
        `"${path}" is no file any more; it was left alone. Look at it, then mark it as reverted or keep it.`,
      );
    }
    const now = (await fileAt(file, path)) === null ? null : await sha256Of(file);
    const ours = [seen.written, done?.sha256, sha256(decode(content, encoding)), before?.sha256 ?? null, null];
    const isConfirmed = drift !== undefined && done !== undefined && drift === (await differenceOf(done, context.world));
    if (!force && !isConfirmed && !ours.includes(now)) {
      throw new TaskError(
        'FILE_CHANGED',
        `"${path}" was changed after it was written; it was left alone. Look at it, then mark it as reverted or keep it.`,
      );
    }
    if (before === null) await rm(file, { force: true });
    else if (now === before.sha256) await putBackLooks(file, before);
    else await putBack({ file, beside: sight.beside(file), keep: await sight.keep(), looks: before });
    await sight.settle();
  },
  async check({ output: done }, { world }: Context) {
    return done === undefined ? null : differenceOf(done, world);
  },
});

async function differenceOf({ path, sha256: written }: z.output<typeof output>, { files }: World): Promise<string | null> {
  const found = await files.find(path);
  if (found === 'moved') return movedWords(path);
  if (found === 'gone' || !(await exists(found.path))) return `"${path}" is gone.`;
  if (!(await lstat(found.path)).isFile()) return `"${path}" is no file any more.`;
  return (await sha256Of(found.path)) === written ? null : `"${path}" holds something else than what was written.`;
}

function decode(content: string, encoding: 'utf8' | 'base64'): Buffer {
  if (encoding === 'base64' && !/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(content)) {
    throw new TaskError('CONTENT_INVALID', 'The content is said to be base64 and is not; encode it, or choose utf8.');
  }
  return Buffer.from(content, encoding);
}

/** The present state of a path: a regular file, or nothing. Refuses anything else. */
async function fileAt(file: string, shown: string): Promise<Stats | null> {
  if (!(await exists(file))) return null;
  const stats = await lstat(file);
  if (stats.isFile()) return stats;
  throw new TaskError('NOT_A_FILE', `"${shown}" is there and is not a file; choose another path.`);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
