import { type AbsentNeeds, absentNeeds, withSubflowsOf } from '@windlass/engine/definition';
import { z } from 'zod';
import { procedure } from '../trpc.ts';
import type { ShapeOf, Wire } from '../wire.ts';
import { flowId } from './shapes.ts';

const usedBy = z.array(z.string());
const absentNeedsShape: Wire<AbsentNeeds> = z.object({
  secrets: z.array(z.object({ name: z.string(), usedBy })),
  types: z.array(z.object({ type: z.string(), version: z.int(), usedBy })),
} satisfies ShapeOf<AbsentNeeds>);

/** Names of secrets and task types that a version needs and this server lacks now. Null means the draft. */
export const absent = procedure
  .input(z.object({ flow: flowId, version: z.int().min(1).nullable() }))
  .output(absentNeedsShape)
  .query(async ({ ctx, input: { flow, version } }) => {
    const definition = version === null ? (await ctx.flows.getDraft(flow)).definition : await ctx.flows.getVersion(flow, version);
    const has = { secret: ctx.hasSecret, type: (type: string, wanted: number) => ctx.findType(type, wanted) !== undefined };
    return absentNeeds(await withSubflowsOf(ctx.flows, definition), has);
  });
