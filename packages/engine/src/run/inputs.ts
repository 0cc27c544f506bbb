// The inputs of an atom, from its parameters, a person's edits and its bindings (SEMANTICS S1, S3, S4).
// Secrets are not known here: a placeholder stands in their place, and the names that may be put there are recorded
// with the input, so that text which merely looks like a placeholder never becomes a secret.
import type { z } from 'zod';
import type { Failure } from '../failure.ts';
import { type Json, type JsonObject, isJsonObject } from '../json.ts';
import { payloadExcess } from '../payload.ts';
import type { CompiledAtom, CompiledBinding } from './graph.ts';
import { type Run, outputOf } from './run.ts';

/** What stands for a secret in a recorded input. */
export function secretPlaceholder(name: string): string {
  return `{{secret ${name}}}`;
}

export type ResolvedInputs =
  | { readonly kind: 'inputs'; readonly input: JsonObject; readonly secrets: { readonly [input: string]: readonly string[] } }
  | { readonly kind: 'failed'; readonly failure: Failure };

const NO_SECRETS: { readonly [input: string]: readonly string[] } = {};

/** Resolves and checks all inputs of an atom that is about to start. */
export function resolveInputs(run: Run, atom: CompiledAtom): ResolvedInputs {
  const edits = run.edits[atom.address];
  const input: JsonObject = edits === undefined ? { ...atom.item.parameters } : { ...atom.item.parameters, ...edits };
  let secrets = NO_SECRETS;
  for (const compiled of atom.bindings) {
    if (edits?.[compiled.name] !== undefined) continue;
    try {
      const value = resolveBinding(run, compiled);
      if (value === undefined) delete input[compiled.name];
      else input[compiled.name] = value;
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      return failed('EXPRESSION_FAILED', `The expression of input "${compiled.name}" could not be evaluated: ${why}`);
    }
    const names = secretsOf(compiled);
    if (names.length > 0) secrets = { ...secrets, [compiled.name]: names };
  }
  if (atom.type === null) {
    return failed('TASK_TYPE_ABSENT', `This server does not know the task type ${atom.item.type} version ${atom.item.typeVersion}.`);
  }
  const excess = payloadExcess('The input', input);
  if (excess !== null) return { kind: 'failed', failure: excess };
  const wrong = atom.type.input?.safeParse(input);
  return wrong === undefined || wrong.success
    ? { kind: 'inputs', input, secrets }
    : { kind: 'failed', failure: failureOfIssues(wrong.error, input) };
}

/** The value of a binding now; undefined when there is none. Throws what an expression throws. */
export function resolveBinding(run: Run, { binding, expression }: CompiledBinding): Json | undefined {
  switch (binding.from) {
    case 'constant':
      return binding.value;
    case 'input':
      return run.inputs[binding.name];
    case 'output':
      return atPath(outputOf(run, binding.item), binding.path);
    case 'secret':
      return secretPlaceholder(binding.name);
    case 'expression':
      return expression?.evaluate(scopeOf(run, expression.references));
  }
}

function scopeOf(run: Run, references: NonNullable<CompiledBinding['expression']>['references']) {
  const outputs: JsonObject = {};
  for (const { item } of references.outputs) {
    const output = outputOf(run, item);
    if (output !== undefined) outputs[item] = output;
  }
  const secrets: JsonObject = {};
  for (const name of references.secrets) secrets[name] = secretPlaceholder(name);
  return { inputs: run.inputs, outputs, secrets };
}

function secretsOf({ binding, expression }: CompiledBinding): readonly string[] {
  if (binding.from === 'secret') return [binding.name];
  return expression?.references.secrets ?? [];
}

function atPath(value: Json | undefined, path: string): Json | undefined {
  if (path === '') return value;
  let at = value;
  for (const step of path.split('.')) {
    if (Array.isArray(at)) at = at[Number(step)];
    else if (isJsonObject(at) && Object.hasOwn(at, step)) at = at[step];
    else return undefined;
  }
  return at;
}

function failureOfIssues(error: z.ZodError, input: JsonObject): Failure {
  const issue = error.issues[0];
  const field = String(issue?.path[0] ?? '');
  if (issue !== undefined && issue.path.length === 1 && !Object.hasOwn(input, field)) {
    return { code: 'INPUT_ABSENT', message: `The required input "${field}" is absent: what it is bound to gave nothing.` };
  }
  return { code: 'INPUT_INVALID', message: `Input "${issue?.path.join('.') ?? ''}" does not fit: ${issue?.message ?? 'unknown'}.` };
}

function failed(code: string, message: string): ResolvedInputs {
  return { kind: 'failed', failure: { code, message } };
}
