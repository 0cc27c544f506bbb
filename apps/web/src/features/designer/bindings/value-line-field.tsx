import type { Json } from '@windlass/engine/definition';
import { useEffect, useRef, useState } from 'react';
import { TextField } from '../../../ui/text-field.tsx';
import { lineOf, valueOfLine } from '../../../ui/json/json-text.ts';

export interface ValueFieldProps {
  readonly label: string;
  readonly value: Json;
  readonly onChange: (value: Json) => void;
}

/** One value: JSON if the line is JSON, else its text. */
export function ValueField({ label, value, onChange }: ValueFieldProps) {
  const [text, setText] = useState(() => lineOf(value));
  const given = useRef(value);
  useEffect(() => {
    // The value was changed from outside, for example by undo, so it is shown.
    if (JSON.stringify(given.current) !== JSON.stringify(value)) setText(lineOf(value));
    given.current = value;
  }, [value]);
  return (
    <TextField
      aria-label={label}
      mono
      placeholder="JSON or plain text"
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        const read = valueOfLine(event.target.value);
        given.current = read;
        onChange(read);
      }}
    />
  );
}
