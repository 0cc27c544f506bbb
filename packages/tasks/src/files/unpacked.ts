// What one attempt of archive.unpack has put into the files folder: a list on disk, each line written before its deed,
// and the way back along that list from any half-finished state.
import { type FileHandle, lstat, open, readFile, rm, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type TaskContext, TaskError } from '@windlass/engine/task';
import { removeIfEmpty } from './create-folder.ts';
import { exists, isErrno, syncFolder } from './files-root.ts';
import { type FirstSight, firstSight } from './first-sight.ts';
import type { World } from '../world.ts';
import { copySynced, looksOf, putBack } from './whole-file.ts';

/** One deed: a file or link made where nothing was, a folder made, or a file replaced whose bytes are kept. */
type Deed =
  | { readonly kind: 'made' | 'folder'; readonly path: string }
  | {
      readonly kind: 'replaced';
      readonly path: string;
      readonly kept: number;
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
    };

export interface Unpacked {
  /** Begins the list anew; what a former try of the same attempt did is undone before. */
  begin(into: string): Promise<void>;
  /** To be called before a folder, file or link is made at a located path. */
  willMake(kind: 'made' | 'folder', path: string): Promise<void>;
  /** To be called before a file is replaced: keeps its bytes. Answers with the name to write to and to rename from. */
  willReplace(path: string, shown: string): Promise<string>;
  /** To be called when apply ends, however it ends. */
  close(): Promise<void>;
  /** What of that is gone, in words; null when all of it is there. */
  missing(): Promise<string | null>;
  /** Undoes all that is listed, last first. `output` is that of apply, if it gave one. */
  undo(output: unknown): Promise<void>;
}

export async function openUnpacked(context: TaskContext<World>): Promise<Unpacked> {
  const { files } = context.world;
  const sight = await firstSight<{ readonly into: string }>(context);
  const place = await sight.keep();
  let list: FileHandle | undefined;
  let kept = 0;
  const add = async (deed: Deed) => {
    await list?.write(`${JSON.stringify(deed)}\n`);
  };
  const windBack = async () => {
    const deeds = await readDeeds(place);
    for (const deed of deeds.reverse()) await undoDeed(context.world, { deed, sight });
    return deeds;
  };
  return {
    async begin(into) {
      await sight.note(async () => ({ into }));
      await windBack();
      list = await open(place, 'w', 0o600);
      await syncFolder(dirname(place));
    },
    willMake: async (kind, path) => add({ kind, path: await files.show(path) }),
    async willReplace(path, shown) {
      const stats = await lstat(path);
      if (!stats.isFile())
        throw new TaskError('FILE_IN_THE_WAY', `"${shown}" is in the folder already and is not a file, so it cannot be replaced.`);
      await copySynced(path, await sight.keep(kept));
      await add({ kind: 'replaced', path: await files.show(path), kept, ...looksOf(stats) });
      kept += 1;
      const beside = sight.beside(path);
      await rm(beside, { force: true });
      return beside;
    },
    close: async () => list?.close(),
    async missing() {
      const deeds = await readDeeds(place);
      const gone: string[] = [];
      for (const { path } of deeds) if (!(await exists(await files.locate(path)))) gone.push(path);
      const [first] = gone;
      return first === undefined ? null : `${gone.length} of ${deeds.length} that were unpacked are gone, such as "${first}".`;
    },
    async undo(output) {
      if ((await sight.toUndo(output)) === null) return;
      if (output !== undefined && !(await exists(place))) {
        throw new TaskError(
          'NOTE_LOST',
          'The list of what was unpacked, kept under .windlass in the files folder, is not there; remove it by hand and mark it as reverted.',
        );
      }
      const deeds = await windBack();
      await sight.settle();
      for (const deed of deeds) if (deed.kind === 'replaced') await rm(await sight.keep(deed.kept), { force: true });
    },
  };
}

/** A last line without its end was being written when the process ended: its deed was not begun. */
async function readDeeds(place: string): Promise<Deed[]> {
  if (!(await exists(place))) return [];
  const lines = (await readFile(place, 'utf8')).split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Deed);
}

async function undoDeed(world: World, { deed, sight }: { deed: Deed; sight: FirstSight<unknown> }): Promise<void> {
  // Located anew: a folder on the way that was swapped for a link must not lead the removal elsewhere.
  const path = await world.files.locate(deed.path);
  if ((await world.files.show(path)) !== deed.path) {
    throw new TaskError(
      'FILE_CHANGED',
      `A folder of "${deed.path}" has become a link since it was unpacked; it was left alone. Look at it, then mark it as reverted.`,
    );
  }
  if (deed.kind === 'folder') await removeIfEmpty(path);
  else if (deed.kind === 'replaced')
    await putBack({ file: path, beside: sight.beside(path), keep: await sight.keep(deed.kept), looks: deed });
  else await removeFile(path, deed.path);
}

async function removeFile(path: string, shown: string): Promise<void> {
  try {
    await unlink(path);
  } catch (thrown) {
    if (isErrno(thrown, 'ENOENT', 'ENOTDIR')) return;
    if (!isErrno(thrown, 'EISDIR', 'EPERM')) throw thrown;
    throw new TaskError(
      'FILE_CHANGED',
      `"${shown}" was unpacked as a file and is a folder now; it was left alone. Look at it, then mark it as reverted.`,
      { cause: thrown },
    );
  }
}
