import { createHash } from 'node:crypto';
import { chmod, copyFile, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TaskError, defineTask } from '@windlass/engine';
import { z } from 'zod';
import { exists } from './files-root.ts';
import { firstSight } from './first-sight.ts';
import type { World } from './world.ts';

const input = z.object({
  path: z.string().min(1).meta({ title: 'Path', description: 'File to write, inside the files folder. Its folder must be there.' }),
  content: z.string().meta({ title: 'Content', format: 'multiline' }),
  encoding: z.enum(['utf8', 'base64']).default('utf8').meta({ title: 'Content is', description: 'base64 for binary files.' }),
  mode: z.string().regex(/^[0-7]{3,4}$/).optional().meta({ title: 'Mode', description: 'Permissions in octal, such as 644.' }),
});
type Context = { world: World; idempotencyKey: string };
/** What the path held before: nothing, or bytes that are kept. */
interface Seen {
  readonly replaced: boolean;
  readonly sha256: string | null;
  readonly mode: number;
}

export const writeFile = defineTask({
  type: 'file.write',
  version: 1,
  title: 'Write file',
  summary: 'Writes a file whole. Revert puts back what was there before, or removes it.',
  icon: 'file-pen-line',
  group: 'Files',
  input,
  output: z.object({ path: z.string(), bytes: z.number(), sha256: z.string(), replaced: z.boolean() }),
  effects: { kind: 'reversible', undo: 'puts back what was there before, or removes the file' },
  repeatable: true,
  async apply({ path, content, encoding, mode }, { world, idempotencyKey }: Context) {
    const file = await world.files.locateTarget(path);
    const sight = await firstSight<Seen>(world, idempotencyKey);
    const { replaced } = await sight.note(async () => {
      if (!(await exists(file))) return { replaced: false, sha256: null, mode: 0 };
      await copyFile(file, sight.keep);
      return { replaced: true, sha256: sha256(await readFile(sight.keep)), mode: (await stat(file)).mode & 0o7777 };
    });
    const bytes = Buffer.from(content, encoding);
    await writeWhole(file, bytes, mode === undefined ? null : Number.parseInt(mode, 8));
    return { path: await world.files.show(file), bytes: bytes.length, sha256: sha256(bytes), replaced };
  },
  async revert({ input: { path, content, encoding } }, { world, idempotencyKey }: Context) {
    const file = await world.files.locateTarget(path);
    const sight = await firstSight<Seen>(world, idempotencyKey);
    const seen = await sight.read();
    if (seen === null) return;
    const now = (await exists(file)) ? sha256(await readFile(file)) : null;
    const written = sha256(Buffer.from(content, encoding));
    if (now !== seen.sha256 && now !== written && now !== null) {
      throw new TaskError('FILE_CHANGED', `"${path}" was changed after it was written; it was left alone. Look at it, then mark it as reverted or keep it.`);
    }
    if (!seen.replaced) await rm(file, { force: true });
    else if (now !== seen.sha256) await writeWhole(file, await readFile(sight.keep), seen.mode);
    await sight.forget();
  },
});

/** Beside it first, synced, then in its place: a reader sees the old file or the new one, never a part. */
async function writeWhole(path: string, bytes: Buffer, mode: number | null): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.windlass-new`);
  const file = await open(beside, 'w', mode ?? 0o644);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  if (mode !== null) await chmod(beside, mode);
  await rename(beside, path);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
