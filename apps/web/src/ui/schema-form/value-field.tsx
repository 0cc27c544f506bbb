// One field of a form, by its kind. An empty field has no value, so that defaults apply.
import { isJsonObject, memberOf, type Json } from '@windlass/engine/definition';
import { Button } from '../button.tsx';
import type { Control } from '../control.ts';
import { JsonTextArea } from '../json/json-text-area.tsx';
import { JSON_VALUE } from '../json/json-text.ts';
import { Select, TextArea, TextField } from '../text-field.tsx';
import { type FormField, fieldsOf } from './schema.ts';

export interface ValueFieldProps {
  readonly field: FormField;
  readonly value: Json | undefined;
  readonly onChange: (value: Json | undefined) => void;
  readonly control: Control;
}

export function ValueField({ field, value, onChange, control }: ValueFieldProps) {
  const placeholder =
    field.defaultValue === undefined
      ? ''
      : typeof field.defaultValue === 'string'
        ? field.defaultValue
        : JSON.stringify(field.defaultValue);
  switch (field.kind) {
    case 'text':
      return (
        <TextField
          {...control}
          value={typeof value === 'string' ? value : ''}
          placeholder={placeholder}
          onChange={(event) => onChange(event.target.value || undefined)}
          spellCheck={false}
        />
      );
    case 'lines':
      return (
        <TextArea
          {...control}
          mono
          value={textOf(value)}
          placeholder={placeholder}
          onChange={(event) => onChange(event.target.value || undefined)}
          spellCheck={false}
        />
      );
    case 'number':
      return (
        <TextField
          {...control}
          type="number"
          value={typeof value === 'number' ? value : ''}
          placeholder={placeholder}
          onChange={(event) => onChange(event.target.value === '' ? undefined : Number(event.target.value))}
        />
      );
    case 'boolean':
      return (
        <input
          {...control}
          type="checkbox"
          className="size-4 accent-accent"
          checked={value === true || (value === undefined && field.defaultValue === true)}
          onChange={(event) => onChange(event.target.checked)}
        />
      );
    case 'choice':
      return (
        <Select
          {...control}
          value={value === undefined ? '' : JSON.stringify(value)}
          onChange={(event) => onChange(event.target.value === '' ? undefined : (JSON.parse(event.target.value) as Json))}
        >
          <option value="">{placeholder === '' ? 'Choose…' : `${placeholder} (default)`}</option>
          {field.choices.map((choice) => (
            <option key={JSON.stringify(choice)} value={JSON.stringify(choice)}>
              {String(choice)}
            </option>
          ))}
        </Select>
      );
    case 'list':
      return (
        <TextArea
          {...control}
          mono
          rows={3}
          placeholder="One per line"
          value={Array.isArray(value) ? value.map(String).join('\n') : ''}
          onChange={(event) => onChange(linesOf(event.target.value, field.numbers))}
          spellCheck={false}
        />
      );
    case 'object':
      return <ObjectField field={field} value={value} onChange={onChange} control={control} />;
    case 'json':
      return (
        <JsonTextArea
          control={control}
          form={JSON_VALUE}
          value={value}
          placeholder={placeholder || '{ "name": "value" }'}
          onChange={(typed) => 'value' in typed && onChange(typed.value)}
        />
      );
  }
}

function textOf(value: Json | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

function linesOf(text: string, numbers: boolean): Json | undefined {
  if (text === '') return undefined;
  const lines = text.split('\n');
  return numbers ? lines.filter((line) => line.trim() !== '').map(Number) : lines;
}

/** An optional group of fields. */
function ObjectField({ field, value, onChange, control }: ValueFieldProps) {
  if (!isJsonObject(value)) {
    return (
      <Button id={control.id} size="small" onClick={() => onChange({})}>
        Add {field.title.toLowerCase()}
      </Button>
    );
  }
  return (
    <div className="grid gap-2 rounded-3 border border-line bg-sunken p-2.5">
      {fieldsOf(field.schema).map((inner) => {
        const id = `${control.id}-${inner.name}`;
        const change = (next: Json | undefined) => {
          const { [inner.name]: _old, ...rest } = value;
          onChange(next === undefined ? rest : { ...rest, [inner.name]: next });
        };
        return (
          <div key={inner.name}>
            <label htmlFor={id} className="mb-0.5 block text-11 font-medium text-fg-2">
              {inner.title}
            </label>
            <ValueField
              field={inner}
              value={memberOf(value, inner.name)}
              onChange={change}
              control={{ id, 'aria-describedby': undefined, 'aria-invalid': false }}
            />
            {inner.description !== undefined && <p className="mt-0.5 text-11 text-fg-3">{inner.description}</p>}
          </div>
        );
      })}
      <Button size="small" look="quiet" className="justify-self-start" onClick={() => onChange(undefined)}>
        Remove {field.title.toLowerCase()}
      </Button>
    </div>
  );
}
