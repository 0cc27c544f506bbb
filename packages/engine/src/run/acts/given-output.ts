// An output that a person gives in place of a task (S4, R10): does it fit the task type, and does it have what later
// tasks need? A refusal names everything that is wrong, so that one further try is enough.
import type { z } from 'zod';
import { type Json, type JsonObject, isEmptyObject, isJsonObject, memberOf } from '../../json.ts';
import { outputSchemaOf } from '../decide/check-output.ts';
import { parseJson } from '../../parse-json.ts';
import { payloadExcess } from '../../payload.ts';
import type { CompiledAtom } from '../graph/graph.ts';
import { type Run, atomAt, indexOf } from '../state/run.ts';
import { isApplyOver } from '../state/undo-order.ts';
import { sourceOf } from '../values/sources.ts';

/** Most later uses that one refusal names. */
const MOST_NAMED = 20;

/** Why an edited saved output is refused: it must pass the same checks as the task's own. */
export function whyNotOutput(run: Run, address: string, output: Json): string | null {
  const misfits = misfitsOf(run, address, output);
  const name = nameOf(run.flow.atomByAddress.get(address), address);
  if (misfits.length > 0) return `The given output of ${name} does not fit its task type: ${misfits.join('; ')}.`;
  return payloadExcess(`The given output of ${name}`, output)?.message ?? null;
}

/**
 * Why the outputs of a skip, or of a doubt that is settled, are refused. `{}` means that no output is given, which is allowed for
 * every type as long as no later task certainly needs one.
 */
export function whyNotGiven(run: Run, address: string, output: JsonObject): string | null {
  const index = indexOf(run, address);
  const unmet = index === undefined || isApplyOver(run, index) ? [] : needsUnmet(run, address, output);
  const wrong = isEmptyObject(output) && unmet.length === 0 ? null : whyNotOutput(run, address, output);
  if (unmet.length === 0) return wrong;
  const name = nameOf(run.flow.atomByAddress.get(address), address);
  return [
    `Later tasks need outputs of ${name} that are not given: ${unmet.join('; ')}. Give them.`,
    ...(wrong === null ? [] : [wrong]),
  ].join(' ');
}

/** Is `{}` no output at all, because the type does not have it as one? */
export function isNoOutput(run: Run, address: string, output: JsonObject): boolean {
  return isEmptyObject(output) && misfitsOf(run, address, output).length > 0;
}

function misfitsOf(run: Run, address: string, output: Json): string[] {
  const schema = outputSchemaOf(run.flow.atomByAddress.get(address));
  const checked = schema === null ? undefined : parseJson(schema, output);
  return (checked?.error?.issues ?? []).map((issue) => misfitWords(issue, output));
}

function misfitWords({ path, message, ...issue }: z.core.$ZodIssue, output: Json): string {
  const field = path.join('.');
  if (field !== '' && issue.code === 'invalid_type' && isAbsent(output, path)) return `${field} (${issue.expected}) is absent`;
  return `${field || 'it'}: ${message}`;
}

function isAbsent(value: Json, path: readonly PropertyKey[]): boolean {
  let at: Json | undefined = value;
  for (const part of path) at = isJsonObject(at) ? memberOf(at, String(part)) : Array.isArray(at) ? at[Number(part)] : undefined;
  return at === undefined;
}

/** Inputs of tasks that certainly run later, that are required, and whose output of this task is absent. */
function needsUnmet(run: Run, address: string, output: JsonObject): string[] {
  const unmet: string[] = [];
  const isNothing = isNoOutput(run, address, output);
  let isCertain: ((atom: CompiledAtom) => boolean) | null = null;
  for (const atom of run.flow.atoms) {
    if (unmet.length === MOST_NAMED) break;
    if (atom.bindings.length === 0 || atomAt(run, atom.index).state !== 'PENDING') continue;
    for (const { name, binding } of atom.bindings) {
      if (binding.from !== 'output' || !isRequired(atom, name)) continue;
      const source = sourceOf(run, atom.scope, binding.item);
      if (source.kind !== 'atom' || source.address !== address) continue;
      if (binding.path === '' ? !isNothing : !isAbsent(output, binding.path.split('.'))) continue;
      if (Object.hasOwn(memberOf(run.edits, atom.address) ?? {}, name)) continue;
      isCertain ??= certainIn(run);
      if (!isCertain(atom)) continue;
      const part = binding.path === '' ? 'the output' : `"${binding.path}"`;
      unmet.push(`${nameOf(atom, atom.address)} needs ${part} for ${atom.kind === 'each' ? 'its list' : `its input "${name}"`}`);
    }
  }
  return unmet;
}

/** Does the task fail without the input? A for-each fails without its list. */
function isRequired({ kind, type }: CompiledAtom, name: string): boolean {
  if (kind === 'each') return true;
  const issues = type?.input == null ? [] : (parseJson(type.input, {}).error?.issues ?? []);
  return issues.some(({ path }) => path.length === 1 && path[0] === name);
}

/** An atom that a condition before it may still ignore does not run for certain. */
function certainIn({ flow, atoms }: Run): (atom: CompiledAtom) => boolean {
  const behindGate = new Set<number>();
  const reached = flow.atoms.flatMap(({ kind, index, node }) => (kind === 'gate' && atoms[index]?.state === 'PENDING' ? [node] : []));
  for (let node = reached.pop(); node !== undefined; node = reached.pop()) {
    for (const after of flow.nodes[node]?.after ?? []) {
      if (behindGate.has(after)) continue;
      behindGate.add(after);
      reached.push(after);
    }
  }
  return ({ node }) => !behindGate.has(node);
}

/** The name of the item; with its address where it is one of several. */
export function nameOf(atom: CompiledAtom | undefined, address: string): string {
  if (atom === undefined) return address;
  return atom.address.includes('[') ? `“${atom.item.name}” (${atom.address})` : `“${atom.item.name}”`;
}
