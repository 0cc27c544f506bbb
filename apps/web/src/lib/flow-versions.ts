// Published versions that a definition uses as subflows: their inputs are shown as forms, their outputs can be bound to.
import { useQueries } from '@tanstack/react-query';
import { type FlowDefinition, placedItems } from '@windlass/engine/definition';
import { useMemo } from 'react';
import { useTRPC } from './trpc.ts';

/** The definition of a published version; undefined until it is loaded, or when it does not exist. */
export type FindVersion = (flow: string, version: number) => FlowDefinition | undefined;

/** The versions that the subflows of this definition are pinned to. */
export function useFlowVersions(definition: FlowDefinition): FindVersion {
  const trpc = useTRPC();
  const used = useMemo(() => {
    const keys = placedItems(definition).flatMap(({ item }) => (item.kind === 'subflow' ? [`${item.version} ${item.flow}`] : []));
    return [...new Set(keys)].map((key) => ({ flow: key.slice(key.indexOf(' ') + 1), version: Number.parseInt(key, 10) }));
  }, [definition]);
  const answers = useQueries({
    queries: used.map((one) => trpc.flows.version.queryOptions(one, { staleTime: Number.POSITIVE_INFINITY, retry: false })),
  });
  const found = new Map(used.map(({ flow, version }, index) => [`${version} ${flow}`, answers[index]?.data]));
  return (flow, version) => found.get(`${version} ${flow}`);
}
