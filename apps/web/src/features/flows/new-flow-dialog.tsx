import { type FormEvent, useState } from 'react';
import { PATTERNS } from '@windlass/engine/definition';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Select, TextField } from '../../ui/text-field.tsx';

type PatternName = keyof typeof PATTERNS;

export interface NewFlowDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onCreate: (order: { readonly name: string; readonly pattern: PatternName }) => void;
  readonly error: string | null;
}

export function NewFlowDialog({ open, onClose, onCreate, error }: NewFlowDialogProps) {
  const [name, setName] = useState('');
  const [pattern, setPattern] = useState<PatternName>('linear');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') onCreate({ name: name.trim(), pattern });
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="New flow"
      footer={
        <Button look="primary" type="submit" form="new-flow" disabled={name.trim() === ''}>
          Create flow
        </Button>
      }
    >
      <form id="new-flow" onSubmit={submit}>
        <Field label="Name" required error={error ?? undefined}>
          {(control) => <TextField {...control} value={name} onChange={(event) => setName(event.target.value)} maxLength={200} autoFocus />}
        </Field>
        <Field label="Pattern" hint={PATTERNS[pattern].summary}>
          {(control) => (
            <Select {...control} value={pattern} onChange={(event) => setPattern(event.target.value as PatternName)}>
              {Object.values(PATTERNS).map((one) => (
                <option key={one.name} value={one.name}>
                  {one.title}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </form>
    </Dialog>
  );
}
