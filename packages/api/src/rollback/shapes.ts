import type { JobUse } from '@windlass/engine/ports';
import {
  type ChangedCode,
  type Drift,
  type PlannedUndo,
  type RollbackPlan,
  type Standing,
  rollbackChoiceSchema,
} from '@windlass/engine/run';
import { z } from 'zod';
import { jobRow } from '../jobs/shapes.ts';
import { storedValue } from '../logbook/shapes.ts';
import { type ShapeOf, type Wire, json, jsonObject } from '../wire.ts';

const plannedUndo = z.object({
  atom: z.string(),
  attempt: z.int(),
  action: z.enum(['revert', 'nothing', 'keep']),
  because: z.string(),
  output: json.nullable(),
  input: jsonObject,
  outputAt: storedValue.exactOptional(),
  inputAt: storedValue.exactOptional(),
  checked: z.boolean(),
  editable: z.boolean(),
  dependant: z.boolean(),
  dependsOn: z.array(z.string()).exactOptional(),
  tried: z.literal(true).exactOptional(),
  uncertain: z.literal(true).exactOptional(),
} satisfies ShapeOf<PlannedUndo>);

/** A later job that got an output of a task which a rollback would undo. */
export const jobUse = z.object({
  job: z.string(),
  flowName: z.string(),
  run: jobRow.shape.run,
  atom: z.string(),
  value: z.string(),
} satisfies ShapeOf<JobUse>);

export const drift = z.object({ atom: z.string(), difference: z.string() } satisfies ShapeOf<Drift>);

const standing = z.object({
  atom: z.string(),
  because: z.string(),
  leftOut: z.literal(true).exactOptional(),
  orphaned: z.literal(true).exactOptional(),
} satisfies ShapeOf<Standing>);

export const rollbackPlan: Wire<RollbackPlan> = z.object({
  choice: z.custom<RollbackPlan['choice']>((value) => rollbackChoiceSchema.safeParse(value).success),
  basis: z.int(),
  waves: z.array(z.array(plannedUndo)),
  controls: z.array(z.string()),
  standing: z.array(standing),
  changedCode: z.array(z.object({ type: z.string(), version: z.int(), atoms: z.array(z.string()) } satisfies ShapeOf<ChangedCode>)),
  reverts: z.int(),
  kept: z.int(),
  blocked: z.string().nullable(),
  hash: z.string(),
} satisfies ShapeOf<RollbackPlan>);
