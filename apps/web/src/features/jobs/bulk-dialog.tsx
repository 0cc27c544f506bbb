import { useMutation } from '@tanstack/react-query';
import { type BulkAction, MOST_BULK_JOBS } from '@windlass/engine/run';
import { useState } from 'react';
import { sentenceOf, useTRPC } from '../../lib/trpc.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Select, TextArea } from '../../ui/text-field.tsx';
import { BULK_ACTS, type BulkKind, jobsWords } from './bulk-words.ts';

export interface BulkDialogProps {
  readonly kind: BulkKind;
  readonly count: number;
  readonly on:
    | { readonly kind: 'jobs'; readonly jobs: string[] }
    | { readonly kind: 'search'; readonly search: string; readonly expected: number };
  readonly onClose: () => void;
  readonly onPosted: (id: number) => void;
}

/** Says what will be done with how many jobs, and asks for a reason. */
export function BulkDialog({ kind, count, on, onClose, onPosted }: BulkDialogProps) {
  const trpc = useTRPC();
  const [reason, setReason] = useState('');
  const [then, setThen] = useState<'revert' | 'hold'>('revert');
  const post = useMutation(trpc.bulk.post.mutationOptions({ onSuccess: ({ id }) => onPosted(id) }));
  const words = BULK_ACTS.find((one) => one.kind === kind);
  const act: BulkAction = kind === 'CANCEL' ? { kind, reason, then } : { kind, reason };
  const tooMany = count > MOST_BULK_JOBS;
  const search = on.kind === 'search' && on.search !== '' ? on.search : null;
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${words?.verb} ${jobsWords(count)}`}
      description={`${words?.hint} Each job is handled by itself. A job whose state does not allow it stays as it is, and the record says why.`}
      footer={
        <>
          <Button onClick={onClose}>Back</Button>
          <Button
            look={kind === 'CANCEL' ? 'danger' : 'primary'}
            disabled={post.isPending || tooMany}
            onClick={() => post.mutate({ act, on })}
          >
            {words?.verb} {jobsWords(count)}
          </Button>
        </>
      }
    >
      {search !== null && (
        <p className="mb-3.5 text-12 text-fg-2">
          All that this search finds: <code className="font-mono text-11">{search}</code>
        </p>
      )}
      {kind === 'CANCEL' && (
        <Field label="Then">
          {(control) => (
            <Select {...control} value={then} onChange={({ target }) => setThen(target.value === 'hold' ? 'hold' : 'revert')}>
              <option value="revert">Undo what each job has done</option>
              <option value="hold">Leave each job as it stands</option>
            </Select>
          )}
        </Field>
      )}
      <Field label="Reason" hint="Shown in the record and in the logbook of each job.">
        {(control) => (
          <TextArea {...control} rows={3} maxLength={1_900} value={reason} onChange={({ target }) => setReason(target.value)} />
        )}
      </Field>
      {tooMany && (
        <p role="alert" className="text-12 text-st-failed-fg">
          A bulk act takes at most {jobsWords(MOST_BULK_JOBS)}; narrow the search, or act in parts.
        </p>
      )}
      {post.error !== null && (
        <p role="alert" className="text-12 text-st-failed-fg">
          {sentenceOf(post.error)}
        </p>
      )}
    </Dialog>
  );
}
