// The state before an attempt, noted before the attempt changes anything. A repeated attempt (after a crash) and its
// revert read the note, because the world then already holds the changes of the attempt. So a task that works
// in this way may be repeated blindly, can be undone from any half-finished state, and needs no probe.
//
// 1. The note is on disk before the world changes.
// 2. A note belongs to one start of one attempt: a note of another start (job numbers begun anew) does not count.
// 3. A revert leaves a mark, so that a repeated revert can tell "already undone" from "note lost".
import { createHash } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type TaskContext, TaskError } from '@windlass/engine/task';
import { beforeAnything } from '../nothing-done.ts';
import { exists, syncFolder } from './files-root.ts';
import { addMade } from './made-by-job.ts';
import type { World } from '../world.ts';

/** A note of one attempt. */
export interface FirstSight<PriorState> {
  /**
   * Returns the note, or reads the world and writes the note. A failure in reading says that nothing was done. `made`
   * are the paths that the attempt is about to make.
   */
  note(look: () => Promise<PriorState>, made: (seen: PriorState) => readonly string[] | 'deeds'): Promise<PriorState>;
  /** The state to restore; null when nothing was changed, or the change is undone. Throws NOTE_LOST when that is unknown. */
  toUndo(output: unknown): Promise<PriorState | null>;
  /** Marks the attempt as undone and deletes the kept bytes: the end of a revert. */
  settle(): Promise<void>;
  /** A private file of this attempt for kept bytes; `part` distinguishes several files. */
  keep(part?: number): Promise<string>;
  /** A temporary name beside a path, later renamed to the path. The name is always the same, so a leftover is found again. */
  beside(path: string): string;
}

interface Note<PriorState> {
  readonly startedAt: number;
  readonly seen?: PriorState;
  readonly undone?: true;
}

/** The note of the attempt that a call belongs to; the call of a revert or check finds the note of its apply. */
export async function firstSight<PriorState>(context: TaskContext<World>): Promise<FirstSight<PriorState>> {
  const { world, idempotencyKey, startedAt } = context;
  const name = createHash('sha256')
    .update(idempotencyKey.replace(/\/(revert|check)$/, ''))
    .digest('hex')
    .slice(0, 40);
  const place = await world.files.keepsake(`${name}.json`);
  const keep = (part?: number) => world.files.keepsake(part === undefined ? `${name}.bytes` : `${name}.${part}.bytes`);
  const read = async (): Promise<Note<PriorState> | null> => {
    if (!(await exists(place))) return null;
    const note = JSON.parse(await readFile(place, 'utf8')) as Note<PriorState>;
    return note.startedAt === startedAt ? note : null;
  };
  const write = async (note: Note<PriorState>) => {
    const file = await open(`${place}.new`, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(note));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${place}.new`, place);
    await syncFolder(dirname(place));
  };
  return {
    keep,
    beside: (path) => join(dirname(path), `.windlass-${name.slice(0, 12)}.new`),
    async note(look, made) {
      const noted = await read();
      if (noted?.seen !== undefined) return noted.seen;
      // Bytes that an earlier start kept under the same name are not those of this start.
      await rm(await keep(), { force: true });
      const seen = await beforeAnything(look);
      await addMade(context, { note: name, made: made(seen) });
      await write({ startedAt, seen });
      return seen;
    },
    async toUndo(output) {
      const noted = await read();
      if (noted === null && output !== undefined) {
        throw new TaskError(
          'NOTE_LOST',
          `What stood before ${context.atom} was noted in the files folder under .windlass, and the note is not there; undo it by hand and mark it as reverted.`,
        );
      }
      return noted?.seen ?? null;
    },
    async settle() {
      await write({ startedAt, undone: true });
      await rm(await keep(), { force: true });
    },
  };
}
