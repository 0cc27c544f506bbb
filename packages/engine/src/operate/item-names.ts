// The names that people gave to the items of a flow, by atom address.
import type { FlowDefinition } from '../definition/schema.ts';
import { placedItems } from '../definition/tree.ts';

/** The name of the item of an address; the address itself when the definition is unknown. */
export function itemNames(definition: FlowDefinition | null): (address: string) => string {
  const names = new Map(definition === null ? [] : placedItems(definition).map(({ item }) => [item.id, item.name]));
  // In `hosts[3].install` the item is the last part; in a subflow only the first part belongs to this flow.
  return (address) => names.get(address.split('.').at(-1) ?? '') ?? names.get(address.split('.')[0] ?? '') ?? address;
}
