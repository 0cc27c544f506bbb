import { type ReactNode, useId } from 'react';

export interface FieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly required?: boolean;
  /** Beside the label, such as a button that binds the field. */
  readonly aside?: ReactNode;
  readonly children: (control: {
    readonly id: string;
    readonly 'aria-describedby': string | undefined;
    readonly 'aria-invalid': boolean;
    readonly 'aria-required': boolean;
  }) => ReactNode;
}

/** A label with its control, hint and error, connected for screen readers. */
export function Field({ label, hint, error, required = false, aside, children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const note = error ?? hint;
  return (
    <div className="mb-3.5">
      <div className="mb-1 flex min-h-5 items-center gap-2">
        <label htmlFor={id} className="text-12 font-medium">
          {label}
          {required && (
            <span aria-hidden className="ml-0.5 text-st-failed-fg" title="needed">
              *
            </span>
          )}
        </label>
        <span className="flex-1" />
        {aside}
      </div>
      {children({
        id,
        'aria-describedby': note === undefined ? undefined : noteId,
        'aria-invalid': error !== undefined,
        'aria-required': required,
      })}
      {note !== undefined && (
        <p id={noteId} className={`mt-1 text-11 ${error === undefined ? 'text-fg-3' : 'text-st-failed-fg'}`}>
          {note}
        </p>
      )}
    </div>
  );
}
