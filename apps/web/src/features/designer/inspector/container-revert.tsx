// How a container is undone as a whole (R8).
import type { ContainerRevert, FlowItem, Problem } from '@windlass/engine/definition';
import type { Catalog } from '../../../lib/catalog.ts';
import { Field } from '../../../ui/field.tsx';
import { Select, TextArea } from '../../../ui/text-field.tsx';
import { newRevert } from '../draft/constructs.ts';
import { useDraftStore } from '../draft/draft-context.tsx';
import { updateFlow } from '../draft/edits.ts';
import { InputFields } from '../bindings/input-fields.tsx';
import { useSources } from '../draft/use-sources.ts';
import { withBinding, withParameter } from '../draft/wiring.ts';

const HINTS: Record<ContainerRevert['mode'], string> = {
  each: 'Every item inside is undone by its own revert, last first.',
  task: 'If the container was complete, one task undoes the whole container. Otherwise each item is undone by its own revert.',
  none: 'A rollback keeps all effects inside and lists them.',
};

interface ContainerRevertProps {
  readonly flow: FlowItem;
  readonly catalog: Catalog;
  readonly problems: readonly Problem[];
}

export function ContainerRevertFields({ flow, catalog, problems }: ContainerRevertProps) {
  const store = useDraftStore();
  const revert = flow.revert ?? { mode: 'each' };
  const write = (label: string, next: ContainerRevert, key?: string) =>
    store.getState().change(label, (now) => updateFlow(now, flow.id, (one) => ({ ...one, revert: next })), key);
  return (
    <>
      <Field label="How it is undone" hint={HINTS[revert.mode]}>
        {(control) => (
          <Select
            {...control}
            value={revert.mode}
            onChange={(event) => {
              const mode = MODES.find(({ mode: one }) => one === event.target.value)?.mode ?? 'each';
              const type = catalog.list[0]?.type ?? 'message';
              write('How it is undone', newRevert(store.getState().definition, { item: flow.id, mode, type }));
            }}
          >
            {MODES.map(({ mode, words }) => (
              <option key={mode} value={mode}>
                {words}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {revert.mode === 'none' && (
        <Field label="Reason" required>
          {(control) => (
            <TextArea
              {...control}
              rows={2}
              maxLength={2_000}
              defaultValue={revert.reason}
              onChange={(event) => {
                const reason = event.target.value.trim();
                if (reason !== '') write('Reason', { mode: 'none', reason }, `${flow.id}.revert.reason`);
              }}
            />
          )}
        </Field>
      )}
      {revert.mode === 'task' && <UndoTask flow={flow} revert={revert} catalog={catalog} problems={problems} onChange={write} />}
    </>
  );
}

const MODES: readonly { readonly mode: ContainerRevert['mode']; readonly words: string }[] = [
  { mode: 'each', words: 'Each item by its own revert' },
  { mode: 'task', words: 'One task undoes the whole' },
  { mode: 'none', words: 'It is not undone' },
];

interface UndoTaskProps extends ContainerRevertProps {
  readonly revert: Extract<ContainerRevert, { mode: 'task' }>;
  readonly onChange: (label: string, revert: ContainerRevert, key?: string) => void;
}

function UndoTask({ flow, revert, catalog, problems, onChange }: UndoTaskProps) {
  const sources = useSources(catalog, { at: 'revert', id: flow.id });
  const type = catalog.find(revert.type, revert.typeVersion);
  return (
    <>
      <Field label="Task that undoes it">
        {(control) => (
          <Select
            {...control}
            value={revert.type}
            onChange={(event) => {
              const chosen = catalog.list.find((one) => one.type === event.target.value);
              if (chosen === undefined) return;
              onChange('Task that undoes it', {
                ...revert,
                type: chosen.type,
                typeVersion: chosen.version,
                parameters: {},
                bindings: {},
              });
            }}
          >
            {type === undefined && <option value={revert.type}>{revert.type}</option>}
            {catalog.list.map(({ type: name, title }) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {type !== undefined && (
        <InputFields
          schema={type.input}
          wired={revert}
          sources={sources}
          problems={problems.filter(({ item }) => item === revert.id)}
          onValue={(field, value) =>
            onChange(`Change ${field}`, { ...revert, ...withParameter(revert, field, value) }, `${revert.id}.${field}`)
          }
          onBind={({ name, title }, binding, begun) =>
            onChange(`Bind ${title}`, { ...revert, ...withBinding(revert, name, binding) }, begun ? undefined : `${revert.id}.${name}`)
          }
        />
      )}
    </>
  );
}
