import type { Json } from '@windlass/engine/definition';
import { JsonTextArea } from '../../../ui/json/json-text-area.tsx';
import { JSON_LINES } from '../../../ui/json/json-text.ts';
import type { Control } from '../../../ui/control.ts';

export interface JsonListProps {
  readonly control: Control;
  readonly values: readonly Json[];
  readonly onChange: (values: Json[]) => void;
}

/** Values, one per line. */
export function JsonList({ control, values, onChange }: JsonListProps) {
  return (
    <JsonTextArea
      control={control}
      form={JSON_LINES}
      rows={3}
      placeholder="One per line"
      value={values}
      onChange={(typed) => 'value' in typed && onChange([...typed.value])}
    />
  );
}
