// The inputs of an atom, from its parameters, a person's edits and its bindings (S1, S3, S4).
// Secrets are not known here: a placeholder takes their place, and the names that may be filled in are recorded
// with the input, so that a text that only looks like a placeholder never becomes a secret.
import type { z } from 'zod';
import type { Failure } from '../../failure/failure.ts';
import { type JsonObject, memberOf } from '../../json.ts';
import { parseJson } from '../../parse-json.ts';
import { payloadExcess } from '../../payload.ts';
import type { CompiledAtom } from '../graph/graph.ts';
import { resolveBinding, secretsOf } from './names.ts';
import type { Run } from '../state/run.ts';

export type ResolvedInputs =
  | { readonly kind: 'inputs'; readonly input: JsonObject; readonly secrets: { readonly [input: string]: readonly string[] } }
  | { readonly kind: 'failed'; readonly failure: Failure };

const NO_SECRETS: { readonly [input: string]: readonly string[] } = {};

/** Resolves and checks all inputs of an atom that is about to start. */
export function resolveInputs(run: Run, atom: CompiledAtom): ResolvedInputs {
  const edits = memberOf(run.edits, atom.address);
  const input: JsonObject = edits === undefined ? { ...atom.item.parameters } : { ...atom.item.parameters, ...edits };
  let secrets = NO_SECRETS;
  for (const compiled of atom.bindings) {
    if (edits !== undefined && Object.hasOwn(edits, compiled.name)) continue;
    try {
      const value = resolveBinding(run, atom.scope, compiled);
      if (value === undefined) delete input[compiled.name];
      else input[compiled.name] = value;
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      return failed('EXPRESSION_FAILED', `The expression of input "${compiled.name}" could not be evaluated: ${why}`);
    }
    const names = secretsOf(atom.scope, compiled);
    if (names.length > 0) secrets = { ...secrets, [compiled.name]: names };
  }
  if (atom.type === null) {
    return failed('TASK_TYPE_ABSENT', `This server does not know the task type ${atom.item.type} version ${atom.item.typeVersion}.`);
  }
  const excess = payloadExcess('The input', input);
  if (excess !== null) return { kind: 'failed', failure: excess };
  const wrong = atom.type.input === null ? null : parseJson(atom.type.input, input);
  // An input with a placeholder is checked against its schema only after the secret is filled in.
  // An issue without a path may be about any input.
  const issue = wrong?.error?.issues.find(({ path }) =>
    path.length === 0 ? secrets === NO_SECRETS : !Object.hasOwn(secrets, String(path[0])),
  );
  return issue === undefined ? { kind: 'inputs', input, secrets } : { kind: 'failed', failure: failureOf(issue, input) };
}

function failureOf({ path, message }: z.core.$ZodIssue, input: JsonObject): Failure {
  const field = String(path[0] ?? '');
  if (path.length === 1 && !Object.hasOwn(input, field)) {
    return { code: 'INPUT_ABSENT', message: `The required input "${field}" is absent: its binding gave no value.` };
  }
  const what = path.length === 0 ? 'The input' : `Input "${path.join('.')}"`;
  return { code: 'INPUT_INVALID', message: `${what} does not fit: ${message}.` };
}

function failed(code: string, message: string): ResolvedInputs {
  return { kind: 'failed', failure: { code, message } };
}
