import type { LedgerRow } from '@windlass/engine/run';
import { expect, it } from 'vitest';
import { holdingOf } from './holding-words.ts';

it.each<[LedgerRow['jobState'], LedgerRow['run'], string, string]>([
  ['CLAIMED', 'RUNNING', 'In use by its job', 'plain'],
  ['CLAIMED', 'REVERTING', 'Its job is rolling back', 'plain'],
  ['WAITING', 'FAILURE', 'Its job failed and is held', 'failed'],
  ['WAITING', 'REVERT_FAILED', 'Giving back failed', 'failed'],
  ['COMPLETE', 'SUCCESS', 'Orphan: its job has succeeded', 'doubt'],
  ['COMPLETE', 'FAILURE', 'Orphan: left by a failed job', 'doubt'],
  ['COMPLETE', 'PARTIALLY_REVERTED', 'Orphan: left by a rolled back job', 'doubt'],
  ['TRASHED', 'RUNNING', 'Orphan: its job was taken off the board', 'doubt'],
])('Z2: held by a job that is %s and %s, it says "%s"', (jobState, run, words, tone) => {
  const isOrphan = jobState === 'COMPLETE' || jobState === 'TRASHED';
  expect(holdingOf({ isOrphan, run, jobState })).toEqual({ words, tone });
});
