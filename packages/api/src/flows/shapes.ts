// What crosses the wire about flows.
import { type Problem, flowDefinitionSchema } from '@windlass/engine';
import { z } from 'zod';

export const flowId = z.string().regex(/^flow_[0-9a-z_]{1,40}$/, 'is not the id of a flow');
export const problem = z.custom<Problem>((value) => typeof value === 'object' && value !== null && 'code' in value);
export const definition = flowDefinitionSchema;

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
