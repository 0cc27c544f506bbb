import { createWriteStream } from 'node:fs';
import { appendFile, mkdir, readFile, rm, rmdir } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TaskError, defineTask } from '@windlass/engine';
import { z } from 'zod';
import { type ArchiveEntry, eachEntry } from './archive-entries.ts';
import { exists, isErrno } from './files-root.ts';
import { firstSight } from './first-sight.ts';
import type { World } from './world.ts';

const MOST_FILES = 100_000;
const MOST_BYTES = 2_000_000_000;

const input = z.object({
  archive: z.string().min(1).meta({ title: 'Archive', description: 'A .tar, .tar.gz or .zip inside the files folder.' }),
  into: z.string().min(1).meta({ title: 'Into', description: 'Folder to unpack into; it is created if it is missing.' }),
  strip: z.int().min(0).max(20).default(0).meta({ title: 'Leave out leading folders', description: 'How many folders at the start of each name to leave out.' }),
});

export const unpackArchive = defineTask({
  type: 'archive.unpack',
  version: 1,
  title: 'Unpack archive',
  summary: 'Unpacks a tar or zip archive. Revert removes exactly what it unpacked.',
  icon: 'package-open',
  group: 'Files',
  input,
  output: z.object({ into: z.string(), files: z.number(), bytes: z.number() }),
  effects: { kind: 'reversible', undo: 'removes what was unpacked' },
  repeatable: true,
  async apply({ archive, into, strip }, { world, idempotencyKey, signal }: Context) {
    const source = await world.files.locateTarget(archive);
    if (!(await exists(source))) throw new TaskError('ARCHIVE_ABSENT', `The archive "${archive}" is not there.`);
    const target = await world.files.locateTarget(into);
    const manifest = await openManifest(world, idempotencyKey);
    // What a former, interrupted try of the same attempt left is its own; anything else in the way is refused.
    await removeListed(target, await manifest.read());
    if (!(await exists(target))) await manifest.add('.');
    const done = { files: 0, bytes: 0 };
    await mkdir(target, { recursive: true });
    await eachEntry(source, async (entry) => {
      signal.throwIfAborted();
      const path = placeOf(entry, target, strip);
      if (path === null) return;
      if (entry.kind === 'other') throw new TaskError('ARCHIVE_HOSTILE', `"${entry.name}" is a link or a device; only files and folders are unpacked.`);
      if (entry.kind === 'folder') {
        if (!(await exists(path))) await manifest.add(relative(target, path));
        await mkdir(path, { recursive: true });
        return;
      }
      if (await exists(path)) throw new TaskError('FILE_IN_THE_WAY', `"${entry.name}" is in the folder already; unpack into an empty one.`);
      if (++done.files > MOST_FILES) throw new TaskError('ARCHIVE_TOO_LARGE', `The archive has more than ${MOST_FILES} files.`);
      await manifest.add(relative(target, path));
      await mkdir(dirname(path), { recursive: true });
      await writeEntry(entry, path, done);
    });
    return { into: await world.files.show(target), ...done };
  },
  async revert({ input: { into } }, { world, idempotencyKey }: Context) {
    const manifest = await openManifest(world, idempotencyKey);
    await removeListed(await world.files.locateTarget(into), await manifest.read());
    await manifest.forget();
  },
});

type Context = { world: World; idempotencyKey: string; signal: AbortSignal };

/** Where an entry goes, or null when nothing of its name is left; refuses whatever would leave the folder. */
function placeOf({ name }: ArchiveEntry, target: string, strip: number): string | null {
  const parts = name.replaceAll('\\', '/').split('/').filter((part) => part !== '' && part !== '.');
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name) || parts.includes('..') || name.includes('\0')) {
    throw new TaskError('ARCHIVE_HOSTILE', `The archive has an entry "${name}" that would leave the folder; nothing of it is kept.`);
  }
  const rest = parts.slice(strip);
  if (rest.length === 0) return null;
  const path = resolve(target, ...rest);
  if (!path.startsWith(target + sep)) throw new TaskError('ARCHIVE_HOSTILE', `The archive has an entry "${name}" that would leave the folder.`);
  return path;
}

async function writeEntry(entry: ArchiveEntry, path: string, done: { bytes: number }): Promise<void> {
  const count = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      done.bytes += chunk.length;
      if (done.bytes > MOST_BYTES) next(new TaskError('ARCHIVE_TOO_LARGE', `The archive unpacks to more than ${MOST_BYTES} bytes.`));
      else next(null, chunk);
    },
  });
  // wx: a link that appeared meanwhile is not followed, and nothing is replaced.
  await pipeline(entry.content, count, createWriteStream(path, { flags: 'wx', mode: entry.mode & 0o755 }));
}

/** The list of what is unpacked, each line written before its file, so that a half-finished unpacking can be undone. */
async function openManifest(world: World, idempotencyKey: string) {
  const { keep, forget } = await firstSight(world, idempotencyKey);
  return {
    forget,
    add: (path: string) => appendFile(keep, `${JSON.stringify(path)}\n`),
    async read(): Promise<string[]> {
      if (!(await exists(keep))) return [];
      const lines = (await readFile(keep, 'utf8')).split('\n').slice(0, -1);
      return lines.map((line) => JSON.parse(line) as string);
    },
  };
}

async function removeListed(target: string, listed: readonly string[]): Promise<void> {
  const folders = new Set<string>();
  for (const path of listed) {
    const full = join(target, path);
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) folders.add(folder);
    await rm(full, { force: true }).catch((thrown: unknown) => {
      if (!isErrno(thrown, 'ERR_FS_EISDIR', 'EISDIR', 'ENOTDIR')) throw thrown;
      folders.add(path);
    });
  }
  // Deepest first, the folder itself last.
  const depth = (path: string) => (path === '.' ? 0 : path.split(sep).length);
  for (const folder of [...folders].sort((a, b) => depth(b) - depth(a))) {
    await rmdir(join(target, folder)).catch((thrown: unknown) => {
      if (!isErrno(thrown, 'ENOTEMPTY', 'ENOENT', 'EEXIST')) throw thrown;
    });
  }
}
