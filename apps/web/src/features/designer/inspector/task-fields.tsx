import type { Problem, SubflowItem, TaskItem } from '@windlass/engine/definition';
import type { Catalog } from '../../../lib/catalog.ts';
import type { FormField } from '../../../ui/schema-form/schema.ts';
import { useDraftStore } from '../draft/draft-context.tsx';
import { bind, setParameter } from '../draft/edits.ts';
import { InputFields, type InputFieldsProps } from '../bindings/input-fields.tsx';
import { useSources } from '../draft/use-sources.ts';

/** Fields that a type marks for reverting are shown on the Revert tab. */
export function isRevertField({ schema }: FormField): boolean {
  return schema['stage'] === 'revert';
}

export interface TaskFieldsProps {
  readonly task: TaskItem;
  readonly catalog: Catalog;
  readonly problems: readonly Problem[];
  readonly only: (field: FormField) => boolean;
}

/** The inputs of a task. */
export function TaskFields({ task, catalog, problems, only }: TaskFieldsProps) {
  const type = catalog.find(task.type, task.typeVersion);
  if (type === undefined) return <p className="text-12 text-st-failed-fg">This server does not know the task type “{task.type}”.</p>;
  return <ItemFields item={task} schema={type.input} catalog={catalog} problems={problems} only={only} />;
}

interface ItemFieldsProps extends Pick<InputFieldsProps, 'schema' | 'problems' | 'only'> {
  readonly item: TaskItem | SubflowItem;
  readonly catalog: Catalog;
}

/** The inputs of a task or a subflow, written into the draft. */
export function ItemFields({ item, catalog, ...rest }: ItemFieldsProps) {
  const store = useDraftStore();
  const sources = useSources(catalog, { at: 'item', id: item.id });
  return (
    <InputFields
      {...rest}
      wired={item}
      sources={sources}
      onValue={(field, value) =>
        store.getState().change(`Change ${field}`, (now) => setParameter(now, item.id, { field, value }), `${item.id}.${field}`)
      }
      onBind={({ name, title }, binding, begun) =>
        store
          .getState()
          .change(`Bind ${title}`, (now) => bind(now, item.id, { field: name, binding }), begun ? undefined : `${item.id}.${name}`)
      }
    />
  );
}
