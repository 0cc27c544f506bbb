// The task types, fetched once: forms, icons and validation read them.
import { useQuery } from '@tanstack/react-query';
import type { DescriptorLookup, TaskDescriptor } from '@windlass/engine/definition';
import { useMemo } from 'react';
import { useTRPC } from './trpc.ts';

const NONE: readonly TaskDescriptor[] = [];

export interface Catalog {
  readonly list: readonly TaskDescriptor[];
  readonly find: DescriptorLookup;
  readonly isLoaded: boolean;
}

/** The catalog; empty until it is loaded. */
export function useCatalog(): Catalog {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.catalog.list.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }));
  return useMemo(() => {
    const list = data ?? NONE;
    const byKey = new Map(list.map((type) => [`${type.type}@${type.version}`, type]));
    return { list, find: (type, version) => byKey.get(`${type}@${version}`), isLoaded: data !== undefined };
  }, [data]);
}
