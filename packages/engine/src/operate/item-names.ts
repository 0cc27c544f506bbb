// Items of a flow by the addresses of their atoms, in the names that people gave them.
import type { FlowDefinition } from '../definition/schema.ts';
import { placedItems } from '../definition/tree.ts';

/** The name of the item behind an address; the address itself where the definition is not known. */
export function itemNames(definition: FlowDefinition | null): (address: string) => string {
  const names = new Map(definition === null ? [] : placedItems(definition).map(({ item }) => [item.id, item.name]));
  // `hosts[3].install`: the item is the last part; within a subflow only the first part is of this flow.
  return (address) => names.get(address.split('.').at(-1) ?? '') ?? names.get(address.split('.')[0] ?? '') ?? address;
}
