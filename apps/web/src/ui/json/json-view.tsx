import { useState } from 'react';
import { Button } from '../button.tsx';

const SHOWN = 4_000;

/** A value as JSON text, cut when it is long, because showing a megabyte would freeze the page. */
export function JsonView({ value, empty = 'Nothing.' }: { readonly value: unknown; readonly empty?: string }) {
  const [whole, setWhole] = useState(false);
  if (value === null || value === undefined) return <p className="text-12 text-fg-3">{empty}</p>;
  const text = JSON.stringify(value, null, 2);
  const cut = !whole && text.length > SHOWN;
  return (
    <div>
      <pre className="max-h-96 overflow-auto whitespace-pre-wrap break-words rounded-2 border border-line bg-sunken px-2.5 py-2 font-mono text-11 text-fg-2">
        {cut ? `${text.slice(0, SHOWN)}…` : text}
      </pre>
      {cut && (
        <Button size="small" look="quiet" className="mt-1" onClick={() => setWhole(true)}>
          Show all {text.length.toLocaleString()} characters
        </Button>
      )}
    </div>
  );
}
