// A snapshot for the network: only the fields of each atom that differ from an untouched atom. A run of 25,000
// tasks is 3 MB in this form instead of 9 MB, which took most of the time of opening a page. Lists of for-each and values of retries
// over 8 KB are references here, like outputs of tasks: the run itself holds them whole.
import { smallPart } from '../../../logbook/entry-values.ts';
import { isJsonObject } from '../../../json.ts';
import type { RetryAttempt } from '../../../logbook/entry.ts';
import { pendingAtom } from '../run.ts';
import { outputOfControlAt, sizeOf } from '../values/atom-values.ts';
import type { AtomSnapshot, RunSnapshot } from './snapshot.ts';

/** An atom without the fields that equal those of an untouched atom. */
export type LeanAtom = Pick<AtomSnapshot, 'atom'> & { readonly [Field in keyof AtomSnapshot]?: AtomSnapshot[Field] };

export interface LeanSnapshot extends Omit<RunSnapshot, 'atoms'> {
  readonly atoms: readonly LeanAtom[];
}

const UNTOUCHED = Object.entries(pendingAtom(''));

/** O(atoms). */
export function leanOf(snapshot: RunSnapshot): LeanSnapshot {
  const { inputsAt, outputsAt } = snapshot;
  return {
    ...snapshot,
    ...(inputsAt === null ? {} : { inputs: smallPart(snapshot.inputs) }),
    ...(outputsAt === null ? {} : { outputs: smallPart(snapshot.outputs ?? {}) }),
    atoms: snapshot.atoms.map((atom) => leanAtom(withoutLarge(atom))),
  };
}

/** The inverse of `leanOf`. */
export function fullOf(lean: LeanSnapshot): RunSnapshot {
  return { ...lean, atoms: lean.atoms.map((atom): AtomSnapshot => ({ ...pendingAtom(atom.atom), ...atom }) as AtomSnapshot) };
}

/** The atom without the large values of a control. The slots say how many elements the list has. */
function withoutLarge(atom: AtomSnapshot): AtomSnapshot {
  const history = atom.history.some(isLargeAttempt) ? atom.history.map(withoutValues) : atom.history;
  const at = outputOfControlAt(atom);
  if (at === null) return history === atom.history ? atom : { ...atom, history };
  const { keys: _, slots, ...rest } = atom;
  const { elements, value, attempt } = isJsonObject(atom.output) ? atom.output : {};
  const output = attempt === undefined ? {} : { value: smallPart(value), attempt };
  const small = { ...rest, history, output, outputAt: at };
  return Array.isArray(elements) ? { ...small, slots: slots ?? elements.map((_element, slot) => slot) } : small;
}

function isLargeAttempt({ valueAt, next }: RetryAttempt): boolean {
  return valueAt !== undefined || sizeOf(next) > 0;
}

/** A large next value is left out, because it is the value of the next attempt. */
function withoutValues({ next, ...attempt }: RetryAttempt): RetryAttempt {
  return {
    ...attempt,
    ...(attempt.valueAt === undefined ? {} : { value: smallPart(attempt.value) }),
    ...(next === undefined || sizeOf(next) > 0 ? {} : { next }),
  };
}

function leanAtom(atom: AtomSnapshot): LeanAtom {
  const lean: { [field: string]: unknown } = { atom: atom.atom };
  const fields: { readonly [field: string]: unknown } = { ...atom };
  for (const [field, untouched] of UNTOUCHED) {
    if (field !== 'atom' && !isSame(fields[field], untouched)) lean[field] = fields[field];
  }
  for (const field of ['grown', 'slots', 'keys'] as const) if (atom[field] !== undefined) lean[field] = atom[field];
  return lean as unknown as LeanAtom;
}

/** Does the value equal that of an untouched atom? Such values are scalars, or empty objects and lists. */
export function isSame(value: unknown, untouched: unknown): boolean {
  if (typeof untouched !== 'object' || untouched === null) return value === untouched;
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
