import type { FlowDefinition } from './schema.ts';
import { placedItems } from './tree.ts';

/** The published versions that a definition uses as subflows, each once. */
export function subflowsOf(definition: FlowDefinition): { readonly flow: string; readonly version: number }[] {
  const used = new Map<string, { flow: string; version: number }>();
  for (const { item } of placedItems(definition)) {
    if (item.kind === 'subflow') used.set(`${item.flow}@${item.version}`, { flow: item.flow, version: item.version });
  }
  return [...used.values()];
}
