import { type Hash, createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { lstat, mkdir, rename, symlink } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type TaskContext, TaskError, defineTask } from '@windlass/engine/task';
import { z } from 'zod';
import { type ArchiveEntry, eachEntry } from './archive-entries.ts';
import { beforeAnything } from '../nothing-done.ts';
import { exists } from './files-root.ts';
import { type Unpacked, openUnpacked } from './unpacked.ts';
import type { World } from '../world.ts';

const MOST_NAMES = 50;

const input = z.object({
  archive: z
    .string()
    .min(1)
    .meta({ title: 'Archive', description: 'A .tar, .tar.gz or .zip inside the files folder; the format is recognised by its content.' }),
  into: z.string().min(1).meta({ title: 'Into', description: 'Folder to unpack into; it is created if it is missing.' }),
  strip: z
    .int()
    .min(0)
    .max(20)
    .default(0)
    .meta({ title: 'Leave out leading folders', description: 'How many folders at the start of each name to leave out.' }),
  overwrite: z.boolean().default(false).meta({
    title: 'Replace files',
    description: 'Replaces files that are in the way; a revert puts them back. Otherwise such a file stops the step.',
  }),
});
const output = z.object({
  into: z.string().meta({ title: 'Into', description: 'Relative to the files folder.' }),
  files: z.number().meta({ title: 'Files', description: 'How many files were unpacked.' }),
  bytes: z.number().meta({ title: 'Bytes' }),
  names: z.array(z.string()).meta({ title: 'Names', description: `The first ${MOST_NAMES} of them.` }),
});
type Context = TaskContext<World>;

export const unpackArchive = defineTask({
  type: 'archive.unpack',
  version: 1,
  title: 'Unpack archive',
  summary: 'Unpacks a tar or zip archive. Revert removes exactly what it unpacked.',
  icon: 'package-open',
  group: 'Files',
  input,
  output,
  effects: { kind: 'reversible', undo: 'removes what was unpacked and puts back what was replaced' },
  repeatable: true,
  async apply({ archive, into, strip, overwrite }, context: Context) {
    const { files } = context.world;
    const { source, target } = await beforeAnything(async () => {
      const found = await files.locateTarget(archive);
      if (!(await exists(found))) throw new TaskError('ARCHIVE_ABSENT', `The archive "${archive}" is not there.`);
      if (!(await lstat(found)).isFile()) throw new TaskError('ARCHIVE_INVALID', `"${archive}" is not a file.`);
      return { source: found, target: await files.locateTarget(into) };
    });
    const unpacked = await openUnpacked(context);
    try {
      await unpacked.begin(await files.show(target));
      const unpacking = new Unpacking(context, { target, unpacked, overwrite });
      await unpacking.makeFolder(target, into);
      await eachEntry(source, async (entry, read) => {
        await unpacking.take(entry, strip);
        context.progress(read, `${unpacking.done.files} files`);
      });
      await unpacking.makeLinks();
      return { into: await files.show(target), ...unpacking.done };
    } finally {
      await unpacked.close();
    }
  },
  async revert({ output: done, drift }, context: Context) {
    await (await openUnpacked(context)).undo(done, drift);
  },
  async check(_undo, context: Context) {
    return (await openUnpacked(context)).difference();
  },
});

class Unpacking {
  readonly done = { files: 0, bytes: 0, names: [] as string[] };
  readonly #context: Context;
  readonly #to: { readonly target: string; readonly unpacked: Unpacked; readonly overwrite: boolean };
  /** Folders seen to be real ones, inside; each is looked at once. */
  readonly #folders = new Set<string>();
  readonly #links: { readonly path: string; readonly name: string; readonly target: string }[] = [];
  #entries = 0;

  constructor(context: Context, to: { target: string; unpacked: Unpacked; overwrite: boolean }) {
    this.#context = context;
    this.#to = to;
  }

