import { coverageOf, type Problem } from '@windlass/engine/definition';
import { Lock } from 'lucide-react';
import { useState } from 'react';
import type { Catalog } from '../../../lib/catalog.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field } from '../../../ui/field.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { AbsentNeeds } from './absent-needs.tsx';
import { useDraft } from '../draft/draft-context.tsx';
import { percentWords } from '../../../lib/times.ts';

export interface PublishDialogProps {
  readonly next: number;
  readonly catalog: Catalog;
  readonly problems: readonly Problem[];
  readonly error: string | null;
  readonly busy: boolean;
  readonly onPublish: (note: string) => void;
  readonly onClose: () => void;
}

/** Freezes the draft as the next version, after showing how much of it can be undone. */
export function PublishDialog({ next, catalog, problems, error, busy, onPublish, onClose }: PublishDialogProps) {
  const definition = useDraft((state) => state.definition);
  const flow = useDraft((state) => state.flow);
  const [note, setNote] = useState('');
  const { share, irreversible } = coverageOf(definition, catalog.find);
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Publish version ${next}`}
      description="A published version never changes. A job always runs the version that it was launched with."
      footer={
        <Button look="primary" disabled={errors > 0 || busy} onClick={() => onPublish(note)}>
          Publish version {next}
        </Button>
      }
    >
      {errors > 0 && (
        <p className="mb-3 text-12 text-st-failed-fg">
          {errors === 1 ? 'One problem has' : `${errors} problems have`} to be solved first. See the list below the canvas.
        </p>
      )}
      <p className="mb-3 text-12">
        Revert coverage: <strong className="font-semibold text-st-revert-fg">{percentWords(share)}</strong> of the tasks with an effect can
        be undone.
      </p>
      {irreversible.map(({ item, name, reason }) => (
        <p key={item} className="mb-2 flex gap-2 text-12 text-fg-2">
          <Lock size={14} className="mt-px shrink-0" aria-hidden /> “{name}”: {reason}
        </p>
      ))}
      <AbsentNeeds flow={flow} version={null} />
      <Field label="What has changed" error={error ?? undefined}>
        {(control) => <TextField {...control} value={note} maxLength={2_000} onChange={(event) => setNote(event.target.value)} autoFocus />}
      </Field>
    </Dialog>
  );
}
