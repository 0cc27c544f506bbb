// How an input is had: its own value, a flow input, the output of an earlier step, a secret or an expression.
import { type Binding, type FlowDefinition, isJsonObject, placedItems, relate, type TaskItem } from '@windlass/engine';
import { Unlink } from 'lucide-react';
import type { Catalog } from '../../lib/catalog.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Select, TextArea, TextField } from '../../ui/text-field.tsx';

export interface BindingEditorProps {
  readonly definition: FlowDefinition;
  readonly catalog: Catalog;
  readonly task: TaskItem;
  readonly field: string;
  readonly label: string;
  readonly binding: Binding;
  readonly onChange: (binding: Binding | undefined) => void;
}

const KINDS: readonly { readonly from: Exclude<Binding['from'], 'constant'>; readonly words: string }[] = [
  { from: 'input', words: 'Flow input' },
  { from: 'output', words: 'Output of a step' },
  { from: 'expression', words: 'Expression' },
  { from: 'secret', words: 'Secret' },
];

export function BindingEditor({ definition, catalog, task, label, binding, onChange }: BindingEditorProps) {
  return (
    <div className="grid gap-1.5 rounded-3 border border-accent-ring/40 bg-accent-tint/50 p-2">
      <div className="flex items-center gap-1.5">
        <Select
          aria-label={`${label}: where it comes from`}
          value={binding.from}
          onChange={(event) => onChange(newBinding(event.target.value, definition))}
        >
          {KINDS.map(({ from, words }) => (
            <option key={from} value={from}>
              {words}
            </option>
          ))}
        </Select>
        <IconButton label={`Unbind ${label}`} size="small" onClick={() => onChange(undefined)}>
          <Unlink size={13} />
        </IconButton>
      </div>
      <Source definition={definition} catalog={catalog} task={task} label={label} binding={binding} onChange={onChange} />
    </div>
  );
}

function Source({ definition, catalog, task, label, binding, onChange }: Omit<BindingEditorProps, 'field'>) {
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
      const sources = earlierTasks(definition, task);
      const source = sources.find(({ id }) => id === binding.item);
      const outputs = source === undefined ? [] : outputNames(catalog, source);
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
export function newBinding(kind: string, definition: FlowDefinition): Binding {
  switch (kind) {
    case 'input':
      return { from: 'input', name: inputNames(definition)[0] ?? '' };
    case 'output':
      return { from: 'output', item: placedItems(definition).find(({ item }) => item.kind === 'task')?.item.id ?? 'step', path: '' };
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

/** Tasks whose output this one may use. */
export function earlierTasks(definition: FlowDefinition, task: TaskItem): TaskItem[] {
  const placed = placedItems(definition);
  const user = placed.find(({ item }) => item.id === task.id);
  if (user === undefined) return [];
  return placed.flatMap((used) => {
    if (used.item.kind !== 'task' || used.item.id === task.id) return [];
    const relation = relate(used, { item: task, within: user.within });
    return relation.kind === 'before' || relation.kind === 'orders' ? [used.item] : [];
  });
}

export function outputNames(catalog: Catalog, task: TaskItem): string[] {
  const properties = catalog.find(task.type, task.typeVersion)?.output['properties'];
  return isJsonObject(properties) ? Object.keys(properties) : [];
}
