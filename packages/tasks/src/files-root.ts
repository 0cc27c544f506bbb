// The one folder in which tasks may touch files. Paths are taken relative to it, and whatever leads out of it,
// also through symbolic links, is refused.
import { lstat, mkdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { TaskError } from '@windlass/engine';

/** Folder inside the root for what tasks keep to be able to undo; never visible as a target. */
const KEPT = '.windlass';

export class FilesRoot {
  readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
  }

  /**
   * The absolute path that a task means, with every existing parent resolved; the last part is not followed, so
   * a link itself can be meant. Throws PATH_OUTSIDE.
   */
  async locate(given: string): Promise<string> {
    if (given.includes('\0')) throw new TaskError('PATH_OUTSIDE', 'A path must not contain a zero byte.');
    await mkdir(this.path, { recursive: true });
    const root = await realpath(this.path);
    const wanted = resolve(root, given);
    if (wanted === root) return root;
    const parent = await nearestReal(dirname(wanted));
    const located = join(parent, basename(wanted));
    if (!isInside(root, located) || isInside(join(root, KEPT), located)) {
      throw new TaskError('PATH_OUTSIDE', `The path "${given}" leads out of the files folder; choose one inside it.`);
    }
    return located;
  }

  /** As `locate`, but a link at the end is followed too, and must stay inside. */
  async locateTarget(given: string): Promise<string> {
    const located = await this.locate(given);
    const real = await nearestReal(located);
    const root = await realpath(this.path);
    if (real !== root && !isInside(root, real)) {
      throw new TaskError('PATH_OUTSIDE', `The path "${given}" leads out of the files folder through a link; choose one inside it.`);
    }
    return real;
  }

  /** A place of that name in which a task may keep what it needs to undo; its folder is there. */
  async keepsake(name: string): Promise<string> {
    await mkdir(this.path, { recursive: true });
    const folder = join(await realpath(this.path), KEPT);
    await mkdir(folder, { recursive: true });
    return join(folder, basename(name));
  }

  /** How a located path is shown and recorded: relative to the root. */
  async show(located: string): Promise<string> {
    return relative(await realpath(this.path), located).split(sep).join('/') || '.';
  }
}

/** True when something stands there, a dangling link included. */
export async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (thrown) {
    if (isErrno(thrown, 'ENOENT', 'ENOTDIR')) return false;
    throw thrown;
  }
}

/** True for a system error with one of these codes. */
export function isErrno(thrown: unknown, ...codes: string[]): boolean {
  return thrown instanceof Error && 'code' in thrown && codes.includes(String(thrown.code));
}

/** The real path of the part that exists, with the rest appended. */
async function nearestReal(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (thrown) {
    if (!isErrno(thrown, 'ENOENT')) throw thrown;
    const parent = dirname(path);
    return parent === path ? path : join(await nearestReal(parent), basename(path));
  }
}

function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root + sep);
}
