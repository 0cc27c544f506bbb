// Values over 8 KB are stored only in their entries; all other places hold references.
/** Largest number of characters of a value that a run holds itself. */
export const LARGE = 8_192;

/** The field of the entry with the value: `inputs` and `outputs` are those of the flow. */
export type StoredField = 'input' | 'output' | 'inputs' | 'outputs';

/** A reference to a value that a run does not hold: its entry, its field, and its number of characters as JSON. */
export interface StoredValue {
  readonly entry: number;
  readonly field: StoredField;
  readonly size: number;
}
