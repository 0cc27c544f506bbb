import type { LedgerRow } from '@windlass/engine/run';
import { z } from 'zod';
import { word } from '../wire.ts';

export const ledgerRow = z.object({
  job: z.string(),
  flow: z.string(),
  flowName: z.string(),
  jobState: word<LedgerRow['jobState']>(),
  run: word<LedgerRow['run']>(),
  atom: z.string(),
  type: z.string(),
  label: z.string(),
  stage: z.string(),
  stages: z.array(z.string()),
  since: z.number(),
  isOrphan: z.boolean(),
});
