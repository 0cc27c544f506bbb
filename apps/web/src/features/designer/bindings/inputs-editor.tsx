// The flow's inputs, which the launch form shows. The document stores them as JSON Schema.
import { isJsonObject, type JsonObject, type JsonSchema } from '@windlass/engine/definition';
import { Plus, X } from 'lucide-react';
import { Button } from '../../../ui/button.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Select, TextField } from '../../../ui/text-field.tsx';
import { useDraft, useDraftStore } from '../draft/draft-context.tsx';

const TYPES = ['string', 'integer', 'number', 'boolean', 'array', 'object'] as const;

export function InputsEditor() {
  const store = useDraftStore();
  const inputs = useDraft((state) => state.definition.inputs);
  const properties = propertiesOf(inputs);
  const required = requiredOf(inputs);
  const write = (next: JsonObject, needed: readonly string[], key?: string) =>
    store
      .getState()
      .change(
        'Flow inputs',
        (now) => ({ ...now, inputs: { ...now.inputs, type: 'object', properties: next, required: needed.filter((name) => name in next) } }),
        key,
      );
  const add = () => {
    let name = 'input';
    for (let count = 2; name in properties; count += 1) name = `input_${count}`;
    write({ ...properties, [name]: { type: 'string' } }, [...required, name]);
  };
  const rename = (from: string, to: string) => {
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(to) || (to in properties && to !== from)) return;
    const renamed = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name === from ? to : name, schema]));
    write(
      renamed,
      required.map((name) => (name === from ? to : name)),
    );
  };
  const remove = (name: string) => {
    const { [name]: _gone, ...rest } = properties;
    write(rest, required);
  };
  return (
    <section aria-label="Flow inputs" className="mt-2 border-t border-line pt-3">
      <div className="mb-2 flex items-center">
        <h3 className="flex-1 text-12 font-medium">Inputs</h3>
        <Button size="small" onClick={add}>
          <Plus size={12} /> Add input
        </Button>
      </div>
      {Object.keys(properties).length === 0 && <p className="text-11 text-fg-3">This flow has no inputs, so every launch does the same.</p>}
      <ul className="grid gap-2">
        {Object.entries(properties).map(([name, value]) => {
          const schema = isJsonObject(value) ? value : {};
          const set = (more: JsonObject) => write({ ...properties, [name]: { ...schema, ...more } }, required, `input.${name}`);
          return (
            <li key={name} className="grid gap-1.5 rounded-3 border border-line p-2">
              <div className="flex items-center gap-1.5">
                <TextField
                  aria-label={`Name of input ${name}`}
                  mono
                  defaultValue={name}
                  onBlur={(event) => rename(name, event.target.value.trim())}
                />
                <Select
                  aria-label={`Type of input ${name}`}
                  value={String(schema['type'] ?? 'string')}
                  className="!w-28"
                  onChange={(event) => set({ type: event.target.value })}
                >
                  {TYPES.map((type) => (
                    <option key={type}>{type}</option>
                  ))}
                </Select>
                <IconButton label={`Remove input ${name}`} size="small" onClick={() => remove(name)}>
                  <X size={13} />
                </IconButton>
              </div>
              <TextField
                aria-label={`Title of input ${name}`}
                placeholder="Title"
                value={String(schema['title'] ?? '')}
                onChange={(event) => set({ title: event.target.value })}
              />
              {(schema['type'] ?? 'string') === 'string' && (
                <TextField
                  aria-label={`Default of input ${name}`}
                  placeholder="Default"
                  value={String(schema['default'] ?? '')}
                  onChange={(event) => writeDefault(event.target.value)}
                />
              )}
              <label className="flex items-center gap-1.5 text-11 text-fg-2">
                <input
                  type="checkbox"
                  className="accent-accent"
                  checked={required.includes(name)}
                  onChange={(event) =>
                    write(properties, event.target.checked ? [...required, name] : required.filter((one) => one !== name))
                  }
                />
                needed
              </label>
            </li>
          );
          function writeDefault(text: string) {
            const { default: _old, ...rest } = schema;
            write({ ...properties, [name]: text === '' ? rest : { ...rest, default: text } }, required, `input.${name}.default`);
          }
        })}
      </ul>
    </section>
  );
}

function propertiesOf(inputs: JsonSchema): JsonObject {
  return isJsonObject(inputs['properties']) ? inputs['properties'] : {};
}

function requiredOf(inputs: JsonSchema): string[] {
  return Array.isArray(inputs['required']) ? inputs['required'].map(String) : [];
}
