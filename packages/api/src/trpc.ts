import { TRPCError, initTRPC } from '@trpc/server';
import { ZodError } from 'zod';
import type { Context } from './context.ts';
import { engineCodeOf, wireError } from './errors.ts';

const t = initTRPC.context<Context>().create({
  sse: { ping: { enabled: true, intervalMs: 5_000 }, client: { reconnectAfterInactivityMs: 12_000 } },
  errorFormatter({ shape, error }) {
    const { stack: _, ...data } = shape.data;
    const invalid = error.cause instanceof ZodError ? sentenceOf(error.cause) : null;
    const hidden = error.code === 'INTERNAL_SERVER_ERROR' && engineCodeOf(error) === null;
    const message = hidden ? 'Something went wrong on the server; its log says what. Nothing was changed.' : (invalid ?? shape.message);
    return { ...shape, message, data: { ...data, engineCode: engineCodeOf(error) } };
  },
});

export const router = t.router;

/** Every procedure is made of this one: it refuses whoever has no session. */
export const procedure = t.procedure.use(async ({ ctx, next }) => {
  if (ctx.actor === null) {
    throw new TRPCError({ code: 'UNAUTHORIZED', message: 'No session: open the address that the server printed when it started.' });
  }
  const result = await next({ ctx: { ...ctx.services, actor: ctx.actor } });
  if (!result.ok) {
    const known = wireError(result.error.cause);
    if (known !== null) throw known;
  }
  return result;
});

function sentenceOf(error: ZodError): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`)
    .join('; ');
}
