// How an input is had: its own value, a flow input, the output of an earlier step, a secret or an expression.
import { type Binding, type FlowDefinition, isJsonObject } from '@windlass/engine/definition';
import { Unlink } from 'lucide-react';
import { IconButton } from '../../ui/icon-button.tsx';
import { Select, TextArea, TextField } from '../../ui/text-field.tsx';
import type { Source } from './scope.ts';

export interface BindingEditorProps {
  readonly definition: FlowDefinition;
  /** What may be bound to from here. */
  readonly sources: readonly Source[];
  readonly label: string;
  readonly binding: Binding;
  /** Without it the binding can be changed, not taken away. */
  readonly onUnbind?: () => void;
  readonly onChange: (binding: Binding) => void;
}

const KINDS: readonly { readonly from: Exclude<Binding['from'], 'constant'>; readonly words: string }[] = [
  { from: 'input', words: 'Flow input' },
  { from: 'output', words: 'Output of a step' },
  { from: 'expression', words: 'Expression' },
  { from: 'secret', words: 'Secret' },
];

export function BindingEditor({ onUnbind, ...source }: BindingEditorProps) {
  const { label, binding, onChange, definition, sources } = source;
  return (
    <div className="grid gap-1.5 rounded-3 border border-accent-ring/40 bg-accent-tint/50 p-2">
      <div className="flex items-center gap-1.5">
        <Select
          aria-label={`${label}: where it comes from`}
          value={binding.from}
          onChange={(event) => onChange(newBinding(event.target.value, { definition, sources }))}
        >
          {KINDS.map(({ from, words }) => (
            <option key={from} value={from}>
              {words}
            </option>
          ))}
        </Select>
        {onUnbind !== undefined && (
          <IconButton label={`Unbind ${label}`} size="small" onClick={onUnbind}>
            <Unlink size={13} />
          </IconButton>
        )}
      </div>
      <From {...source} />
    </div>
  );
}

function From({ definition, sources, label, binding, onChange }: Omit<BindingEditorProps, 'onUnbind'>) {
  switch (binding.from) {
    case 'constant':
      return <p className="font-mono text-11">{JSON.stringify(binding.value)}</p>;
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
          <p className="text-11 text-fg-3">CEL over inputs.…, outputs.step.… and secrets.…</p>
        </>
      );
  }
}

/** A first binding of a kind. */
export function newBinding(kind: string, { definition, sources }: Pick<BindingEditorProps, 'definition' | 'sources'>): Binding {
  switch (kind) {
    case 'input':
      return { from: 'input', name: inputNames(definition)[0] ?? '' };
    case 'output':
      return { from: 'output', item: sources[0]?.id ?? 'step', path: '' };
    case 'secret':
      return { from: 'secret', name: '' };
    default:
      return { from: 'expression', cel: '' };
  }
}

export function inputNames(definition: FlowDefinition): string[] {
  const { properties } = definition.inputs;
  return isJsonObject(properties) ? Object.keys(properties) : [];
}
