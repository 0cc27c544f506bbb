// The ids of changed jobs, for lists on screens. The ids only tell a list when to ask again for its rows.
// The memory for one slow reader is bounded: beyond `held` ids, an empty batch says that any job may have changed.
import type { JobBoard } from '@windlass/engine/ports';
import { ChangeSignal } from '../../change-signal.ts';
import { pause } from '../../pause.ts';

export interface ChangesOrder {
  readonly board: Pick<JobBoard, 'onChanged'>;
  readonly signal: AbortSignal;
  readonly held: number;
  readonly everyMs: number;
}

/**
 * Ids in batches, at most one batch in `everyMs`, until the signal fires. An empty batch means that any job may have
 * changed. Every stream begins with an empty batch, because the reader may have missed changes before it.
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
