// One task: apply and revert side by side in tabs, and its data.
import { effectsOfItem, type Problem, type TaskItem } from '@windlass/engine/definition';
import { useState } from 'react';
import type { Catalog } from '../../../lib/catalog.ts';
import { Tabs } from '../../../ui/tabs.tsx';
import { TaskIcon } from '../../../ui/flow/task-icon.tsx';
import { DataTab } from './data-tab.tsx';
import { InspectorHead } from './inspector-head.tsx';
import { LimitsTab } from './limits-tab.tsx';
import { LinksSection } from './links-section.tsx';
import { NameField, NoteField } from './name-and-note.tsx';
import { RevertTab } from './revert-tab.tsx';
import { isRevertField, TaskFields } from './task-fields.tsx';

export interface TaskInspectorProps {
  readonly task: TaskItem;
  readonly catalog: Catalog;
  readonly problems: readonly Problem[];
}

export function TaskInspector({ task, catalog, problems }: TaskInspectorProps) {
  const [tab, setTab] = useState('apply');
  const type = catalog.find(task.type, task.typeVersion);
  const effects = effectsOfItem(task, catalog.find);
  const own = problems.filter(({ item }) => item === task.id);
  return (
    <>
      <InspectorHead
        icon={<TaskIcon name={type?.icon} />}
        name={task.name}
        kind={`${task.type} · ${effects?.kind === 'none' ? 'no effect' : (effects?.kind ?? 'unknown type')}`}
      />
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
                <NameField item={task} />
                <TaskFields task={task} catalog={catalog} problems={own} only={(field) => !isRevertField(field)} />
                <NoteField item={task} />
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
