import type { FlowDefinition, Item } from '@windlass/engine/definition';
import type { Catalog } from '../../../lib/catalog.ts';
import { newFlow } from './constructs.ts';
import { newId, newTask } from './edits.ts';
import type { PaletteItem } from '../canvas/palette.tsx';

/** The item for a palette entry; null when its type is no longer known. */
export function makeItem(definition: FlowDefinition, catalog: Catalog, item: PaletteItem): Item | null {
  switch (item.kind) {
    case 'flow':
      return newFlow(definition, item.pattern);
    case 'subflow': {
      const { name, flow, version } = item;
      return { kind: 'subflow', id: newId(definition, name), name, flow, version, parameters: {}, bindings: {} };
    }
    case 'task': {
      const type = catalog.list.find((one) => one.type === item.type);
      return type === undefined ? null : newTask(definition, type);
    }
  }
}
