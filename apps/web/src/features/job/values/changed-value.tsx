import type { Json } from '@windlass/engine/definition';
import type { StoredValue } from '@windlass/engine/run';
import { JsonField } from '../../../ui/json/json-field.tsx';
import { LoadedValue } from './value-view.tsx';

interface ChangedValueProps {
  readonly job: string;
  readonly label: string;
  readonly hint: string;
  readonly initial: Json;
  /** Set for a large value: `initial` does not have it, and it is loaded when a person wants to change it. */
  readonly at?: StoredValue | null | undefined;
  readonly shape: 'object' | 'any';
  readonly rows?: number;
  /** The value with each change, and the value before; null while the text is not what it should be. */
  readonly onChange: (typed: { readonly value: Json; readonly before: Json } | null) => void;
}

/** A recorded value that a person may change. One that is not loaded is left as it is. */
export function ChangedValue({ job, at, initial, onChange, ...field }: ChangedValueProps) {
  const fieldFor = (before: Json) => (
    <JsonField {...field} initial={before} onChange={(typed) => onChange(typed === null ? null : { value: typed.value, before })} />
  );
  if (at == null) return fieldFor(initial);
  return (
    <LoadedValue job={job} at={at} label={field.label} button="Load it to change it">
      {fieldFor}
    </LoadedValue>
  );
}
