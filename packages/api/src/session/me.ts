import { z } from 'zod';
import { procedure } from '../trpc.ts';

/** The person of the session, and the server that answers. */
export const me = procedure
  .output(
    z.object({
      person: z.object({ id: z.string(), name: z.string() }),
      server: z.object({ version: z.string(), startedAt: z.number(), conductor: z.string() }),
    }),
  )
  .query(({ ctx }) => ({ person: { id: ctx.actor.id, name: ctx.actor.name }, server: ctx.server }));
