import { type Json, type JsonObject, type JsonSchema, memberOf } from '@windlass/engine/definition';
import type { ReactNode } from 'react';
import { Field } from '../field.tsx';
import { type FormField, fieldsOf } from './schema.ts';
import { ValueField } from './value-field.tsx';

export interface SchemaFormProps {
  readonly schema: JsonSchema;
  readonly value: JsonObject;
  readonly onChange: (field: string, value: Json | undefined) => void;
  /** Messages by field. */
  readonly errors?: { readonly [field: string]: string };
  /** The fields to show; all when absent. */
  readonly only?: (field: FormField) => boolean;
  /** Beside a field's label. */
  readonly aside?: (field: FormField) => ReactNode;
  /** A control to show instead of a field's own; undefined keeps the own one. */
  readonly instead?: (field: FormField) => ReactNode | undefined;
}

/** A form from a JSON Schema. */
export function SchemaForm({ schema, value, onChange, errors = {}, only = () => true, aside, instead }: SchemaFormProps) {
  return (
    <>
      {fieldsOf(schema)
        .filter(only)
        .map((field) => (
          <Field
            key={field.name}
            label={field.title}
            hint={field.description}
            error={memberOf(errors, field.name)}
            required={field.required}
            aside={aside?.(field)}
          >
            {(control) =>
              instead?.(field) ?? (
                <ValueField
                  field={field}
                  value={memberOf(value, field.name)}
                  onChange={(next) => onChange(field.name, next)}
                  control={control}
                />
              )
            }
          </Field>
        ))}
    </>
  );
}
