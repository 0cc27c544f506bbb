// Which published versions use a task type, directly or in a subflow.
import type { FlowStore } from './flow-store.ts';
import { withSubflows } from './subflows.ts';
import { placedItems } from '../tree.ts';

export interface TypeUse {
  readonly flow: string;
  readonly versions: readonly number[];
}

/** The flows that use each of the types, which are given as `file.write@1`. Reads every published version once. */
export async function flowsOfTypes(
  flows: Pick<FlowStore, 'list' | 'versions' | 'getVersion'>,
  types: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly TypeUse[]>> {
  const uses = new Map<string, TypeUse[]>();
  for (const { id: flow } of await flows.list()) {
    const versions = new Map<string, number[]>();
    for (const { version } of await flows.versions(flow)) {
      const { definition, subflows } = await withSubflows(flows, { flow, version, target: null });
      const used = new Set(
        [definition, ...subflows.map((one) => one.definition)].flatMap((one) =>
          placedItems(one).flatMap(({ item }) => (item.kind === 'task' ? [`${item.type}@${item.typeVersion}`] : [])),
        ),
      );
      for (const type of used) if (types.has(type)) versions.set(type, [...(versions.get(type) ?? []), version]);
    }
    for (const [type, using] of versions) uses.set(type, [...(uses.get(type) ?? []), { flow, versions: using }]);
  }
  return uses;
}
