import { useEffect, useState } from 'react';
import type { Control } from '../../../ui/control.ts';
import { TextArea } from '../../../ui/text-field.tsx';

export interface CelFieldProps {
  readonly control: Control;
  readonly value: string | undefined;
  /** Called only with a value that can be stored: undefined for an empty text, and not at all when the value is required. */
  readonly onChange: (cel: string | undefined) => void;
  readonly needed?: boolean;
  readonly placeholder?: string;
  readonly rows?: number;
}

/** A CEL expression. If a required expression is empty, the document keeps the old one, because it cannot hold an empty one. */
export function CelField({ control, value, onChange, needed = false, placeholder, rows = 2 }: CelFieldProps) {
  const [text, setText] = useState(value ?? '');
  const [given, setGiven] = useState(value);
  useEffect(() => {
    // The value was changed from outside, for example by undo, so it is shown.
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
