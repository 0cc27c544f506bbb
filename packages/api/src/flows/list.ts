import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { flowRow } from './shapes.ts';

/** All flows, in the order of their last change, newest first. */
export const list = procedure.output(z.array(flowRow)).query(async ({ ctx }) => [...(await ctx.flows.list())]);
