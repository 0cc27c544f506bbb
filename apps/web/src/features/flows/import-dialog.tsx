import { useMutation } from '@tanstack/react-query';
import { type ChangeEvent, useState } from 'react';
import { sentenceOf, useTRPC } from '../../lib/trpc.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { TextArea } from '../../ui/text-field.tsx';

/** Imports an exported document; for an invalid one its problems are shown, and nothing is stored. */
export function ImportDialog({
  open,
  onClose,
  onImported,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onImported: (flow: string) => void;
}) {
  const trpc = useTRPC();
  const [document, setDocument] = useState('');
  const send = useMutation(
    trpc.flows.import.mutationOptions({ onSuccess: (answer) => answer.kind === 'imported' && onImported(answer.flow) }),
  );
  const problems = send.data?.kind === 'invalid' ? send.data.problems : [];
  const takeFile = (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    if (file) void file.text().then(setDocument);
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Import a flow"
      description="Importing reads the document and runs nothing."
      footer={
        <Button look="primary" disabled={document.trim() === '' || send.isPending} onClick={() => send.mutate({ document })}>
          Import flow
        </Button>
      }
    >
      <Field label="File">
        {(control) => <input {...control} type="file" accept=".json,application/json" onChange={takeFile} className="text-12" />}
      </Field>
      <Field label="or the document itself" error={send.isError ? sentenceOf(send.error) : undefined}>
        {(control) => (
          <TextArea {...control} mono rows={10} value={document} onChange={(event) => setDocument(event.target.value)} spellCheck={false} />
        )}
      </Field>
      {problems.length > 0 && (
        <ul aria-label="Problems" className="grid gap-1 text-12 text-st-failed-fg">
          {problems.slice(0, 20).map((problem) => (
            <li key={`${problem.item}${problem.code}${problem.message}`}>
              {problem.item !== null && <span className="font-mono text-11">{problem.item}: </span>}
              {problem.message}
            </li>
          ))}
          {problems.length > 20 && <li>and {problems.length - 20} more</li>}
        </ul>
      )}
    </Dialog>
  );
}
