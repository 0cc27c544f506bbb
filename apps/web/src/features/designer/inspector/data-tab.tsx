import { isJsonObject, itemsUsedBy, placedItems, type TaskItem } from '@windlass/engine/definition';
import type { Catalog } from '../../../lib/catalog.ts';
import { inputNames } from '../bindings/single-binding.tsx';
import { useDraft, useDraftStore } from '../draft/draft-context.tsx';
import { useSources } from '../draft/use-sources.ts';

/** The outputs of this task, their users, and the outputs of earlier steps that it can use. */
export function DataTab({ task, catalog }: { readonly task: TaskItem; readonly catalog: Catalog }) {
  const definition = useDraft((state) => state.definition);
  const store = useDraftStore();
  const sources = useSources(catalog, { at: 'item', id: task.id });
  const properties = catalog.find(task.type, task.typeVersion)?.output['properties'];
  const users = placedItems(definition).flatMap(({ item }) =>
    item.kind !== 'flow' && Object.values(item.bindings).some((binding) => itemsUsedBy(binding).includes(task.id)) ? [item] : [],
  );
  return (
    <div className="grid gap-4 text-12">
      <section>
        <h3 className="mb-1 text-11 font-semibold text-fg-3">Gives, by the name {task.id}</h3>
        <ul className="grid gap-0.5">
          {Object.entries(isJsonObject(properties) ? properties : {}).map(([name, schema]) => (
            <li key={name} className="flex gap-2">
              <code className="font-mono text-11">
                outputs.{task.id}.{name}
              </code>
              <span className="text-fg-3">{isJsonObject(schema) ? String(schema['type'] ?? 'any') : ''}</span>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h3 className="mb-1 text-11 font-semibold text-fg-3">Used by</h3>
        {users.length === 0 && <p className="text-fg-3">Nobody yet.</p>}
        <ul>
          {users.map((user) => (
            <li key={user.id}>
              <button type="button" className="text-accent-fg hover:underline" onClick={() => store.getState().select([user.id])}>
                {user.name}
              </button>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h3 className="mb-1 text-11 font-semibold text-fg-3">It may use</h3>
        <ul className="grid gap-0.5 font-mono text-11 text-fg-2">
          {inputNames(definition).map((name) => (
            <li key={name}>inputs.{name}</li>
          ))}
          {sources.flatMap(({ id, fields }) =>
            fields.map((name) => (
              <li key={`${id}.${name}`}>
                outputs.{id}.{name}
              </li>
            )),
          )}
        </ul>
      </section>
    </div>
  );
}
