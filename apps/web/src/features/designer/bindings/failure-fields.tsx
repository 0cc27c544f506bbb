// The caught failure of a step (P11): of which step, and which field of it.
import { type FlowDefinition, placedItems, type SingleBinding } from '@windlass/engine/definition';
import { Select } from '../../../ui/text-field.tsx';

type FailureBinding = Extract<SingleBinding, { from: 'failure' }>;

const FIELDS = ['code', 'message', 'atom', 'data'] as const;

export interface FailureFieldsProps {
  readonly definition: FlowDefinition;
  readonly label: string;
  readonly binding: FailureBinding;
  readonly onChange: (binding: FailureBinding) => void;
}

export function FailureFields({ definition, label, binding, onChange }: FailureFieldsProps) {
  const items = catchingItems(definition);
  return (
    <div className="grid grid-cols-2 gap-1.5">
      <Select
        aria-label={`${label}: step that fails`}
        value={binding.item}
        onChange={(event) => onChange({ ...binding, item: event.target.value })}
      >
        {!items.some(({ id }) => id === binding.item) && <option value={binding.item}>{binding.item}</option>}
        {items.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
      <Select
        aria-label={`${label}: field of the failure`}
        value={binding.path}
        onChange={(event) => onChange({ ...binding, path: event.target.value })}
      >
        <option value="">everything</option>
        {!FIELDS.some((field) => field === binding.path) && binding.path !== '' && <option>{binding.path}</option>}
        {FIELDS.map((field) => (
          <option key={field}>{field}</option>
        ))}
      </Select>
    </div>
  );
}

/** The items that links on failure leave. */
export function catchingItems(definition: FlowDefinition): readonly { readonly id: string; readonly name: string }[] {
  return placedItems(definition).flatMap(({ item, within }) => {
    const isCatching = within.at(-1)?.links.some(({ onFailure, from }) => onFailure === true && from === item.id) ?? false;
    return isCatching ? [{ id: item.id, name: item.name }] : [];
  });
}
