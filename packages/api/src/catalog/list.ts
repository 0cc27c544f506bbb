import type { TaskDescriptor } from '@windlass/engine';
import { z } from 'zod';
import { procedure } from '../trpc.ts';

const descriptor = z.custom<TaskDescriptor>((value) => typeof value === 'object' && value !== null && 'type' in value);

/** The task types in palette order. */
export const list = procedure.output(z.array(descriptor)).query(({ ctx }) => [...ctx.taskTypes]);
