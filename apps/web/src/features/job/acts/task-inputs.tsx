import { type Json, type JsonObject, isJsonObject } from '@windlass/engine/definition';
import type { TaskInput } from './ask.ts';
import { ChangedValue } from '../values/changed-value.tsx';

/** Tasks by name, each with its last input, which can be edited before it is applied again. */
export function TaskInputs({
  job,
  inputs,
  onChange,
}: {
  readonly job: string;
  readonly inputs: readonly TaskInput[];
  /** The edited inputs of that task; null while the typed text is not JSON. */
  readonly onChange: (atom: string, changed: JsonObject | null) => void;
}) {
  if (inputs.length === 0) return null;
  return (
    <fieldset className="mb-3.5">
      <legend className="mb-1 text-12 font-medium">Inputs</legend>
      <p className="mb-1.5 text-11 text-fg-3">Edited inputs replace those of the flow. All other inputs are evaluated again.</p>
      <ul className="divide-y divide-line overflow-hidden rounded-2 border border-line">
        {inputs.map(({ atom, name, input, inputAt }) => (
          <li key={atom}>
            <details open={inputs.length === 1}>
              <summary className="cursor-pointer px-3 py-1.5 text-12">{name}</summary>
              <div className="px-3 pb-0.5">
                <ChangedValue
                  job={job}
                  at={inputAt}
                  label={`Input of “${name}”`}
                  hint="A JSON object."
                  initial={input}
                  shape="object"
                  rows={Math.min(12, JSON.stringify(input, null, 2).split('\n').length + 1)}
                  onChange={(typed) => onChange(atom, typed === null ? null : changedIn(typed.before, typed.value))}
                />
              </div>
            </details>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

/** The fields of the second object that differ from the first. */
export function changedIn(before: Json, after: Json): JsonObject {
  if (!isJsonObject(before) || !isJsonObject(after)) return {};
  return Object.fromEntries(Object.entries(after).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name])));
}
