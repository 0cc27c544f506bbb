import type { Json, Problem, TaskItem } from '@windlass/engine';
import { Link2 } from 'lucide-react';
import type { Catalog } from '../../lib/catalog.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import type { FormField } from '../../ui/schema-form/schema.ts';
import { SchemaForm } from '../../ui/schema-form/schema-form.tsx';
import { BindingEditor, newBinding } from './binding-editor.tsx';
import { useDraft, useDraftStore } from './draft-context.tsx';
import { bind, setParameter } from './edits.ts';

/** Fields that a type marks as being about reverting stand on that tab. */
export function isRevertField({ schema }: FormField): boolean {
  return schema['stage'] === 'revert';
}

export interface TaskFieldsProps {
  readonly task: TaskItem;
  readonly catalog: Catalog;
  readonly problems: readonly Problem[];
  readonly only: (field: FormField) => boolean;
}

/** The inputs of a task as fields, each with a button that binds it. */
export function TaskFields({ task, catalog, problems, only }: TaskFieldsProps) {
  const store = useDraftStore();
  const definition = useDraft((state) => state.definition);
  const type = catalog.find(task.type, task.typeVersion);
  if (type === undefined) return <p className="text-12 text-st-failed-fg">The task type “{task.type}” is not known to this server.</p>;
  const errors = Object.fromEntries(problems.flatMap(({ field, message }) => (field === undefined ? [] : [[field, message]])));
  const set = (field: string, value: Json | undefined) =>
    store.getState().change(`Change ${field}`, (now) => setParameter(now, task.id, { field, value }), `${task.id}.${field}`);
  return (
    <SchemaForm
      schema={type.input}
      value={task.parameters}
      onChange={set}
      errors={errors}
      only={only}
      aside={({ name, title }) =>
        task.bindings[name] === undefined && (
          <IconButton
            label={`Bind ${title}`}
            size="small"
            onClick={() =>
              store.getState().change(`Bind ${title}`, (now) => bind(now, task.id, { field: name, binding: newBinding('expression', now) }))
            }
          >
            <Link2 size={13} />
          </IconButton>
        )
      }
      instead={({ name, title }) => {
        const binding = task.bindings[name];
        if (binding === undefined) return undefined;
        return (
          <BindingEditor
            definition={definition}
            catalog={catalog}
            task={task}
            field={name}
            label={title}
            binding={binding}
            onChange={(next) =>
              store.getState().change(`Bind ${title}`, (now) => bind(now, task.id, { field: name, binding: next }), `${task.id}.${name}`)
            }
          />
        );
      }}
    />
  );
}
