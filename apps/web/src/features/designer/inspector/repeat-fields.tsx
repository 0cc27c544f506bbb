// The repetition of a container: the list of a for-each, the condition of a loop (P6, P7).
import type { FlowItem } from '@windlass/engine/definition';
import type { Catalog } from '../../../lib/catalog.ts';
import { Field } from '../../../ui/field.tsx';
import { Select } from '../../../ui/text-field.tsx';
import { CelField } from '../bindings/cel-field.tsx';
import { useDraftStore } from '../draft/draft-context.tsx';
import { updateFlow } from '../draft/edits.ts';
import { ListBinding } from '../bindings/list-binding.tsx';
import { NumberField } from './number-field.tsx';
import { useSources } from '../draft/use-sources.ts';

interface RepeatFieldsProps {
  readonly flow: FlowItem;
  readonly catalog: Catalog;
}

export function ForEachFields({ flow, catalog }: RepeatFieldsProps) {
  const store = useDraftStore();
  const sources = useSources(catalog, { at: 'item', id: flow.id });
  const forEach = flow.forEach ?? { list: { from: 'constant' as const, value: [] } };
  const write = (label: string, next: NonNullable<FlowItem['forEach']>, key?: string) =>
    store.getState().change(label, (now) => updateFlow(now, flow.id, (one) => ({ ...one, forEach: next })), key);
  return (
    <>
      <ListBinding
        label="List"
        hint={`The items inside run once per element. They can bind to element and index of ${flow.name}.`}
        list={forEach.list}
        sources={sources}
        onChange={(list, begun) => write('List', { ...forEach, list }, begun ? undefined : `${flow.id}.list`)}
      />
      <Field label="Collect" hint="The item whose outputs are collected, in the order of the list.">
        {(control) => (
          <Select
            {...control}
            value={forEach.collect ?? ''}
            onChange={({ target }) => {
              const { collect: _, ...others } = forEach;
              write('Collect', { ...others, ...(target.value === '' ? {} : { collect: target.value }) });
            }}
          >
            <option value="">Of every item, by its id</option>
            {flow.items.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field
        label="Key"
        hint="CEL over element. When the list is evaluated again, an element with an equal key counts as the same element. Empty: the whole element is its key."
      >
        {(control) => (
          <CelField
            control={control}
            placeholder="element.id"
            value={forEach.key}
            onChange={(key) => {
              const { key: _, ...others } = forEach;
              write('Key', { ...others, ...(key === undefined ? {} : { key }) }, `${flow.id}.key`);
            }}
          />
        )}
      </Field>
    </>
  );
}

export function LoopFields({ flow }: { readonly flow: FlowItem }) {
  const store = useDraftStore();
  const loop = flow.loop ?? { again: 'false', limit: 10 };
  const write = (label: string, more: Partial<typeof loop>) =>
    store
      .getState()
      .change(label, (now) => updateFlow(now, flow.id, (one) => ({ ...one, loop: { ...loop, ...more } })), `${flow.id}.${label}`);
  const last = flow.items.findLast(({ kind }) => kind === 'task');
  return (
    <>
      <Field
        label="Condition to go round again"
        hint={`CEL, true or false, evaluated after each round. It can use the outputs of the round and outputs.${flow.id}.round.`}
        required
      >
        {(control) => (
          <CelField
            control={control}
            needed
            placeholder={`outputs.${last?.id ?? 'step'}.ok != true`}
            value={loop.again}
            onChange={(again) => again !== undefined && write('Condition', { again })}
          />
        )}
      </Field>
      <Field label="Most rounds" hint="A loop that reaches this limit fails.">
        {(control) => (
          <NumberField
            control={control}
            value={loop.limit}
            least={1}
            most={10_000}
            onChange={(limit) => write('Most rounds', { limit: limit ?? 1 })}
          />
        )}
      </Field>
    </>
  );
}
