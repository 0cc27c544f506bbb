/** Attributes that connect a control with its label and notes, for screen readers. */
export interface Control {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean;
  readonly 'aria-required'?: boolean;
}
