// A container, or for the root the flow itself: its pattern, its inputs, its policy on failure, its revert.
import { type FlowItem, PATTERN_NAMES, PATTERNS, type Problem } from '@windlass/engine/definition';
import { useState } from 'react';
import type { Catalog } from '../../../lib/catalog.ts';
import { Field } from '../../../ui/field.tsx';
import { PatternIcon } from '../../../ui/flow/pattern-icon.tsx';
import { Tabs } from '../../../ui/tabs.tsx';
import { Select, TextField } from '../../../ui/text-field.tsx';
import { withPattern } from '../draft/constructs.ts';
import { ContainerRevertFields } from './container-revert.tsx';
import { useDraft, useDraftStore } from '../draft/draft-context.tsx';
import { updateFlow } from '../draft/edits.ts';
import { FlowSettings } from './flow-settings.tsx';
import { InputsEditor } from '../bindings/inputs-editor.tsx';
import { InspectorHead } from './inspector-head.tsx';
import { LimitsTab } from './limits-tab.tsx';
import { LinksSection } from './links-section.tsx';
import { NumberField } from './number-field.tsx';
import { OutputsEditor } from '../bindings/outputs-editor.tsx';
import { ForEachFields, LoopFields } from './repeat-fields.tsx';
import { RetryFields } from './retry-fields.tsx';

export interface FlowInspectorProps {
  readonly flow: FlowItem;
  readonly catalog: Catalog;
  readonly problems: readonly Problem[];
}

export function FlowInspector({ flow, catalog, problems }: FlowInspectorProps) {
  const name = useDraft(({ definition }) => (flow.id === definition.root.id ? definition.name : flow.name));
  const isRoot = useDraft((state) => state.definition.root.id) === flow.id;
  const [tab, setTab] = useState('flow');
  return (
    <>
      <InspectorHead icon={<PatternIcon pattern={flow.pattern} size={16} />} name={name} kind={isRoot ? 'the flow itself' : 'container'} />
      <Tabs
        label={isRoot ? 'Flow' : 'Container'}
        value={tab}
        onChange={setTab}
        items={[
          { id: 'flow', label: isRoot ? 'Flow' : 'Container', content: <General flow={flow} name={name} catalog={catalog} /> },
          {
            id: 'revert',
            label: 'Revert',
            undo: true,
            content: <ContainerRevertFields key={flow.revert?.mode} flow={flow} catalog={catalog} problems={problems} />,
          },
          {
            id: 'limits',
            label: isRoot ? 'Retry' : 'Retry & limits',
            content: isRoot ? <RetryFields item={flow} catalog={catalog} /> : <LimitsTab item={flow} catalog={catalog} />,
          },
        ]}
      />
    </>
  );
}

function General({ flow, name, catalog }: Omit<FlowInspectorProps, 'problems'> & { readonly name: string }) {
  const store = useDraftStore();
  const isRoot = useDraft((state) => state.definition.root.id) === flow.id;
  const rename = (next: string) =>
    store
      .getState()
      .change(
        'Rename',
        (now) => ({ ...updateFlow(now, flow.id, (one) => ({ ...one, name: next })), ...(isRoot ? { name: next } : {}) }),
        `${flow.id}.name`,
      );
  return (
    <>
      <Field label="Name" required>
        {(control) => <TextField {...control} value={name} maxLength={200} onChange={(event) => rename(event.target.value)} />}
      </Field>
      <Field label="Pattern" hint={PATTERNS[flow.pattern].summary}>
        {(control) => (
          <Select
            {...control}
            value={flow.pattern}
            onChange={(event) => {
              const pattern = PATTERN_NAMES.find((one) => one === event.target.value);
              if (pattern !== undefined)
                store.getState().change('Pattern', (now) => updateFlow(now, flow.id, (one) => withPattern(one, pattern)));
            }}
          >
            {Object.values(PATTERNS).map(({ name: pattern, title }) => (
              <option key={pattern} value={pattern}>
                {title}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {flow.pattern === 'for_each' && <ForEachFields flow={flow} catalog={catalog} />}
      {flow.pattern === 'loop' && <LoopFields flow={flow} />}
      {(flow.pattern === 'unordered' || flow.pattern === 'for_each') && (
        <Field
          label="At once"
          hint={
            flow.pattern === 'unordered'
              ? 'Largest number of items that run at the same time. Empty: no limit.'
              : 'Largest number of iterations at the same time. Empty: one after another.'
          }
        >
          {(control) => (
            <NumberField
              control={control}
              value={flow.limit}
              least={1}
              most={10_000}
              onChange={(limit) =>
                store
                  .getState()
                  .change(
                    'Limit',
                    (now) => updateFlow(now, flow.id, ({ limit: _old, ...one }) => (limit === undefined ? one : { ...one, limit })),
                    `${flow.id}.limit`,
                  )
              }
            />
          )}
        </Field>
      )}
      {isRoot ? (
        <>
          <FlowSettings />
          <InputsEditor />
          <OutputsEditor catalog={catalog} />
        </>
      ) : (
        <LinksSection item={flow} />
      )}
    </>
  );
}
