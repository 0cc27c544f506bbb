// A subflow: which flow, which of its versions, and its inputs as a form (P8).
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Item, Problem, SubflowItem } from '@windlass/engine/definition';
import { ExternalLink, Workflow } from 'lucide-react';
import { useState } from 'react';
import type { Catalog } from '../../../lib/catalog.ts';
import { useFlowVersions } from '../../../lib/flow-versions.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { Field } from '../../../ui/field.tsx';
import { Tabs } from '../../../ui/tabs.tsx';
import { Select } from '../../../ui/text-field.tsx';
import { useDraft, useDraftStore } from '../draft/draft-context.tsx';
import { updateItem } from '../draft/edits.ts';
import { InspectorHead } from './inspector-head.tsx';
import { LimitsTab } from './limits-tab.tsx';
import { LinksSection } from './links-section.tsx';
import { NameField, NoteField } from './name-and-note.tsx';
import { ItemFields } from './task-fields.tsx';

export interface SubflowInspectorProps {
  readonly item: SubflowItem;
  readonly catalog: Catalog;
  readonly problems: readonly Problem[];
}

export function SubflowInspector({ item, catalog, problems }: SubflowInspectorProps) {
  const store = useDraftStore();
  const trpc = useTRPC();
  const [tab, setTab] = useState('flow');
  const own = useDraft((state) => state.flow);
  const findVersion = useFlowVersions(useDraft((state) => state.definition));
  const flows = useQuery(trpc.flows.list.queryOptions());
  const versions = useQuery(trpc.flows.versions.queryOptions({ flow: item.flow }, { retry: false }));
  const used = findVersion(item.flow, item.version);
  const change = (label: string, more: Partial<SubflowItem>) =>
    store.getState().change(label, (now) => updateItem(now, item.id, (one) => ({ ...one, ...more }) as Item));
  const choices = (flows.data ?? []).filter(({ id, version }) => version > 0 && id !== own);
  return (
    <>
      <InspectorHead
        icon={<Workflow size={16} strokeWidth={1.5} aria-hidden />}
        name={item.name}
        kind={`subflow · version ${item.version}`}
        action={
          <Link
            to="/flows/$flowId"
            params={{ flowId: item.flow }}
            className="flex items-center gap-1 text-12 text-accent-fg hover:underline"
            aria-label={`Open ${used?.name ?? item.flow}`}
          >
            Open <ExternalLink size={12} aria-hidden />
          </Link>
        }
      />
      <Tabs
        label="Subflow"
        value={tab}
        onChange={setTab}
        items={[
          {
            id: 'flow',
            label: 'Flow',
            content: (
              <>
                <NameField item={item} />
                <div className="grid grid-cols-[1fr_104px] gap-x-2">
                  <Field label="Flow">
                    {(control) => (
                      <Select
                        {...control}
                        value={item.flow}
                        onChange={(event) => {
                          const chosen = choices.find(({ id }) => id === event.target.value);
                          if (chosen === undefined) return;
                          change('Choose flow', { flow: chosen.id, version: chosen.version, parameters: {}, bindings: {} });
                        }}
                      >
                        {!choices.some(({ id }) => id === item.flow) && <option value={item.flow}>{used?.name ?? item.flow}</option>}
                        {choices.map(({ id, name }) => (
                          <option key={id} value={id}>
                            {name}
                          </option>
                        ))}
                      </Select>
                    )}
                  </Field>
                  <Field label="Version">
                    {(control) => (
                      <Select
                        {...control}
                        value={item.version}
                        onChange={(event) => change('Choose version', { version: Number(event.target.value) })}
                      >
                        {!versions.data?.some(({ version }) => version === item.version) && (
                          <option value={item.version}>v{item.version}</option>
                        )}
                        {versions.data?.map(({ version }, index) => (
                          <option key={version} value={version}>
                            v{version}
                            {index === 0 ? ' (newest)' : ''}
                          </option>
                        ))}
                      </Select>
                    )}
                  </Field>
                </div>
                {used !== undefined && (
                  <ItemFields
                    item={item}
                    schema={used.inputs}
                    catalog={catalog}
                    problems={problems.filter((problem) => problem.item === item.id)}
                  />
                )}
                <Gives item={item} outputs={used === undefined ? undefined : Object.keys(used.outputs)} />
                <NoteField item={item} />
                <LinksSection item={item} />
              </>
            ),
          },
          { id: 'limits', label: 'Retry & limits', content: <LimitsTab item={item} catalog={catalog} /> },
        ]}
      />
    </>
  );
}

function Gives({ item, outputs }: { readonly item: SubflowItem; readonly outputs: readonly string[] | undefined }) {
  if (outputs === undefined) return <p className="mb-3 text-12 text-fg-3">Reading version {item.version}…</p>;
  return (
    <section className="mb-3.5">
      <h3 className="mb-1 text-11 font-semibold text-fg-3">Gives, by the name {item.id}</h3>
      {outputs.length === 0 && <p className="text-11 text-fg-3">Nothing: the flow has no outputs.</p>}
      <ul className="grid gap-0.5 font-mono text-11">
        {outputs.map((name) => (
          <li key={name}>
            outputs.{item.id}.{name}
          </li>
        ))}
      </ul>
    </section>
  );
}
