// The one connection to the API: queries and mutations in batches, subscriptions over SSE.
import { QueryClient } from '@tanstack/react-query';
import { TRPCClientError, createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from '@trpc/client';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import type { AppRouter } from '@windlass/api';

export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

export const trpcClient = createTRPCClient<AppRouter>({
  links: [
    splitLink({
      condition: ({ type }) => type === 'subscription',
      true: httpSubscriptionLink({ url: '/trpc' }),
      false: httpBatchLink({ url: '/trpc', maxURLLength: 6_000 }),
    }),
  ],
});

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // A request that the server has refused is not repeated.
        retry: (count, error) => count < 2 && !isRefusal(error),
      },
    },
  });
}

/** Is it an answer of the server, and not a failed connection? */
export function isRefusal(error: unknown): boolean {
  return error instanceof TRPCClientError && error.data != null;
}

/** Does the server know no session for this browser? */
export function needsSession(error: unknown): boolean {
  return error instanceof TRPCClientError && (error.data as { code?: string } | null)?.code === 'UNAUTHORIZED';
}

/** One sentence for people. */
export function sentenceOf(error: unknown): string {
  if (isRefusal(error) && error instanceof Error) return error.message;
  return 'The server does not answer. Jobs go on there, and this page tries again.';
}
