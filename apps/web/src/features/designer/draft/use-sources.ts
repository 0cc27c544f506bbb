import { isJsonObject, type TaskItem } from '@windlass/engine/definition';
import type { Catalog } from '../../../lib/catalog.ts';
import { useFlowVersions } from '../../../lib/flow-versions.ts';
import { useDraft } from './draft-context.tsx';
import { type Source, sourcesFor, type Viewpoint } from './sources-for.ts';

/** The sources that an input of the present draft can be bound to. */
export function useSources(catalog: Catalog, from: Viewpoint): readonly Source[] {
  const definition = useDraft((state) => state.definition);
  const findVersion = useFlowVersions(definition);
  return sourcesFor(definition, from, (item) =>
    item.kind === 'task' ? outputNames(catalog, item) : Object.keys(findVersion(item.flow, item.version)?.outputs ?? {}),
  );
}

/** What a task gives. */
export function outputNames(catalog: Catalog, { type, typeVersion }: Pick<TaskItem, 'type' | 'typeVersion'>): string[] {
  const properties = catalog.find(type, typeVersion)?.output['properties'];
  return isJsonObject(properties) ? Object.keys(properties) : [];
}
