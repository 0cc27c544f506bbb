import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { savedView } from './shapes.ts';

/** The person's own views and the shared views, by name. */
export const list = procedure.output(z.array(savedView)).query(async ({ ctx }) => {
  const views = await ctx.views.views(ctx.actor.id);
  return views.map((view) => ({ ...view, isOwn: view.ownerId === ctx.actor.id }));
});
