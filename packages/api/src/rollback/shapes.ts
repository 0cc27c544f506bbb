import { type Drift, type PlannedUndo, type RollbackPlan, rollbackChoiceSchema } from '@windlass/engine';
import { z } from 'zod';
import { left } from '../logbook/shapes.ts';
import { type ShapeOf, type Wire, json, jsonObject } from '../wire.ts';

const plannedUndo = z.object({
  atom: z.string(),
  attempt: z.int(),
  action: z.enum(['revert', 'nothing', 'keep']),
  because: z.string(),
  output: json.nullable(),
  input: jsonObject,
  checked: z.boolean(),
  editable: z.boolean(),
  dependant: z.boolean(),
} satisfies ShapeOf<PlannedUndo>);

export const drift = z.object({ atom: z.string(), difference: z.string() } satisfies ShapeOf<Drift>);

export const rollbackPlan: Wire<RollbackPlan> = z.object({
  choice: z.custom<RollbackPlan['choice']>((value) => rollbackChoiceSchema.safeParse(value).success),
  basis: z.int(),
  waves: z.array(z.array(plannedUndo)),
  controls: z.array(z.string()),
  standing: left,
  reverts: z.int(),
  kept: z.int(),
  blocked: z.string().nullable(),
  hash: z.string(),
} satisfies ShapeOf<RollbackPlan>);
