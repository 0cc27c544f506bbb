// The shapes of flows on the wire.
import { type Fix, type FlowDefinition, type Problem, isJsonObject } from '@windlass/engine/definition';
import { z } from 'zod';
import { type ShapeOf, type Wire, word } from '../wire.ts';

export const flowId = z.string().regex(/^flow_[0-9a-z_]{1,40}$/, 'is not the id of a flow');
/** Not parsed again: the definition was parsed before it was stored, and it may hold 100,000 items. */
export const definition = z.custom<FlowDefinition>(isJsonObject, 'must be a flow definition');

export const flowRow = z.object({
  id: z.string(),
  name: z.string(),
  pattern: z.string(),
  version: z.number(),
  dirty: z.boolean(),
  updatedAt: z.number(),
  updatedBy: z.string(),
});

export const flowDraft = z.object({
  id: z.string(),
  revision: z.number(),
  definition,
  version: z.number(),
  dirty: z.boolean(),
  updatedAt: z.number(),
  updatedBy: z.string(),
});

export const flowVersionRow = z.object({ version: z.number(), note: z.string(), publishedAt: z.number(), publishedBy: z.string() });

const label = z.string();
const fix: Wire<Fix> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('removeLink'), link: z.string(), label }),
  z.object({ kind: z.literal('removeBinding'), item: z.string(), field: z.string(), label }),
  z.object({ kind: z.literal('removeParameter'), item: z.string(), field: z.string(), label }),
  z.object({ kind: z.literal('limitRetry'), item: z.string(), attempts: z.int(), label }),
  z.object({ kind: z.literal('addLink'), container: z.string(), from: z.string(), to: z.string(), label }),
  z.object({ kind: z.literal('setJoin'), item: z.string(), join: z.literal('live'), label }),
  z.object({ kind: z.literal('setType'), item: z.string(), type: z.string(), version: z.int(), label }),
]);

export const problem: Wire<Problem> = z.object({
  item: z.string().nullable(),
  code: word<Problem['code']>(),
  message: z.string(),
  severity: z.enum(['error', 'warning']),
  field: z.string().exactOptional(),
  fix: fix.exactOptional(),
} satisfies ShapeOf<Problem>);
