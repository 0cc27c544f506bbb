// The progress of the running calls of a job, for a page on a screen (A6). Each message holds all of it,
// so a reader that missed a message has lost nothing. A task that reports a million times costs a few messages.
import type { ProgressSource } from '@windlass/engine/ports';
import type { Progress } from '@windlass/engine/run';
import { ChangeSignal } from '../../change-signal.ts';
import { pause } from '../../pause.ts';

export interface ProgressOrder {
  readonly progress: ProgressSource;
  readonly job: string;
  readonly signal: AbortSignal;
  /** Most calls in one message. */
  readonly most: number;
  readonly everyMs: number;
}

/** The progress at once, and again after each change, at most once in `everyMs`, until the signal fires. */
export async function* followProgress({ progress, job, signal, most, everyMs }: ProgressOrder): AsyncGenerator<Progress[], void> {
  const changes = new ChangeSignal(signal);
  changes.raise();
  const stop = progress.follow(job, () => changes.raise());
  try {
    for (await changes.next(); !signal.aborted; await changes.next()) {
      yield progress.of(job).slice(0, most);
      await pause(everyMs, signal);
    }
  } finally {
    stop();
    changes.close();
  }
}
