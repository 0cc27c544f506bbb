// Names of the secrets and task types that a flow needs and this server does not have now. A warning, not a problem:
// both can be added before a task needs them.
import { parseExpression } from './expression.ts';
import type { Binding, FlowDefinition, Item } from './schema.ts';
import type { WithSubflows } from './flows/subflows.ts';
import { placedItems, usesOf } from './tree.ts';

/** `usedBy` are names of items, those of a subflow after its name (`Prepare: Attach disk`). */
export interface AbsentNeeds {
  readonly secrets: readonly { readonly name: string; readonly usedBy: readonly string[] }[];
  readonly types: readonly { readonly type: string; readonly version: number; readonly usedBy: readonly string[] }[];
}

/** The secrets and task types that the server has. */
export interface Has {
  secret(name: string): boolean;
  type(type: string, version: number): boolean;
}

/** The absent secrets and types, in the order in which items need them. */
export function absentNeeds({ definition, subflows }: WithSubflows, has: Has): AbsentNeeds {
  const secrets = new Map<string, Set<string>>();
  const types = new Map<string, { readonly type: string; readonly version: number; readonly usedBy: Set<string> }>();
  const look = (flow: FlowDefinition, prefix: string): void => {
    for (const { item } of placedItems(flow)) {
      const user = prefix + item.name;
      for (const { binding } of usesOf(item)) {
        for (const name of secretsIn(binding)) if (!has.secret(name)) secrets.set(name, (secrets.get(name) ?? new Set()).add(user));
      }
      const called = calledBy(item);
      if (called === null || has.type(called.type, called.typeVersion)) continue;
      const key = `${called.type}@${called.typeVersion}`;
      const known = types.get(key);
      if (known === undefined) types.set(key, { type: called.type, version: called.typeVersion, usedBy: new Set([user]) });
      else known.usedBy.add(user);
    }
  };
  look(definition, '');
  for (const subflow of subflows) look(subflow.definition, `${subflow.definition.name}: `);
  return {
    secrets: [...secrets].map(([name, usedBy]) => ({ name, usedBy: [...usedBy] })),
    types: [...types.values()].map(({ usedBy, ...type }) => ({ ...type, usedBy: [...usedBy] })),
  };
}

/** The task type that an item calls: a task's own type, or the type of the task that undoes a container. */
function calledBy(item: Item): { readonly type: string; readonly typeVersion: number } | null {
  if (item.kind === 'task') return item;
  return item.kind === 'flow' && item.revert?.mode === 'task' ? item.revert : null;
}

/** An expression that does not parse names no secret; validation reports the error. */
function secretsIn(binding: Binding): readonly string[] {
  switch (binding.from) {
    case 'secret':
      return [binding.name];
    case 'first':
      return binding.of.flatMap(secretsIn);
    case 'expression':
      try {
        return parseExpression(binding.cel, { retry: true, failure: true }).references.secrets;
      } catch {
        return [];
      }
    case 'input':
    case 'output':
    case 'failure':
    case 'constant':
      return [];
  }
}
