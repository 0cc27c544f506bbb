// The files that one attempt of archive.unpack has put into the files folder: a list on disk, each line written before its step,
// and the way back along that list from any half-finished state.
import { type FileHandle, lstat, open, rm, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type TaskContext, TaskError } from '@windlass/engine/task';
import { removeIfEmpty } from './create-folder.ts';
import { type UnpackStep, type FinishedFile, isStep, readLines } from './unpack-steps.ts';
import { exists, isErrno, syncFolder } from './files-root.ts';
import { type FirstSight, firstSight } from './first-sight.ts';
import type { World } from '../world.ts';
import { changedAmong, goneAmong } from './unpacked-changes.ts';
import { copySynced, looksOf, putBack } from './whole-file.ts';

export interface Unpacked {
  /** Starts a new list, after undoing the changes of a former try of the same attempt. */
  begin(into: string): Promise<void>;
  /** To be called before a folder, file or link is made at a located path. */
  willMake(kind: 'made' | 'folder', path: string): Promise<void>;
  /** To be called before a file is replaced: keeps its bytes. Answers with the name to write to and to rename from. */
  willReplace(path: string, shown: string): Promise<string>;
  /** To be called when a file is whole, or a link is there: with what was written, or where it points. */
  isWhole(path: string, what: { readonly sha256: string } | { readonly target: string }): Promise<void>;
  /** To be called when apply ends, however it ends. */
  close(): Promise<void>;
  /** The missing and changed files, in words; null when there are none. */
  difference(): Promise<string | null>;
  /** Undoes all that is listed, last first. `output` is that of apply, if it gave one; `drift` is the drift that a person confirmed. */
  undo(output: unknown, drift: string | undefined): Promise<void>;
}

export async function openUnpacked(context: TaskContext<World>): Promise<Unpacked> {
  const { files } = context.world;
  const sight = await firstSight<{ readonly path: string }>(context);
  const place = await sight.keep();
  let list: FileHandle | undefined;
  let kept = 0;
  const add = async (line: UnpackStep | FinishedFile) => {
    await list?.write(`${JSON.stringify(line)}\n`);
  };
  const difference = async () => {
    const lines = await readLines(place);
    const steps = lines.filter(isStep);
    const gone = await goneAmong(files, steps);
    const changed = await changedAmong(files, lines, sight.keep);
    const words = [
      ...(gone.length === 0 ? [] : [`${gone.length} of ${steps.length} that were unpacked are gone, such as "${gone[0]}".`]),
      ...(changed.length === 0
        ? []
        : [`${changed.length} of ${steps.length} that were unpacked hold something else, such as "${changed[0]}".`]),
    ];
    return words.length === 0 ? null : words.join(' ');
  };
  const windBack = async (drift?: string) => {
    const lines = await readLines(place);
    const [first] = await changedAmong(files, lines, sight.keep);
    if (first !== undefined && (drift === undefined || drift !== (await difference()))) {
      throw new TaskError(
        'FILE_CHANGED',
        `"${first}" was changed after it was unpacked; all was left alone. Look at it, then mark it as reverted or keep it.`,
      );
    }
    const steps = lines.filter(isStep);
    for (const step of steps.reverse()) await undoStep(context.world, { step, sight });
    return steps;
  };
  return {
    async begin(into) {
      await sight.note(
        async () => ({ path: into }),
        () => 'deeds',
      );
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
    async isWhole(path, what) {
      const shown = await files.show(path);
      if ('target' in what) return add({ kind: 'link', path: shown, ...what });
      const { size, mtimeMs } = await lstat(path);
      return add({ kind: 'file', path: shown, ...what, size, mtimeMs });
    },
    close: async () => list?.close(),
    difference,
    async undo(output, drift) {
      if ((await sight.toUndo(output)) === null) return;
      if (output !== undefined && !(await exists(place))) {
        throw new TaskError(
          'NOTE_LOST',
          'The list of what was unpacked, kept under .windlass in the files folder, is not there; remove it by hand and mark it as reverted.',
        );
      }
      const steps = await windBack(drift);
      await sight.settle();
      for (const step of steps) if (step.kind === 'replaced') await rm(await sight.keep(step.kept), { force: true });
    },
  };
}

async function undoStep(world: World, { step, sight }: { step: UnpackStep; sight: FirstSight<unknown> }): Promise<void> {
  // Located anew: a folder on the way that was swapped for a link must not lead the removal elsewhere.
  const path = await world.files.locate(step.path);
  if ((await world.files.show(path)) !== step.path) {
    throw new TaskError(
      'FILE_CHANGED',
      `A folder of "${step.path}" has become a link since it was unpacked; it was left alone. Look at it, then mark it as reverted.`,
    );
  }
  if (step.kind === 'folder') await removeIfEmpty(path);
  else if (step.kind === 'replaced')
    await putBack({ file: path, beside: sight.beside(path), keep: await sight.keep(step.kept), looks: step });
  else await removeFile(path, step.path);
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
