// Reads the entries of a tar (plain or gzipped) or zip archive one by one, and does not check their names; the caller
// decides what is written where. The content decides the format, not the name.
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { TaskError } from '@windlass/engine/task';
import { extract } from 'tar-stream';
import yauzl from 'yauzl';

export type ArchiveEntry =
  | { readonly kind: 'file'; readonly name: string; readonly mode: number; readonly content: Readable }
  | { readonly kind: 'folder'; readonly name: string }
  | { readonly kind: 'link'; readonly name: string; readonly target: string }
  /** Hard links, devices, pipes. */
  | { readonly kind: 'other'; readonly name: string };

/** `read`: how much of the archive has been read, 0 to 1. */
type Visit = (entry: ArchiveEntry, read: number) => Promise<void>;

/** Calls `visit` for each entry in turn; waits for it before going on. Throws ARCHIVE_INVALID. */
export async function eachEntry(file: string, visit: Visit): Promise<void> {
  const head = Buffer.alloc(4);
  const handle = await open(file);
  await handle.read(head, 0, 4, 0).finally(() => handle.close());
  try {
    if (head[0] === 0x50 && head[1] === 0x4b) await eachZipEntry(file, visit);
    else await eachTarEntry(file, { gzipped: head[0] === 0x1f && head[1] === 0x8b, visit });
  } catch (cause) {
    const isOurs = cause instanceof TaskError || (cause instanceof Error && ('syscall' in cause || cause.name === 'AbortError'));
    if (isOurs) throw cause;
    throw new TaskError('ARCHIVE_INVALID', 'The archive cannot be read; it is damaged, or neither tar, tar.gz nor zip.', { cause });
  }
}

async function eachTarEntry(file: string, { gzipped, visit }: { gzipped: boolean; visit: Visit }): Promise<void> {
  const { size } = await stat(file);
  const tar = extract();
  const source = createReadStream(file);
  const plain = gzipped ? source.pipe(createGunzip()) : source;
  source.on('error', (cause) => tar.destroy(cause));
  plain.on('error', (cause: Error) => tar.destroy(cause));
  plain.pipe(tar);
  let count = 0;
  try {
    for await (const entry of tar) {
      count += 1;
      const read = source.bytesRead / Math.max(1, size);
      const { name, type, mode, linkname } = entry.header;
      if (type === 'file' || type === 'contiguous-file')
        await visit({ kind: 'file', name, mode: mode ?? 0o644, content: entry as unknown as Readable }, read);
      else if (type === 'directory') await visit({ kind: 'folder', name }, read);
      else if (type === 'symlink') await visit({ kind: 'link', name, target: linkname ?? '' }, read);
      else await visit({ kind: 'other', name }, read);
      entry.resume();
    }
  } finally {
    // A visit that throws ends the loop but not the stream, so the file would stay open.
    source.destroy();
    plain.destroy();
  }
  if (count === 0) throw new TaskError('ARCHIVE_INVALID', 'The archive has no entries, or is neither tar, tar.gz nor zip.');
}

function eachZipEntry(file: string, visit: Visit): Promise<void> {
  return new Promise((resolve, reject) => {
    // The writer checks all names in one place; if yauzl decoded them, it would refuse some with messages of its own.
    yauzl.open(file, { lazyEntries: true, decodeStrings: false }, (failed, zip) => {
      if (failed || !zip) return reject(failed);
      const fail = (cause: unknown) => {
        zip.close();
        reject(cause);
      };
      zip.on('error', fail).on('end', resolve);
      zip.on('entry', (entry: yauzl.Entry) => {
        zipEntry(zip, entry)
          .then((one) => visit(one, zip.entriesRead / Math.max(1, zip.entryCount)))
          .then(() => zip.readEntry(), fail);
      });
      zip.readEntry();
    });
  });
}

/** File types as Unix writes them into the upper half of a zip entry's attributes; zero where the writer was not Unix. */
const REGULAR = 0o100000;
const LINK = 0o120000;
const MOST_LINK_BYTES = 4_096;

async function zipEntry(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<ArchiveEntry> {
  const name = yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
  const attributes = entry.externalFileAttributes >>> 16;
  const type = attributes & 0o170000;
  if (name.endsWith('/')) return { kind: 'folder', name };
  if (type === LINK && entry.uncompressedSize <= MOST_LINK_BYTES)
    return { kind: 'link', name, target: await text(await contentOf(zip, entry)) };
  if (type !== 0 && type !== REGULAR) return { kind: 'other', name };
  return { kind: 'file', name, mode: attributes & 0o7777 || 0o644, content: await contentOf(zip, entry) };
}

function contentOf(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (broken, content) => (broken || !content ? reject(broken) : resolve(content)));
  });
}
