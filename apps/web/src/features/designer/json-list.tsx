import type { Json } from '@windlass/engine/definition';
import { useEffect, useRef, useState } from 'react';
import type { Control } from '../../ui/schema-form/value-field.tsx';
import { TextArea } from '../../ui/text-field.tsx';

export interface JsonListProps {
  readonly control: Control;
  readonly values: readonly Json[];
  readonly onChange: (values: Json[]) => void;
}

/** Values, one a line: JSON where a line is JSON, else text as it stands. */
export function JsonList({ control, values, onChange }: JsonListProps) {
  const [text, setText] = useState(() => textOf(values));
  const given = useRef(values);
  useEffect(() => {
    if (JSON.stringify(given.current) !== JSON.stringify(values)) setText(textOf(values));
    given.current = values;
  }, [values]);
  return (
    <TextArea
      {...control}
      mono
      rows={3}
      spellCheck={false}
      placeholder="One a line"
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        const read = valuesOf(event.target.value);
        given.current = read;
        onChange(read);
      }}
    />
  );
}

function textOf(values: readonly Json[]): string {
  return values.map(lineOf).join('\n');
}

function valuesOf(text: string): Json[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(valueOfLine);
}

/** A value as one line of text. */
export function lineOf(value: Json): string {
  return typeof value === 'string' && valueOfLine(value) === value ? value : JSON.stringify(value);
}

/** JSON where the line is JSON, else its text. */
export function valueOfLine(line: string): Json {
  try {
    return JSON.parse(line) as Json;
  } catch {
    return line;
  }
}
