// What stood before an attempt, noted before the attempt changes anything. A repeated attempt (after a crash) and its
// revert read the note instead of looking again, when their own doing already stands there. So a task that works
// this way may be repeated blindly and can be undone from any half-finished state.
import { createHash } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { exists } from './files-root.ts';
import type { World } from './world.ts';

/** A note of one attempt. */
export interface FirstSight<Seen> {
  /** What was seen first; null when nothing was noted, so that nothing was changed. */
  read(): Promise<Seen | null>;
  /** Answers with the note, or looks and notes. */
  note(look: () => Promise<Seen>): Promise<Seen>;
  /** Forgets; for the end of a revert. */
  forget(): Promise<void>;
  /** A place of this attempt's own for keeping bytes. */
  readonly keep: string;
}

/** The note of the attempt that a call belongs to; a revert's call finds the note of its apply. */
export async function firstSight<Seen>(world: World, idempotencyKey: string): Promise<FirstSight<Seen>> {
  const name = createHash('sha256').update(idempotencyKey.replace(/\/revert$/, '')).digest('hex').slice(0, 40);
  const place = await world.files.keepsake(`${name}.json`);
  const keep = await world.files.keepsake(`${name}.bytes`);
  const read = async () => ((await exists(place)) ? (JSON.parse(await readFile(place, 'utf8')) as Seen) : null);
  return {
    keep,
    read,
    async note(look) {
      const noted = await read();
      if (noted !== null) return noted;
      const seen = await look();
      const file = await open(`${place}.new`, 'w');
      await file.writeFile(JSON.stringify(seen));
      await file.sync();
      await file.close();
      await rename(`${place}.new`, place);
      return seen;
    },
    async forget() {
      await rm(place, { force: true });
      await rm(keep, { force: true });
    },
  };
}
