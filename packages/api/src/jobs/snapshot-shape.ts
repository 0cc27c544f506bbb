// The state of a run as it is sent: what a job page is first painted from.
import type { AtomSnapshot, RunSnapshot } from '@windlass/engine';
import { z } from 'zod';
import { failure, forward, left, retryAttempt, rollbackScope, wait } from '../logbook/shapes.ts';
import { type ShapeOf, type Wire, json, jsonObject, word } from '../wire.ts';

const atomSnapshot = z.object({
  atom: z.string(),
  state: word<AtomSnapshot['state']>(),
  attempt: z.int(),
  startNumber: z.int(),
  startedAt: z.number(),
  endedAt: z.number(),
  input: jsonObject,
  secrets: z.record(z.string(), z.array(z.string())),
  output: json.nullable(),
  failure: failure.nullable(),
  revertFailure: failure.nullable(),
  applied: z.boolean(),
  revertAttempt: z.int(),
  revertingSince: z.number(),
  notBefore: z.number(),
  kept: z.string().nullable(),
  inDoubt: z.string().nullable(),
  note: z.string().nullable(),
  waiting: wait.nullable(),
  history: z.array(retryAttempt),
  grown: z.int().exactOptional(),
} satisfies ShapeOf<AtomSnapshot>);

export const runSnapshot: Wire<RunSnapshot> = z.object({
  number: z.int(),
  basis: z.int(),
  token: z.int(),
  job: word<RunSnapshot['job']>(),
  attention: word<NonNullable<RunSnapshot['attention']>>().nullable(),
  wakeAt: z.number().nullable(),
  state: word<RunSnapshot['state']>(),
  inputs: jsonObject,
  outputs: jsonObject.nullable(),
  forward: forward.nullable(),
  rollback: z.object({ ...rollbackScope, by: z.string(), from: word<RunSnapshot['state']>() }).nullable(),
  left,
  resumeTo: z.enum(['RUNNING', 'REVERTING']),
  cancel: z.object({ by: z.string(), reason: z.string(), then: z.enum(['revert', 'hold']) }).nullable(),
  edits: z.record(z.string(), jsonObject),
  keptBefore: left,
  signals: z.array(z.object({ name: z.string(), data: json })),
  runningSince: z.number().nullable(),
  retrying: z.array(z.string()),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  atoms: z.array(atomSnapshot),
} satisfies ShapeOf<RunSnapshot>);
