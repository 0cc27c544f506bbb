import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { word } from '../wire.ts';

/** The channels that send notices of this server. The answer never holds the address of a webhook, which often is a secret. */
export const channels = procedure
  .output(z.array(z.object({ channel: word<'webhook' | 'email'>(), target: z.string() })))
  .query(({ ctx }) => [...ctx.noticeChannels]);
