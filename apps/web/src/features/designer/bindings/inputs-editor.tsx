// The flow's inputs, which the launch form shows. The document stores them as JSON Schema.
import { type JsonObject, type JsonSchema, memberOf } from '@windlass/engine/definition';
import { objectOf } from '../../../lib/object-of.ts';
import { Select, TextField } from '../../../ui/text-field.tsx';
import { NamedList } from './named-list.tsx';
import { useDraft, useDraftStore } from '../draft/draft-context.tsx';
import { freeName, renamed } from '../draft/named-values.ts';

const TYPES = ['string', 'integer', 'number', 'boolean', 'array', 'object'] as const;

export function InputsEditor() {
  const store = useDraftStore();
  const inputs = useDraft((state) => state.definition.inputs);
  const properties = propertiesOf(inputs);
  const required = requiredOf(inputs);
  const write = (next: JsonObject, needed: readonly string[], key?: string) =>
    store.getState().change(
      'Flow inputs',
      (now) => ({
        ...now,
        inputs: { ...now.inputs, type: 'object', properties: next, required: needed.filter((name) => memberOf(next, name) !== undefined) },
      }),
      key,
    );
  const add = () => {
    const name = freeName('input', properties);
    write({ ...properties, [name]: { type: 'string' } }, [...required, name]);
  };
  const rename = (from: string, to: string) => {
    const next = renamed(properties, { from, to });
    if (next === null) return;
    write(
      next,
      required.map((name) => (name === from ? to : name)),
    );
  };
  const remove = (name: string) => {
    const { [name]: _gone, ...rest } = properties;
    write(rest, required);
  };
  const set = (name: string, next: JsonObject, field = '') => write({ ...properties, [name]: next }, required, `input.${name}${field}`);
  const setDefault = (name: string, { default: _old, ...rest }: JsonObject, text: string) =>
    set(name, text === '' ? rest : { ...rest, default: text }, '.default');
  return (
    <NamedList
      kind="input"
      values={properties}
      empty="This flow has no inputs, so every launch does the same."
      onAdd={add}
      onRename={rename}
      onRemove={remove}
      besideName={(name, schema) => (
        <Select
          aria-label={`Type of input ${name}`}
          value={String(objectOf(schema)['type'] ?? 'string')}
          className="!w-28"
          onChange={(event) => set(name, { ...objectOf(schema), type: event.target.value })}
        >
          {TYPES.map((type) => (
            <option key={type}>{type}</option>
          ))}
        </Select>
      )}
    >
      {(name, schema) => (
        <>
          <TextField
            aria-label={`Title of input ${name}`}
            placeholder="Title"
            value={String(objectOf(schema)['title'] ?? '')}
            onChange={(event) => set(name, { ...objectOf(schema), title: event.target.value })}
          />
          {(objectOf(schema)['type'] ?? 'string') === 'string' && (
            <TextField
              aria-label={`Default of input ${name}`}
              placeholder="Default"
              value={String(objectOf(schema)['default'] ?? '')}
              onChange={(event) => setDefault(name, objectOf(schema), event.target.value)}
            />
          )}
          <label className="flex items-center gap-1.5 text-11 text-fg-2">
            <input
              type="checkbox"
              className="accent-accent"
              checked={required.includes(name)}
              onChange={(event) => write(properties, event.target.checked ? [...required, name] : required.filter((one) => one !== name))}
            />
            needed
          </label>
        </>
      )}
    </NamedList>
  );
}

function propertiesOf(inputs: JsonSchema): JsonObject {
  return objectOf(inputs['properties']);
}

function requiredOf(inputs: JsonSchema): string[] {
  return Array.isArray(inputs['required']) ? inputs['required'].map(String) : [];
}
