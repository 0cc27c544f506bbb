// The shapes of jobs on the wire. States are words, so a screen can show a state that it does not know.
import type { JobRow } from '@windlass/engine/run';
import { z } from 'zod';
import { word } from '../wire.ts';

export const jobId = z.string().regex(/^job_[0-9a-z]{1,40}$/, 'is not the id of a job');

/** The cursor after a page of jobs. */
export const listCursor = z.string().regex(/^\d{1,15}-\d{1,15}$/);

export const jobRow = z.object({
  id: z.string(),
  flow: z.string(),
  flowName: z.string(),
  version: z.number(),
  state: word<JobRow['state']>(),
  run: word<JobRow['run']>(),
  attention: word<NonNullable<JobRow['attention']>>().nullable(),
  attentionNote: z.string().nullable(),
  forward: z.string(),
  forwardKind: word<NonNullable<JobRow['forwardKind']>>().nullable(),
  priority: z.number(),
  postedAt: z.number(),
  postedBy: z.string(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  owner: z.string().nullable(),
  leaseUntil: z.number().nullable(),
  wakeAt: z.number().nullable(),
  parent: z.string().nullable(),
  depth: z.number(),
  target: z.string().nullable(),
});

export const actAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), number: z.number() }),
  z.object({ kind: z.literal('refused'), code: z.enum(['ACT_REFUSED', 'PLAN_CHANGED', 'CLAIM_TAKEN', 'DRIFTED']), message: z.string() }),
]);
