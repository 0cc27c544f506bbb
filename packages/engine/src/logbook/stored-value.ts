// Values over 8 KB stand in their entries alone: everything else refers to them.
/** Most characters of a value that a run holds itself. */
export const LARGE = 8_192;

/** The field of an entry that has the value: `inputs` and `outputs` are those of the flow. */
export type StoredField = 'input' | 'output' | 'inputs' | 'outputs';

/** Where a value stands that a run does not hold, and how many characters it has as JSON. */
export interface StoredValue {
  readonly entry: number;
  readonly field: StoredField;
  readonly size: number;
}
