import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { savedView } from './shapes.ts';

/** One's own views and those that are shared, by name. */
export const list = procedure.output(z.array(savedView)).query(async ({ ctx }) => {
  const views = await ctx.views.views(ctx.actor.id);
  return views.map((view) => ({ ...view, isOwn: view.ownerId === ctx.actor.id }));
});
