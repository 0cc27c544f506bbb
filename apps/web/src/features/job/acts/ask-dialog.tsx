import type { Json, JsonObject } from '@windlass/engine/definition';
import { useState } from 'react';
import { sentenceOf } from '../../../lib/trpc.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field } from '../../../ui/field.tsx';
import { TextArea } from '../../../ui/text-field.tsx';
import type { Ask } from './ask.ts';
import { ChangedValue } from '../values/changed-value.tsx';
import { useJobPage, useView } from '../job-context.tsx';
import { TaskInputs } from './task-inputs.tsx';

/** Asks for what an act needs: a reason, a choice, a value. A refusal is shown here and does not close the dialog. */
export function AskDialog() {
  const { job, view } = useJobPage();
  const ask = useView((state) => state.ask);
  return ask === null ? null : <Asked key={ask.title} job={job} ask={ask} onClose={() => view.setState({ ask: null })} />;
}

/** The question itself, wherever it is asked. */
export function Asked({ job, ask, onClose }: { readonly job: string; readonly ask: Ask; readonly onClose: () => void }) {
  const [reason, setReason] = useState('');
  /** Null while the typed text is not JSON. */
  const [value, setValue] = useState<{ readonly value: Json | undefined } | null>({ value: startOf(ask) });
  const [inputs, setInputs] = useState<{ readonly [atom: string]: JsonObject | null }>({});
  const [choice, setChoice] = useState(ask.choice?.options[0]?.value);
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const parameters = changedInputs(inputs);
  const close = onClose;
  const button = ask.choice?.options.find(({ value }) => value === choice)?.button ?? ask.button;
  const send = async (): Promise<void> => {
    if (value === null || parameters === null) return;
    setBusy(true);
    try {
      const answer = await ask.send({
        reason: reason.trim(),
        value: value.value,
        choice,
        parameters,
      });
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
            className="min-w-0 !shrink"
            title={button}
            disabled={busy || value === null || parameters === null || (ask.reason === 'needed' && reason.trim() === '')}
            onClick={() => void send()}
          >
            <span className="truncate">{button}</span>
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
      <Field label="Reason" required={ask.reason === 'needed'} hint="The logbook shows it beside your name.">
        {(control) => (
          <TextArea {...control} autoFocus rows={2} maxLength={2_000} value={reason} onChange={({ target }) => setReason(target.value)} />
        )}
      </Field>
      {ask.value !== undefined && (
        <ChangedValue
          {...ask.value}
          job={job}
          onChange={(typed) => setValue(typed === null ? null : { value: isRecorded(ask, typed) ? undefined : typed.value })}
        />
      )}
      {ask.inputs !== undefined && (
        <TaskInputs job={job} inputs={ask.inputs} onChange={(atom, changed) => setInputs((known) => ({ ...known, [atom]: changed }))} />
      )}
      {refused !== null && (
        <p role="alert" className="rounded-2 border border-st-failed-line/35 bg-st-failed-bg px-3 py-2 text-12">
          {refused}
        </p>
      )}
    </Dialog>
  );
}

/** What is sent when nothing is typed: nothing where a recorded value is left as it is. */
function startOf({ value }: Ask): Json | undefined {
  return value === undefined || value.isRecorded ? undefined : value.initial;
}

function isRecorded({ value }: Ask, typed: { readonly value: Json; readonly before: Json }): boolean {
  return value?.isRecorded === true && JSON.stringify(typed.value) === JSON.stringify(typed.before);
}

/** Edited inputs by task, without unchanged ones; null while one of them is not JSON. */
function changedInputs(inputs: { readonly [atom: string]: JsonObject | null }): { [atom: string]: JsonObject } | null {
  const changed: { [atom: string]: JsonObject } = {};
  for (const [atom, input] of Object.entries(inputs)) {
    if (input === null) return null;
    if (Object.keys(input).length > 0) changed[atom] = input;
  }
  return changed;
}