  async take(entry: ArchiveEntry, strip: number): Promise<void> {
    const { signal, world } = this.#context;
    signal.throwIfAborted();
    this.#entries += 1;
    const most = world.files.unpackLimits.entries;
    if (this.#entries > most) throw new TaskError('ARCHIVE_TOO_LARGE', `The archive has more than ${most} entries; unpack a smaller one.`);
    const path = placeOf(entry.name, this.#to.target, strip);
    switch (entry.kind) {
      case 'other':
        throw new TaskError(
          'ARCHIVE_HOSTILE',
          `"${entry.name}" is a hard link, a device or a pipe; only files, folders and symbolic links are unpacked.`,
        );
      case 'folder':
        return path === null ? undefined : this.makeFolder(path, entry.name);
      case 'link':
        // Made last, so that nothing is ever written through one.
        if (path !== null) this.#links.push({ path, name: entry.name, target: aimOf(entry, path, this.#to.target) });
        return;
      case 'file':
        return path === null ? void entry.content.resume() : this.#makeFile(entry, path);
    }
  }

  /** Makes a folder and its missing parents, each listed before; refuses links among them, and whatever is private. */
  async makeFolder(path: string, shown: string): Promise<void> {
    if (this.#folders.has(path)) return;
    if (await exists(path)) {
      const located = await this.#context.world.files.locateTarget(path);
      if (located !== path)
        throw new TaskError(
          'ARCHIVE_HOSTILE',
          `"${shown}" would be unpacked through a link that stands in the folder; remove the link or unpack elsewhere.`,
        );
      if (!(await lstat(path)).isDirectory())
        throw new TaskError('FILE_IN_THE_WAY', `A file stands where the folder "${shown}" is to be; unpack elsewhere.`);
    } else {
      await this.makeFolder(dirname(path), shown);
      await this.#to.unpacked.willMake('folder', path);
      await mkdir(path);
    }
    this.#folders.add(path);
  }

  /** To be called after the last entry. */
  async makeLinks(): Promise<void> {
    for (const { path, name, target } of this.#links) {
      await this.makeFolder(dirname(path), name);
      if (await exists(path)) throw inTheWay(name);
      await this.#to.unpacked.willMake('made', path);
      await symlink(target, path);
      await this.#to.unpacked.isWhole(path, { target });
    }
  }

  async #makeFile(entry: ArchiveEntry & { kind: 'file' }, path: string): Promise<void> {
    const { unpacked, overwrite } = this.#to;
    await this.makeFolder(dirname(path), entry.name);
    const isThere = await exists(path);
    if (isThere && !overwrite) throw inTheWay(entry.name);
    let writeTo = path;
    if (isThere) writeTo = await unpacked.willReplace(path, entry.name);
    else await unpacked.willMake('made', path);
    // wx: a link that appeared meanwhile is not followed. The server's user can always read and remove the files that it made.
    const file = createWriteStream(writeTo, { flags: 'wx', mode: (entry.mode & 0o755) | 0o600 });
    const hash = createHash('sha256');
    await pipeline(entry.content, this.#counted(hash), file, { signal: this.#context.signal });
    if (isThere) await rename(writeTo, path);
    await unpacked.isWhole(path, { sha256: hash.digest('hex') });
    this.done.files += 1;
    if (this.done.names.length < MOST_NAMES) this.done.names.push(entry.name);
  }

  #counted(hash: Hash): Transform {
    const { done } = this;
    const most = this.#context.world.files.unpackLimits.bytes;
    return new Transform({
      transform(chunk: Buffer, _encoding, next) {
        done.bytes += chunk.length;
        hash.update(chunk);
        if (done.bytes > most)
          next(new TaskError('ARCHIVE_TOO_LARGE', `The archive unpacks to more than ${most} bytes; unpack a smaller one.`));
        else next(null, chunk);
      },
    });
  }
}

function inTheWay(name: string): TaskError {
  return new TaskError('FILE_IN_THE_WAY', `"${name}" is in the folder already; unpack into an empty one, or choose to replace files.`);
}

/** The target of an entry, or null for an empty name. Refuses an entry that would leave the folder. */
function placeOf(name: string, target: string, strip: number): string | null {
  const parts = name
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  if (/^[\\/]/.test(name) || /^[A-Za-z]:/.test(name) || parts.includes('..') || name.includes('\0')) throw leaves(name);
  const rest = parts.slice(strip);
  return rest.length === 0 ? null : resolve(target, ...rest);
}

/**
 * The target of a link, when it is inside the folder. `..` may only stand at the start: later it could follow
 * another link, and then it would mean another folder.
 */
function aimOf({ name, target: aim }: ArchiveEntry & { kind: 'link' }, path: string, target: string): string {
  const parts = aim.split('/').filter((part) => part !== '' && part !== '.');
  const climbs = parts.findIndex((part) => part !== '..');
  const climbsLater = climbs !== -1 && parts.slice(climbs).includes('..');
  const end = resolve(dirname(path), aim);
  const isInside = end === target || end.startsWith(target + sep);
  if (aim === '' || /[\\\0]/.test(aim) || aim.startsWith('/') || climbsLater || !isInside) throw leaves(`${name} -> ${aim}`);
  return aim;
}

function leaves(name: string): TaskError {
  return new TaskError(
    'ARCHIVE_HOSTILE',
    `The archive has an entry "${name}" that leads out of the folder it is unpacked into; it was stopped there.`,
  );
}
