import { type AbsentNeeds, type Hindrance, absentNeeds, hindrancesOf, withSubflowsOf } from '@windlass/engine/definition';
import { z } from 'zod';
import { procedure } from '../trpc.ts';
import type { ShapeOf, Wire } from '../wire.ts';
import { flowId } from './shapes.ts';

const usedBy = z.array(z.string());
interface Answer extends AbsentNeeds {
  /** Other reasons why tasks cannot work on this server, as sentences; absent if none is known. */
  readonly hindrances?: Hindrance[];
}
const answer: Wire<Answer> = z.object({
  secrets: z.array(z.object({ name: z.string(), usedBy })),
  types: z.array(z.object({ type: z.string(), version: z.int(), usedBy })),
  hindrances: z.array(z.object({ message: z.string(), usedBy })).exactOptional(),
} satisfies ShapeOf<Answer>);

/** The needs of a version that this server does not meet now: secrets, task types, and hindrances. Null means the draft. */
export const absent = procedure
  .input(z.object({ flow: flowId, version: z.int().min(1).nullable() }))
  .output(answer)
  .query(async ({ ctx, input: { flow, version } }) => {
    const definition = version === null ? (await ctx.flows.getDraft(flow)).definition : await ctx.flows.getVersion(flow, version);
    const has = { secret: ctx.hasSecret, type: (type: string, wanted: number) => ctx.findType(type, wanted) !== undefined };
    const whole = await withSubflowsOf(ctx.flows, definition);
    const hindrances = [...(await hindrancesOf(whole, ctx.hindranceOf))];
    return { ...absentNeeds(whole, has), ...(hindrances.length === 0 ? {} : { hindrances }) };
  });
