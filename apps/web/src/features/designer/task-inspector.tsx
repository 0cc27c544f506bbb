// One task: apply and revert side by side in tabs, and its data.
import { effectsOfItem, type Json, type Problem, type TaskItem } from '@windlass/engine';
import { Link2 } from 'lucide-react';
import { useState } from 'react';
import type { Catalog } from '../../lib/catalog.ts';
import { Field } from '../../ui/field.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import type { FormField } from '../../ui/schema-form/schema.ts';
import { SchemaForm } from '../../ui/schema-form/schema-form.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { TaskIcon } from '../../ui/task-icon.tsx';
import { TextArea, TextField } from '../../ui/text-field.tsx';
import { BindingEditor, newBinding } from './binding-editor.tsx';
import { DataTab } from './data-tab.tsx';
import { useDraft, useDraftStore } from './draft-context.tsx';
import { bind, setParameter, updateItem } from './edits.ts';
import { RevertTab } from './revert-tab.tsx';

export interface TaskInspectorProps {
  readonly task: TaskItem;
  readonly catalog: Catalog;
  readonly problems: readonly Problem[];
}

/** Fields that a type marks as being about reverting stand on that tab. */
export function isRevertField({ schema }: FormField): boolean {
  return schema['stage'] === 'revert';
}

export function TaskInspector({ task, catalog, problems }: TaskInspectorProps) {
  const store = useDraftStore();
  const [tab, setTab] = useState('apply');
  const type = catalog.find(task.type, task.typeVersion);
  const effects = effectsOfItem(task, catalog.find);
  const change = (label: string, more: Partial<Pick<TaskItem, 'name' | 'note'>>) =>
    store.getState().change(label, (now) => updateItem(now, task.id, (item) => ({ ...item, ...more })), `${task.id}.${label}`);
  const own = problems.filter(({ item }) => item === task.id);
  return (
    <>
      <header className="flex items-center gap-2.5 px-4 py-3">
        <span className="grid size-7 shrink-0 place-items-center rounded-2 bg-sunken text-fg-2">
          <TaskIcon name={type?.icon} />
        </span>
        <div className="min-w-0">
          <h2 className="truncate text-13 font-semibold">{task.name}</h2>
          <p className="truncate text-11 text-fg-3">
            {task.type} · {effects?.kind === 'none' ? 'no effect' : (effects?.kind ?? 'unknown type')}
          </p>
        </div>
      </header>
      <Tabs
        label="Task"
        value={tab}
        onChange={setTab}
        items={[
          {
            id: 'apply',
            label: 'Apply',
            content: (
              <>
                <Field label="Name" required>
                  {(control) => <TextField {...control} value={task.name} maxLength={200} onChange={(event) => change('Rename', { name: event.target.value })} />}
                </Field>
                <TaskFields task={task} catalog={catalog} problems={own} only={(field) => !isRevertField(field)} />
                <Field label="Note">
                  {(control) => <TextArea {...control} rows={2} value={task.note ?? ''} onChange={(event) => change('Note', { note: event.target.value })} />}
                </Field>
              </>
            ),
          },
          { id: 'revert', label: 'Revert', undo: true, content: <RevertTab task={task} catalog={catalog} problems={own} effects={effects} /> },
          { id: 'data', label: 'Data', content: <DataTab task={task} catalog={catalog} /> },
        ]}
      />
    </>
  );
}

/** The inputs of a task as fields, each with a button that binds it. */
export function TaskFields({ task, catalog, problems, only }: TaskInspectorProps & { readonly only: (field: FormField) => boolean }) {
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
            onClick={() => store.getState().change(`Bind ${title}`, (now) => bind(now, task.id, { field: name, binding: newBinding('expression', now) }))}
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
            onChange={(next) => store.getState().change(`Bind ${title}`, (now) => bind(now, task.id, { field: name, binding: next }), `${task.id}.${name}`)}
          />
        );
      }}
    />
  );
}
