import type { Json } from '@windlass/engine/definition';
import { useState } from 'react';
import { Field } from '../field.tsx';
import { JsonTextArea } from './json-text-area.tsx';
import { JSON_OBJECT, JSON_PRESENT } from './json-text.ts';

interface JsonFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly initial: Json;
  readonly shape: 'object' | 'any';
  readonly rows?: number;
  /** Called with the value after each change; null while the text is not valid. */
  readonly onChange: (typed: { readonly value: Json } | null) => void;
}

/** A labelled value written as JSON. */
export function JsonField({ label, hint, initial, shape, rows = 8, onChange }: JsonFieldProps) {
  const [value, setValue] = useState(initial);
  return (
    <Field label={label} hint={hint}>
      {(control) => (
        <JsonTextArea
          control={control}
          form={shape === 'object' ? JSON_OBJECT : JSON_PRESENT}
          rows={rows}
          value={value}
          onChange={(typed) => {
            if ('value' in typed) setValue(typed.value);
            onChange('value' in typed ? typed : null);
          }}
        />
      )}
    </Field>
  );
}
