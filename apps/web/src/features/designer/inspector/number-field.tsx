import type { Control } from '../../../ui/control.ts';
import { TextField } from '../../../ui/text-field.tsx';

export interface NumberFieldProps {
  readonly control: Control;
  readonly value: number | undefined;
  readonly least: number;
  readonly most: number;
  readonly step?: number;
  readonly placeholder?: string;
  /** Within the bounds; undefined for an empty field. */
  readonly onChange: (value: number | undefined) => void;
}

/** A number within bounds. */
export function NumberField({ control, value, least, most, step = 1, placeholder, onChange }: NumberFieldProps) {
  return (
    <TextField
      {...control}
      type="number"
      min={least}
      max={most}
      step={step}
      value={value ?? ''}
      placeholder={placeholder}
      onChange={(event) => {
        const number = Number(event.target.value);
        if (event.target.value.trim() === '' || !Number.isFinite(number)) return onChange(undefined);
        const bounded = Math.max(least, Math.min(most, number));
        onChange(step === 1 ? Math.round(bounded) : bounded);
      }}
    />
  );
}
