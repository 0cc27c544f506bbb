import { procedure } from '../trpc.ts';
import { searchedFor } from '../jobs/search.ts';
import { savedView, viewDraft } from './shapes.ts';

/** Keeps a view; one's own of the same name is replaced. A search that cannot be read is refused. */
export const save = procedure
  .input(viewDraft)
  .output(savedView)
  .mutation(async ({ ctx, input }) => {
    await searchedFor(input.search, ctx);
    return { ...(await ctx.views.saveView(input, ctx.actor, ctx.now())), isOwn: true };
  });
