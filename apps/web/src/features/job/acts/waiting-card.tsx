// The wait of an atom, and the acts for it: approve, reject, send the signal.
import { Link } from '@tanstack/react-router';
import type { Json } from '@windlass/engine/definition';
import type { ActAnswer, Wait } from '@windlass/engine/run';
import { Hourglass } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { exactTime } from '../../../lib/times.ts';
import { sentenceOf } from '../../../lib/trpc.ts';
import { useNow } from '../../../lib/use-now.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyId } from '../../../ui/copy-id.tsx';
import { Field } from '../../../ui/field.tsx';
import { JsonTextArea } from '../../../ui/json/json-text-area.tsx';
import { JSON_VALUE } from '../../../ui/json/json-text.ts';
import { TextArea, TextField } from '../../../ui/text-field.tsx';
import { useJobPage, useRun } from '../job-context.tsx';
import { waitWords } from '../run/names.ts';

export function WaitingCard({ id }: { readonly id: string }) {
  const atom = useRun((state) => state.atoms.get(id));
  const isLive = useRun((state) => state.at === null);
  const now = useNow(10_000);
  if (atom?.state !== 'WAITING' || atom.waiting === null) return null;
  const { waiting } = atom;
  return (
    <section aria-label="Waiting" className="mb-3 rounded-3 border border-st-waiting-line/50 bg-st-waiting-bg px-3 py-2.5">
      <h3 className="flex items-center gap-1.5 text-12 font-semibold text-st-waiting-fg" title={untilTitle(waiting)}>
        <Hourglass size={13} aria-hidden /> {waitWords(waiting, now)}
      </h3>
      {waiting.on === 'approval' && <Approval atom={id} waiting={waiting} isLive={isLive} />}
      {waiting.on === 'signal' && <SendSignal waiting={waiting} isLive={isLive} />}
      {waiting.on === 'job' && (
        <Link to="/jobs/$jobId" params={{ jobId: waiting.job }} className="text-12 text-accent-fg hover:underline">
          Open the job
        </Link>
      )}
    </section>
  );
}

function untilTitle({ until }: Wait): string | undefined {
  return until === null ? undefined : exactTime(until);
}

type Of<On extends Wait['on']> = Extract<Wait, { on: On }>;

function Approval({ atom, waiting, isLive }: { readonly atom: string; readonly waiting: Of<'approval'>; readonly isLive: boolean }) {
  const { acts, job } = useJobPage();
  const [reason, setReason] = useState('');
  const { busy, notice, send } = useSending();
  const needsReason = reason.trim() === '';
  return (
    <>
      <p className="mt-1.5 whitespace-pre-wrap text-13">{waiting.question}</p>
      {waiting.by.length > 0 && <p className="mt-1 text-11 text-fg-2">To be answered by {waiting.by.join(', ')}.</p>}
      {isLive && (
        <div className="mt-2">
          <Field label="Reason" hint="A rejection needs a reason.">
            {(control) => <TextArea {...control} rows={2} value={reason} onChange={(event) => setReason(event.target.value)} />}
          </Field>
          <Buttons notice={notice}>
            <Button look="primary" disabled={busy} onClick={() => void send(() => acts.answerApproval(atom, true, reason))}>
              Approve
            </Button>
            <Button look="danger" disabled={busy || needsReason} onClick={() => void send(() => acts.answerApproval(atom, false, reason))}>
              Reject
            </Button>
          </Buttons>
          {/* Below the buttons, which would cover it in a low pane. */}
          <p className="mt-2.5 text-11 text-fg-2">
            Others can answer it at <CopyId id={`${location.origin}/attention?job=${job}`} what="link" />
          </p>
        </div>
      )}
    </>
  );
}

function SendSignal({ waiting, isLive }: { readonly waiting: Of<'signal'>; readonly isLive: boolean }) {
  const { acts } = useJobPage();
  const [data, setData] = useState<Json>();
  const [isReadable, setReadable] = useState(true);
  const [reason, setReason] = useState('');
  const { busy, notice, send } = useSending();
  if (!isLive) return null;
  return (
    <form
      className="mt-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReadable) void send(() => acts.signal(waiting.name, data ?? null, reason));
      }}
    >
      <Field label="Data" hint="JSON, which the tasks after it can use. Empty: none.">
        {(control) => (
          <JsonTextArea
            control={control}
            form={JSON_VALUE}
            rows={2}
            value={data}
            onChange={(typed) => {
              setReadable('value' in typed);
              if ('value' in typed) setData(typed.value);
            }}
          />
        )}
      </Field>
      <Field label="Why">
        {(control) => <TextField {...control} value={reason} onChange={(event) => setReason(event.target.value)} />}
      </Field>
      <Buttons notice={notice}>
        <Button look="primary" type="submit" disabled={busy || !isReadable}>
          Send signal {waiting.name}
        </Button>
      </Buttons>
    </form>
  );
}

function Buttons({ notice, children }: { readonly notice: string | null; readonly children: ReactNode }) {
  return (
    <>
      {/* In a low pane the buttons stay at its lower edge. */}
      <div className="sticky -bottom-3 -mx-3 -mb-2.5 rounded-b-3 bg-st-waiting-bg px-3 pb-2.5 pt-1.5">
        <div className="flex flex-wrap gap-2">{children}</div>
        {notice !== null && (
          <p role="alert" className="mt-1.5 text-12 text-st-failed-fg">
            {notice}
          </p>
        )}
      </div>
    </>
  );
}

/** Runs one act at a time, and keeps the reason of a refusal. */
function useSending() {
  const [busy, setBusy] = useState(false);
  const [notice, setNotice] = useState<string | null>(null);
  const send = async (act: () => Promise<ActAnswer>) => {
    setBusy(true);
    setNotice(null);
    try {
      const answer = await act();
      if (answer.kind === 'refused') setNotice(answer.message);
    } catch (thrown) {
      setNotice(sentenceOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  return { busy, notice, send };
}
