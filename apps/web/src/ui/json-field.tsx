import { type Json, isJsonObject } from '@windlass/engine/definition';
import { useState } from 'react';
import { Field } from './field.tsx';
import { TextArea } from './text-field.tsx';

interface JsonFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly initial: Json;
  readonly shape: 'object' | 'any';
  readonly rows?: number;
  /** The value with each change; null while the text is not what it should be. */
  readonly onChange: (typed: { readonly value: Json } | null) => void;
}

/** A value written as JSON; what does not parse is said below, and nothing typed is lost. */
export function JsonField({ label, hint, initial, shape, rows = 8, onChange }: JsonFieldProps) {
  const [text, setText] = useState(() => JSON.stringify(initial, null, 2));
  const [error, setError] = useState<string>();
  const type = (next: string) => {
    setText(next);
    const parsed = parse(next, shape);
    setError(parsed.error);
    onChange(parsed.error === undefined ? { value: parsed.value } : null);
  };
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <TextArea {...control} mono rows={rows} spellCheck={false} value={text} onChange={({ target }) => type(target.value)} />
      )}
    </Field>
  );
}

function parse(text: string, shape: 'object' | 'any'): { readonly value: Json; readonly error?: string } {
  try {
    const value = JSON.parse(text) as Json;
    return shape === 'object' && !isJsonObject(value)
      ? { value, error: 'This must be a JSON object, such as {"path": "a.txt"}.' }
      : { value };
  } catch (error) {
    return { value: null, error: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}
