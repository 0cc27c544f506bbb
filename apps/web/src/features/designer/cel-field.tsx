import { useEffect, useState } from 'react';
import type { Control } from '../../ui/control.ts';
import { TextArea } from '../../ui/text-field.tsx';

export interface CelFieldProps {
  readonly control: Control;
  readonly value: string | undefined;
  /** Given nothing but what can be stored: text that is empty is handed on as undefined, or kept back where it is needed. */
  readonly onChange: (cel: string | undefined) => void;
  readonly needed?: boolean;
  readonly placeholder?: string;
  readonly rows?: number;
}

/** A CEL expression. A needed one that is empty stays in the field: the document cannot hold it. */
export function CelField({ control, value, onChange, needed = false, placeholder, rows = 2 }: CelFieldProps) {
  const [text, setText] = useState(value ?? '');
  const [given, setGiven] = useState(value);
  useEffect(() => {
    // Changed from outside, by undo for one: show that.
    if (value === given) return;
    setGiven(value);
    setText(value ?? '');
  }, [value, given]);
  const change = (next: string) => {
    setText(next);
    const cel = next.trim() === '' ? undefined : next;
    if (cel === undefined && needed) return;
    setGiven(cel);
    onChange(cel);
  };
  const isKept = needed && text.trim() === '';
  return (
    <>
      <TextArea
        {...control}
        mono
        rows={rows}
        maxLength={10_000}
        aria-invalid={isKept || control['aria-invalid']}
        spellCheck={false}
        placeholder={placeholder}
        value={text}
        onChange={(event) => change(event.target.value)}
      />
      {isKept && <p className="mt-1 text-11 text-st-failed-fg">A value is needed, so {value} stays until you type another.</p>}
    </>
  );
}
