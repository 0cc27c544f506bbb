// The one builder that every procedure starts from.
import { TRPCError, initTRPC } from '@trpc/server';
import type { Context } from './context.ts';
import { wireShape } from './errors.ts';
import { whyRefused } from './refused-json.ts';

const t = initTRPC.context<Context>().create({
  isDev: false,
  sse: { ping: { enabled: true, intervalMs: 5_000 }, client: { reconnectAfterInactivityMs: 12_000 } },
  errorFormatter: wireShape,
});

export const router = t.router;

/** The base of every procedure. It refuses a request without a session before it parses the input. */
export const procedure = t.procedure.use(async ({ ctx, next, getRawInput }) => {
  if (ctx.actor === null) {
    throw new TRPCError({ code: 'UNAUTHORIZED', message: 'No session: open the address that the server printed when it started.' });
  }
  const refused = whyRefused(await getRawInput());
  if (refused !== null) throw new TRPCError({ code: 'BAD_REQUEST', message: refused });
  return next({ ctx: { ...ctx.services, actor: ctx.actor } });
});
