import type { Json } from '@windlass/engine';
import { isJsonObject } from '@windlass/engine';
import { useState } from 'react';
import { sentenceOf } from '../../lib/trpc.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { TextArea } from '../../ui/text-field.tsx';
import type { Ask } from './ask.ts';
import { useJobPage, useView } from './job-context.tsx';

/** Asks what an act needs: a reason, a choice, a value. A refusal is read here, and nothing is closed by it. */
export function AskDialog() {
  const { view } = useJobPage();
  const ask = useView((state) => state.ask);
  return ask === null ? null : <Asked key={ask.title} ask={ask} onClose={() => view.setState({ ask: null })} />;
}

/** The question itself, wherever it is asked. */
export function Asked({ ask, onClose }: { readonly ask: Ask; readonly onClose: () => void }) {
  const [reason, setReason] = useState('');
  const [text, setText] = useState(() => JSON.stringify(ask.value?.initial ?? null, null, 2));
  const [choice, setChoice] = useState(ask.choice?.options[0]?.value);
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const parsed = ask.value === undefined ? ({ ok: true, value: undefined } as const) : parse(text, ask.value.shape);
  const close = onClose;
  const button = ask.choice?.options.find(({ value }) => value === choice)?.button ?? ask.button;
  const send = async (): Promise<void> => {
    if (!parsed.ok) return;
    setBusy(true);
    try {
      const answer = await ask.send({ reason: reason.trim(), value: parsed.value, choice });
      if (answer.kind === 'done') return close();
      setRefused(answer.message);
    } catch (error) {
      setRefused(sentenceOf(error));
    }
    setBusy(false);
  };
  return (
    <Dialog
      open
      onClose={close}
      title={ask.title}
      description={ask.description}
      footer={
        <>
          <Button onClick={close}>Leave it</Button>
          <Button
            look={ask.look}
            disabled={busy || !parsed.ok || (ask.reason === 'needed' && reason.trim() === '')}
            onClick={() => void send()}
          >
            {button}
          </Button>
        </>
      }
    >
      {ask.choice !== undefined && (
        <fieldset className="mb-3.5">
          <legend className="mb-1 text-12 font-medium">{ask.choice.label}</legend>
          {ask.choice.options.map(({ value, label }) => (
            <label key={value} className="flex items-center gap-2 py-1 text-12">
              <input type="radio" name="choice" className="accent-accent" checked={choice === value} onChange={() => setChoice(value)} />
              {label}
            </label>
          ))}
        </fieldset>
      )}
      <Field label="Reason" required={ask.reason === 'needed'} hint="It stands in the logbook beside your name.">
        {(control) => (
          <TextArea {...control} autoFocus rows={2} maxLength={2_000} value={reason} onChange={({ target }) => setReason(target.value)} />
        )}
      </Field>
      {ask.value !== undefined && (
        <Field label={ask.value.label} hint={ask.value.hint} error={parsed.ok ? undefined : parsed.error}>
          {(control) => (
            <TextArea {...control} mono rows={8} spellCheck={false} value={text} onChange={({ target }) => setText(target.value)} />
          )}
        </Field>
      )}
      {refused !== null && (
        <p role="alert" className="rounded-2 border border-st-failed-line/35 bg-st-failed-bg px-3 py-2 text-12">
          {refused}
        </p>
      )}
    </Dialog>
  );
}

function parse(
  text: string,
  shape: 'object' | 'any',
): { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly error: string } {
  try {
    const value = JSON.parse(text) as Json;
    return shape === 'object' && !isJsonObject(value)
      ? { ok: false, error: 'This must be a JSON object, such as {"path": "a.txt"}.' }
      : { ok: true, value };
  } catch (error) {
    return { ok: false, error: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}
