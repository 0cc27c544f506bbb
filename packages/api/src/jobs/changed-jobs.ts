// Which jobs changed, for lists that are being looked at. A list asks again for what it shows; the ids only say when.
// However slow a reader is, what is held for it is bounded: beyond `held` ids it is told that any may have changed.
import type { JobBoard } from '@windlass/engine/ports';
import { ChangeSignal } from '../change-signal.ts';
import { pause } from '../pause.ts';

export interface ChangesOrder {
  readonly board: Pick<JobBoard, 'onChanged'>;
  readonly signal: AbortSignal;
  readonly held: number;
  readonly everyMs: number;
}

/**
 * Ids in batches, at most one in `everyMs`, until the signal fires. An empty batch means that any job may have
 * changed; so begins every stream, because something may have been missed before it.
 */
export async function* changedJobs({ board, signal, held, everyMs }: ChangesOrder): AsyncGenerator<string[], void> {
  const ids = new Set<string>();
  let any = true;
  const changes = new ChangeSignal(signal);
  changes.raise();
  const stop = board.onChanged((job) => {
    if (ids.size < held) ids.add(job);
    else any = true;
    changes.raise();
  });
  try {
    for (await changes.next(); !signal.aborted; await changes.next()) {
      const batch = any ? [] : [...ids];
      // Before the yield: what changes while the reader is busy belongs to the next batch.
      ids.clear();
      any = false;
      yield batch;
      await pause(everyMs, signal);
    }
  } finally {
    stop();
    changes.close();
  }
}
