// A binding without alternatives: a flow input, the output or the caught failure of an earlier step, a secret, an expression or a fixed value.
import { type Binding, type FlowDefinition, isJsonObject, type SingleBinding } from '@windlass/engine/definition';
import { Select, TextArea, TextField } from '../../../ui/text-field.tsx';
import { catchingItems, FailureFields } from './failure-fields.tsx';
import type { Source } from '../draft/sources-for.ts';
import { ValueField } from './value-line-field.tsx';

export interface SingleBindingProps {
  readonly definition: FlowDefinition;
  /** The sources that can be bound to here. */
  readonly sources: readonly Source[];
  readonly label: string;
  readonly binding: SingleBinding;
  readonly onChange: (binding: SingleBinding) => void;
}

/** The fields of one kind of binding. */
export function SingleBindingFields({ definition, sources, label, binding, onChange }: SingleBindingProps) {
  switch (binding.from) {
    case 'constant':
      return <ValueField label={`${label}: value`} value={binding.value} onChange={(value) => onChange({ from: 'constant', value })} />;
    case 'input':
      return (
        <Select
          aria-label={`${label}: flow input`}
          value={binding.name}
          onChange={(event) => onChange({ from: 'input', name: event.target.value })}
        >
          <option value="">Choose an input…</option>
          {inputNames(definition).map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
      );
    case 'output': {
      const source = sources.find(({ id }) => id === binding.item);
      const outputs = source?.fields ?? [];
      return (
        <div className="grid grid-cols-2 gap-1.5">
          <Select
            aria-label={`${label}: step`}
            value={binding.item}
            onChange={(event) => onChange({ from: 'output', item: event.target.value, path: '' })}
          >
            {source === undefined && <option value={binding.item}>{binding.item || 'Choose a step…'}</option>}
            {sources.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
          <Select
            aria-label={`${label}: output`}
            value={binding.path}
            onChange={(event) => onChange({ ...binding, path: event.target.value })}
          >
            <option value="">everything</option>
            {!outputs.includes(binding.path) && binding.path !== '' && <option>{binding.path}</option>}
            {outputs.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        </div>
      );
    }
    case 'failure':
      return <FailureFields definition={definition} label={label} binding={binding} onChange={onChange} />;
    case 'secret':
      return (
        <TextField
          aria-label={`${label}: secret`}
          mono
          placeholder="Name of the secret"
          value={binding.name}
          onChange={(event) => onChange({ from: 'secret', name: event.target.value })}
        />
      );
    case 'expression':
      return (
        <>
          <TextArea
            aria-label={`${label}: expression`}
            mono
            rows={3}
            spellCheck={false}
            placeholder={'"site/releases/" + inputs.version'}
            value={binding.cel}
            onChange={(event) => onChange({ from: 'expression', cel: event.target.value })}
          />
          <p className="text-11 text-fg-3">CEL over inputs.…, outputs.step.…, failures.step.… and secrets.…</p>
        </>
      );
  }
}

/** A first binding of a kind. */
export function newBinding(
  kind: Binding['from'],
  { definition, sources }: Pick<SingleBindingProps, 'definition' | 'sources'>,
): SingleBinding {
  switch (kind) {
    case 'input':
      return { from: 'input', name: inputNames(definition)[0] ?? '' };
    case 'output':
      return { from: 'output', item: sources[0]?.id ?? 'step', path: '' };
    case 'failure':
      return { from: 'failure', item: catchingItems(definition)[0]?.id ?? 'step', path: 'message' };
    case 'secret':
      return { from: 'secret', name: '' };
    case 'constant':
      return { from: 'constant', value: null };
    case 'expression':
    case 'first':
      return { from: 'expression', cel: '' };
  }
}

export function inputNames(definition: FlowDefinition): string[] {
  const { properties } = definition.inputs;
  return isJsonObject(properties) ? Object.keys(properties) : [];
}
