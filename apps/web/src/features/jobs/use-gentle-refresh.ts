import { useQueryClient } from '@tanstack/react-query';
import { useSubscription } from '@trpc/tanstack-react-query';
import { useEffect, useRef } from 'react';
import { useTRPC } from '../../lib/trpc.ts';

/** Changes are collected for this time before the list is loaded again. */
const GENTLE_MS = 400;

/** Loads again after changes, but not more often than a person can read. */
export function useGentleRefresh(): void {
  const trpc = useTRPC();
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const refresh = () => {
    timer.current ??= setTimeout(() => {
      timer.current = null;
      for (const key of [trpc.jobs.list.pathKey(), trpc.jobs.count.pathKey(), trpc.jobs.counts.pathKey()]) {
        void client.invalidateQueries({ queryKey: key });
      }
    }, GENTLE_MS);
  };
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
  useSubscription(trpc.jobs.changed.subscriptionOptions(undefined, { onData: refresh, onStarted: refresh }));
}
