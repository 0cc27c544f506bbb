import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { descriptor } from './shapes.ts';

/** The task types in palette order. */
export const list = procedure.output(z.array(descriptor)).query(({ ctx }) => [...ctx.taskTypes]);
