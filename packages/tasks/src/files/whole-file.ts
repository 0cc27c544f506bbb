// A file is put in its place whole, or not at all: written under a temporary name, synced, renamed. Its permissions
// and its owner go with it.
import { createHash } from 'node:crypto';
import { constants, createReadStream, type Stats } from 'node:fs';
import { type FileHandle, copyFile, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { TaskError } from '@windlass/engine/task';
import { exists, isErrno, syncFolder } from './files-root.ts';

export interface Looks {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Writes bytes: a reader sees the old file or the new one, never a part. */
export async function writeWhole(order: { file: string; beside: string; bytes: Buffer; looks: Partial<Looks> }): Promise<void> {
  await rm(order.beside, { force: true });
  const handle = await open(order.beside, 'wx', order.looks.mode === undefined ? 0o644 : 0o600);
  await finish(handle, order.looks, () => handle.writeFile(order.bytes));
  await rename(order.beside, order.file);
  await syncFolder(dirname(order.file));
}

/** Puts kept bytes back in the same way. */
export async function putBack(order: { file: string; beside: string; keep: string; looks: Looks }): Promise<void> {
  if (!(await exists(order.keep))) {
    throw new TaskError(
      'BACKUP_ABSENT',
      `What "${order.file}" held before was kept under .windlass in the files folder, and is not there any more; restore it by hand.`,
    );
  }
  await rm(order.beside, { force: true });
  await copyFile(order.keep, order.beside, constants.COPYFILE_EXCL);
  await finish(await open(order.beside, 'r+'), order.looks, async () => {});
  await rename(order.beside, order.file);
  await syncFolder(dirname(order.file));
}

/** Puts back permissions and owner alone. */
export async function putBackLooks(file: string, looks: Looks): Promise<void> {
  await finish(await open(file, constants.O_RDONLY | constants.O_NOFOLLOW), looks, async () => {});
}

async function finish(handle: FileHandle, looks: Partial<Looks>, fill: () => Promise<void>): Promise<void> {
  try {
    await fill();
    const { uid, gid, mode } = looks;
    if (uid !== undefined && gid !== undefined) {
      // Only root can give a file away; as anyone else the file stays the server's own.
      await handle.chown(uid, gid).catch((thrown: unknown) => {
        if (!isErrno(thrown, 'EPERM')) throw thrown;
      });
    }
    if (mode !== undefined) await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Copies bytes and waits until they are on disk. */
export async function copySynced(from: string, to: string): Promise<void> {
  await rm(to, { force: true });
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  const handle = await open(to, 'r');
  await handle.sync().finally(() => handle.close());
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** The present permissions and owner of a file. */
export function looksOf({ mode, uid, gid }: Stats): Looks {
  return { mode: mode & 0o7777, uid, gid };
}
