// The only folder in which tasks may touch files. Paths are relative to it. A path that leads out of the folder, also
// through a symbolic link, is refused.
//
// 1. A located path has no link in its folders, because they were resolved. So the path stays where it was checked.
// 2. A dangling link on the path is refused: its target may appear outside the folder at any time.
// 3. The private folder of tasks (`.windlass`) is never a target; otherwise a flow could forge the notes of a revert.
import { lstat, mkdir, open, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { TaskError } from '@windlass/engine/task';

const KEPT = '.windlass';

/** How much one archive may unpack to: entries (files, folders and links) and bytes. */
export interface UnpackLimits {
  readonly entries: number;
  readonly bytes: number;
}

export class FilesRoot {
  readonly path: string;
  readonly unpackLimits: UnpackLimits;

  constructor(path: string, unpackLimits: UnpackLimits = { entries: 100_000, bytes: 2_000_000_000 }) {
    this.path = resolve(path);
    this.unpackLimits = unpackLimits;
  }

  /**
   * The absolute path that a task means, with its folders resolved; the last part is not followed, so a link itself
   * can be meant. Throws PATH_OUTSIDE, LINK_BROKEN, NOT_A_FOLDER.
   */
  async locate(given: string): Promise<string> {
    if (given.includes('\0')) throw new TaskError('PATH_OUTSIDE', 'A path must not contain a zero byte.');
    const root = await this.#root();
    const wanted = resolve(root, given);
    if (wanted === root || wanted === this.path) return root;
    const located = join(await nearestReal(dirname(wanted), given), basename(wanted));
    refuseOutside(root, located, given);
    return located;
  }

  /** As `locate`, but a link at the end is followed too, and must stay inside. */
  async locateTarget(given: string): Promise<string> {
    const real = await nearestReal(await this.locate(given), given);
    refuseOutside(await this.#root(), real, given);
    return real;
  }

  /**
   * The place of a path that was recorded when it was made. The path may be empty now. `gone`: a file stands where
   * the folder was. `moved`: a folder of the path has become a link, so the path now means another place.
   */
  async find(shown: string): Promise<{ readonly path: string } | 'gone' | 'moved'> {
    try {
      const path = await this.locate(shown);
      const folder = await lstat(dirname(path)).catch(() => null);
      if (folder !== null && !folder.isDirectory()) return 'gone';
      return (await this.show(path)) === shown ? { path } : 'moved';
    } catch (thrown) {
      if (!(thrown instanceof TaskError)) throw thrown;
      return thrown.code === 'NOT_A_FOLDER' ? 'gone' : 'moved';
    }
  }

  /** As `find`, where the way must not have moved. Throws FILE_CHANGED. */
  async findUnmoved(shown: string): Promise<{ readonly path: string } | 'gone'> {
    const found = await this.find(shown);
    if (found !== 'moved') return found;
    throw new TaskError('FILE_CHANGED', `${movedWords(shown)} It was left alone; look at it, then mark it as reverted or keep it.`);
  }

  /** A private file of that name for the notes of a task; its folder exists. */
  async keepsake(name: string): Promise<string> {
    const folder = join(await this.#root(), KEPT);
    // Backups may hold data that only the user of the server may read.
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return join(folder, basename(name));
  }

  /** How a located path is shown and recorded: relative to the root. */
  async show(located: string): Promise<string> {
    return (
      relative(await this.#root(), located)
        .split(sep)
        .join('/') || '.'
    );
  }

  async #root(): Promise<string> {
    try {
      return await realpath(this.path);
    } catch (thrown) {
      if (!isErrno(thrown, 'ENOENT')) throw thrown;
      await mkdir(this.path, { recursive: true });
      return realpath(this.path);
    }
  }
}

export function movedWords(shown: string): string {
  return `A folder of "${shown}" has become a link since.`;
}

/** True when a file, folder or link exists there, a dangling link included. */
export async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (thrown) {
    if (isErrno(thrown, 'ENOENT', 'ENOTDIR')) return false;
    throw thrown;
  }
}

/** Throws FOLDER_ABSENT or NOT_A_FOLDER unless the parent of a located path is a folder. */
export async function needFolderOf(located: string, given: string): Promise<void> {
  const folder = await stat(dirname(located)).catch(() => null);
  if (folder?.isDirectory()) return;
  if (folder !== null) throw new TaskError('NOT_A_FOLDER', `In the path "${given}" a file stands where a folder is meant.`);
  throw new TaskError('FOLDER_ABSENT', `The folder of "${given}" is not there; create it before with a Create folder step.`);
}

/** True for a system error with one of these codes. */
export function isErrno(thrown: unknown, ...codes: string[]): boolean {
  return thrown instanceof Error && 'code' in thrown && codes.includes(String(thrown.code));
}

/** Syncs a folder, so that creations, renames and removals in it survive a power failure. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/** The real path of the part that exists, with the rest appended. */
async function nearestReal(path: string, given: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (thrown) {
    if (isErrno(thrown, 'ENOTDIR')) {
      throw new TaskError('NOT_A_FOLDER', `In the path "${given}" a file stands where a folder is meant.`, { cause: thrown });
    }
    if (isErrno(thrown, 'ELOOP') || (isErrno(thrown, 'ENOENT') && (await exists(path)))) {
      throw new TaskError('LINK_BROKEN', `The path "${given}" goes through a link that leads nowhere; remove or mend the link.`, {
        cause: thrown,
      });
    }
    if (!isErrno(thrown, 'ENOENT')) throw thrown;
    const parent = dirname(path);
    return parent === path ? path : join(await nearestReal(parent, given), basename(path));
  }
}

function refuseOutside(root: string, path: string, given: string): void {
  // Some file systems do not distinguish upper and lower case.
  const isPrivate = isInside(join(root, KEPT).toLowerCase(), path.toLowerCase());
  if (isInside(root, path) && !isPrivate) return;
  throw new TaskError('PATH_OUTSIDE', `The path "${given}" leads out of the files folder; choose one inside it.`);
}

function isInside(folder: string, path: string): boolean {
  const rest = relative(folder, path);
  return rest !== '..' && !rest.startsWith(`..${sep}`) && !isAbsolute(rest);
}
