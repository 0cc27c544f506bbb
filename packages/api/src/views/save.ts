import { procedure } from '../trpc.ts';
import { searchedFor } from '../jobs/search.ts';
import { savedView, viewDraft } from './shapes.ts';

/** Saves a view and replaces the person's view of the same name. Refuses a search that cannot be parsed. */
export const save = procedure
  .input(viewDraft)
  .output(savedView)
  .mutation(async ({ ctx, input }) => {
    await searchedFor(input.search, ctx);
    return { ...(await ctx.views.saveView(input, ctx.actor, ctx.now())), isOwn: true };
  });
