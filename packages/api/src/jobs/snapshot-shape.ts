// The state of a run on the wire. A job page is first painted from it.
import { isJsonObject } from '@windlass/engine/definition';
import type { AppliedCode, LeanAtom, LeanSnapshot, RunSnapshot } from '@windlass/engine/run';
import { z } from 'zod';
import { forward, rollbackScope, standing, storedValue, unresolved } from '../logbook/shapes.ts';
import { type ShapeOf, type Wire, json, jsonObject, word } from '../wire.ts';

/** Not validated: the engine made the atoms, and there may be 100,000 of them. */
const leanAtom = z.custom<LeanAtom>(isJsonObject, 'must be an atom');

export const leanSnapshot: Wire<LeanSnapshot> = z.object({
  number: z.int(),
  basis: z.int(),
  token: z.int(),
  job: word<RunSnapshot['job']>(),
  attention: word<NonNullable<RunSnapshot['attention']>>().nullable(),
  wakeAt: z.number().nullable(),
  state: word<RunSnapshot['state']>(),
  inputs: jsonObject,
  outputs: jsonObject.nullable(),
  inputsAt: storedValue.nullable(),
  outputsAt: storedValue.nullable(),
  unresolved,
  forward: forward.nullable(),
  rollback: z.object({ ...rollbackScope, by: z.string(), from: word<RunSnapshot['state']>(), since: z.number() }).nullable(),
  standing,
  resumeTo: z.enum(['RUNNING', 'REVERTING']),
  cancel: z.object({ by: z.string(), reason: z.string(), then: z.enum(['revert', 'hold']) }).nullable(),
  edits: z.record(z.string(), jsonObject),
  keptBefore: standing,
  signals: z.array(z.object({ number: z.int(), name: z.string(), data: json })),
  runningSince: z.number().nullable(),
  claimedAt: z.number(),
  codes: z.array(z.object({ type: z.string(), code: z.string(), since: z.int() } satisfies ShapeOf<AppliedCode>)),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  atoms: z.array(leanAtom),
} satisfies ShapeOf<LeanSnapshot>);
