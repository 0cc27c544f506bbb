import { useState } from 'react';
import { DURATION_UNITS, type DurationUnit, unitFor } from '../lib/durations.ts';
import { Select, TextField } from './text-field.tsx';

/** Longest that the engine waits. */
const MOST_MS = 366 * 86_400_000;

export interface DurationFieldProps {
  readonly control: { readonly id: string; readonly 'aria-describedby': string | undefined; readonly 'aria-invalid': boolean };
  /** The field's label, for the accessible name of the unit. */
  readonly label: string;
  readonly value: number | undefined;
  /** Milliseconds; undefined for an empty field. */
  readonly onChange: (ms: number | undefined) => void;
  readonly least?: number;
  readonly most?: number;
  readonly placeholder?: string;
}

/** A duration: a number and its unit. The unit stays as chosen while the number changes. */
export function DurationField({ control, label, value, onChange, least = 0, most = MOST_MS, placeholder }: DurationFieldProps) {
  const [unit, setUnit] = useState<DurationUnit>(() => unitFor(value));
  const give = (text: string, by: DurationUnit) => {
    const number = Number(text);
    if (text.trim() === '' || !Number.isFinite(number)) return onChange(undefined);
    onChange(Math.max(least, Math.min(most, Math.round(number * by.ms))));
  };
  const shown = value === undefined ? '' : String(Math.round((value / unit.ms) * 1_000) / 1_000);
  return (
    <div className="flex gap-1.5">
      <TextField
        {...control}
        type="number"
        min={0}
        step="any"
        value={shown}
        placeholder={placeholder}
        onChange={(event) => give(event.target.value, unit)}
      />
      <Select
        aria-label={`${label}: unit`}
        className="!w-24 shrink-0"
        value={unit.id}
        onChange={(event) => {
          const next = DURATION_UNITS.find(({ id }) => id === event.target.value) ?? unit;
          setUnit(next);
          if (shown !== '') give(shown, next);
        }}
      >
        {DURATION_UNITS.map(({ id, words }) => (
          <option key={id} value={id}>
            {words}
          </option>
        ))}
      </Select>
    </div>
  );
}
