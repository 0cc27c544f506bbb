// The relation of a resource to its job in words: held by a running job, by a successful one, or orphaned (Z2).
import type { LedgerRow } from '@windlass/engine/run';

export interface Holding {
  readonly words: string;
  /** `failed`: a person has to act before the resource can be given back. */
  readonly tone: 'plain' | 'doubt' | 'failed';
}

export function holdingOf({ isOrphan, run, jobState }: Pick<LedgerRow, 'isOrphan' | 'run' | 'jobState'>): Holding {
  if (isOrphan) return { words: `Orphan: ${jobState === 'TRASHED' ? 'its job was taken off the board' : endWords(run)}`, tone: 'doubt' };
  if (run === 'REVERT_FAILED') return { words: 'Giving back failed', tone: 'failed' };
  if (run === 'FAILURE') return { words: 'Its job failed and is held', tone: 'failed' };
  if (run === 'REVERTING') return { words: 'Its job is rolling back', tone: 'plain' };
  return { words: 'In use by its job', tone: 'plain' };
}

function endWords(run: LedgerRow['run']): string {
  if (run === 'SUCCESS') return 'its job has succeeded';
  if (run === 'FAILURE') return 'left by a failed job';
  return 'left by a rolled back job';
}
