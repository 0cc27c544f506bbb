// Reads the entries of a tar (plain or gzipped) or zip archive one by one, whatever their names claim; the caller
// decides what may be written where.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { TaskError } from '@windlass/engine';
import { extract } from 'tar-stream';
import yauzl from 'yauzl';

export interface ArchiveEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
  readonly mode: number;
  readonly content: Readable;
}

/** Calls `visit` for each entry in turn; waits for it before going on. Throws ARCHIVE_INVALID. */
export async function eachEntry(file: string, visit: (entry: ArchiveEntry) => Promise<void>): Promise<void> {
  const head = Buffer.alloc(4);
  const handle = await open(file);
  await handle.read(head, 0, 4, 0).finally(() => handle.close());
  try {
    if (head[0] === 0x50 && head[1] === 0x4b) await eachZipEntry(file, visit);
    else await eachTarEntry(file, { gzipped: head[0] === 0x1f && head[1] === 0x8b, visit });
  } catch (cause) {
    if (cause instanceof TaskError || (cause instanceof Error && 'syscall' in cause)) throw cause;
    throw new TaskError('ARCHIVE_INVALID', 'The archive cannot be read; it is damaged, or neither tar, tar.gz nor zip.', { cause });
  }
}

async function eachTarEntry(file: string, { gzipped, visit }: { gzipped: boolean; visit: (entry: ArchiveEntry) => Promise<void> }): Promise<void> {
  const tar = extract();
  const source = createReadStream(file);
  const plain = gzipped ? source.pipe(createGunzip()) : source;
  source.on('error', (cause) => tar.destroy(cause));
  plain.on('error', (cause: Error) => tar.destroy(cause));
  plain.pipe(tar);
  let count = 0;
  for await (const entry of tar) {
    count += 1;
    const { name, type, mode } = entry.header;
    const kind = type === 'file' || type === 'contiguous-file' ? 'file' : type === 'directory' ? 'folder' : 'other';
    await visit({ name, kind, mode: mode ?? 0o644, content: entry as unknown as Readable });
    entry.resume();
  }
  if (count === 0) throw new TaskError('ARCHIVE_INVALID', 'The archive has no entries, or is neither tar, tar.gz nor zip.');
}

function eachZipEntry(file: string, visit: (entry: ArchiveEntry) => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    // Names are checked by whoever writes, all in one place; yauzl's own check would reject with its own words.
    yauzl.open(file, { lazyEntries: true, decodeStrings: true, strictFileNames: false }, (failed, zip) => {
      if (failed || !zip) return reject(failed);
      zip.on('error', reject).on('end', resolve);
      zip.on('entry', (entry: yauzl.Entry) => {
        const mode = (entry.externalFileAttributes >>> 16) & 0o7777;
        const link = ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000;
        const kind = link ? 'other' : entry.fileName.endsWith('/') ? 'folder' : 'file';
        zip.openReadStream(entry, (broken, content) => {
          if (broken || !content) return reject(broken);
          visit({ name: entry.fileName, kind, mode: mode || 0o644, content }).then(() => zip.readEntry(), reject);
        });
      });
      zip.readEntry();
    });
  });
}
