// The list of a flow's inputs or of its outputs: each has a name that can be changed, a button that removes it, and its own fields.
import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../../ui/button.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { TextField } from '../../../ui/text-field.tsx';

export interface NamedListProps<Value> {
  readonly kind: 'input' | 'output';
  readonly values: { readonly [name: string]: Value };
  /** The sentence of an empty list. */
  readonly empty: string;
  readonly onAdd: () => void;
  readonly onRename: (from: string, to: string) => void;
  readonly onRemove: (name: string) => void;
  /** A field in the line of the name. */
  readonly besideName?: (name: string, value: Value) => ReactNode;
  /** The fields below the name. */
  readonly children: (name: string, value: Value) => ReactNode;
}

export function NamedList<Value>({ kind, values, empty, onAdd, onRename, onRemove, besideName, children }: NamedListProps<Value>) {
  const entries = Object.entries(values);
  return (
    <section aria-label={`Flow ${kind}s`} className="mt-3 border-t border-line pt-3">
      <div className="mb-2 flex items-center">
        <h3 className="flex-1 text-12 font-medium">{kind === 'input' ? 'Inputs' : 'Outputs'}</h3>
        <Button size="small" onClick={onAdd}>
          <Plus size={12} /> Add {kind}
        </Button>
      </div>
      {entries.length === 0 && <p className="text-11 text-fg-3">{empty}</p>}
      <ul className="grid gap-2">
        {entries.map(([name, value]) => (
          <li key={name} className="grid gap-1.5 rounded-3 border border-line p-2">
            <div className="flex items-center gap-1.5">
              <TextField
                aria-label={`Name of ${kind} ${name}`}
                mono
                defaultValue={name}
                onBlur={(event) => onRename(name, event.target.value.trim())}
              />
              {besideName?.(name, value)}
              <IconButton label={`Remove ${kind} ${name}`} size="small" onClick={() => onRemove(name)}>
                <X size={13} />
              </IconButton>
            </div>
            {children(name, value)}
          </li>
        ))}
      </ul>
    </section>
  );
}
