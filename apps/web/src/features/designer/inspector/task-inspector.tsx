// One task: apply and revert side by side in tabs, and its data.
import { effectsOfItem, type Problem, type TaskItem } from '@windlass/engine/definition';
import { useState } from 'react';
import type { Catalog } from '../../../lib/catalog.ts';
import { Field } from '../../../ui/field.tsx';
import { Tabs } from '../../../ui/tabs.tsx';
import { TaskIcon } from '../../../ui/flow/task-icon.tsx';
import { TextArea, TextField } from '../../../ui/text-field.tsx';
import { DataTab } from './data-tab.tsx';
import { useDraftStore } from '../draft/draft-context.tsx';
import { updateItem } from '../draft/edits.ts';
import { LimitsTab } from './limits-tab.tsx';
import { LinksSection } from './links-section.tsx';
import { RevertTab } from './revert-tab.tsx';
import { isRevertField, TaskFields } from './task-fields.tsx';

export interface TaskInspectorProps {
  readonly task: TaskItem;
  readonly catalog: Catalog;
  readonly problems: readonly Problem[];
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
                  {(control) => (
                    <TextField
                      {...control}
                      value={task.name}
                      maxLength={200}
                      onChange={(event) => change('Rename', { name: event.target.value })}
                    />
                  )}
                </Field>
                <TaskFields task={task} catalog={catalog} problems={own} only={(field) => !isRevertField(field)} />
                <Field label="Note">
                  {(control) => (
                    <TextArea
                      {...control}
                      rows={2}
                      value={task.note ?? ''}
                      onChange={(event) => change('Note', { note: event.target.value })}
                    />
                  )}
                </Field>
                <LinksSection item={task} />
              </>
            ),
          },
          {
            id: 'revert',
            label: 'Revert',
            undo: true,
            content: <RevertTab task={task} catalog={catalog} problems={own} effects={effects} />,
          },
          { id: 'data', label: 'Data', content: <DataTab task={task} catalog={catalog} /> },
          { id: 'limits', label: 'Retry & limits', content: <LimitsTab item={task} catalog={catalog} /> },
        ]}
      />
    </>
  );
}
