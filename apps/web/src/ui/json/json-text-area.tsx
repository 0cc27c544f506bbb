// The only text area for JSON. The typed text stays even if it cannot be parsed: then the reason is shown below, and the
// last valid value is kept.
import { useEffect, useRef, useState } from 'react';
import type { Control } from '../control.ts';
import type { JsonForm, Reading } from './json-text.ts';
import { TextArea } from '../text-field.tsx';

interface JsonTextAreaProps<T> {
  readonly control: Control;
  readonly form: JsonForm<T>;
  readonly value: T;
  readonly rows?: number;
  readonly placeholder?: string;
  readonly onChange: (typed: Reading<T>) => void;
}

export function JsonTextArea<T>({ control, form, value, rows = 4, placeholder, onChange }: JsonTextAreaProps<T>) {
  const [text, setText] = useState(() => form.show(value));
  const [error, setError] = useState<string>();
  const given = useRef(value);
  useEffect(() => {
    // The value was changed from outside, for example by undo, so it is shown.
    if (JSON.stringify(given.current) !== JSON.stringify(value)) {
      setText(form.show(value));
      setError(undefined);
    }
    given.current = value;
  }, [value, form]);
  const type = (next: string) => {
    setText(next);
    const typed = form.read(next);
    setError('error' in typed ? typed.error : undefined);
    if ('value' in typed) given.current = typed.value;
    onChange(typed);
  };
  const errorId = `${control.id}-json`;
  return (
    <>
      <TextArea
        {...control}
        mono
        rows={rows}
        aria-invalid={error !== undefined || control['aria-invalid']}
        aria-describedby={error === undefined ? control['aria-describedby'] : errorId}
        value={text}
        placeholder={placeholder}
        onChange={(event) => type(event.target.value)}
        spellCheck={false}
      />
      {error !== undefined && (
        <p id={errorId} className="mt-1 text-11 text-st-failed-fg">
          {error}
        </p>
      )}
    </>
  );
}
