// Compares two jobs: what each task did in either of them, and the differences. Pure.
import { type FlowDefinition, placedItems, type Json, isJsonObject } from '@windlass/engine/definition';
import type { AtomSnapshot, Entry, RunSnapshot, StoredValue } from '@windlass/engine/run';

/** A job as the API gives it. */
export interface ComparedJob {
  readonly definition: FlowDefinition;
  readonly snapshot: Pick<RunSnapshot, 'atoms' | 'startedAt' | 'inputs' | 'inputsAt'>;
  /** When the last apply of each task ended, as far as its entries were read. */
  readonly applyEnds: ReadonlyMap<string, number>;
}

/** One task in one of the jobs; times in ms since that job's start. */
export interface Side {
  readonly atom: AtomSnapshot;
  readonly apply: Span | null;
  readonly revert: Span | null;
}
export interface Span {
  readonly from: number;
  /** In ms. `unknown`: it has ended, and the state of the run alone does not tell when. */
  readonly took: number | 'going' | 'unknown';
}

/** Two different values with the same name. */
export interface Difference {
  readonly name: string;
  readonly a: Json | undefined;
  readonly b: Json | undefined;
}

export interface ComparedTask {
  /** Address of the task. */
  readonly id: string;
  readonly name: string;
  /** Null when that job's version does not have the task, or the task never began. */
  readonly a: Side | null;
  readonly b: Side | null;
  readonly inputs: readonly Difference[];
  readonly outputs: readonly Difference[];
  /** The task ended in different states, or only one of the jobs has it. */
  readonly differs: boolean;
}

export interface Comparison {
  readonly inputs: readonly Difference[];
  readonly tasks: readonly ComparedTask[];
  /** Duration of the longer job in ms; both are drawn on this scale. */
  readonly span: number;
}

export function compareJobs(a: ComparedJob, b: ComparedJob): Comparison {
  const names = new Map([...placedItems(b.definition), ...placedItems(a.definition)].map(({ item }) => [item.id, item.name]));
  const [left, right] = [sidesOf(a), sidesOf(b)];
  const ids = new Set([...left.keys(), ...right.keys()]);
  const tasks = [...ids].map((id): ComparedTask => {
    const [one, other] = [left.get(id) ?? null, right.get(id) ?? null];
    return {
      ...{ id, name: nameOf(id, names), a: one, b: other },
      inputs: one === null || other === null ? [] : differences(inputOf(one), inputOf(other)),
      outputs: one === null || other === null ? [] : differences(outputOf(one), outputOf(other)),
      differs: one?.atom.state !== other?.atom.state,
    };
  });
  const ends = [...left.values(), ...right.values()].flatMap(({ apply, revert }) =>
    [apply, revert].flatMap((span) => (span === null ? [] : [span.from + (typeof span.took === 'number' ? span.took : 0)])),
  );
  return { inputs: differences(inputsOf(a), inputsOf(b)), tasks, span: Math.max(1, ...ends) };
}

/** A value, and where it stands if it is over 8 KB: then `value` has its small fields. */
interface Given {
  readonly value: Json | null;
  readonly at: StoredValue | null;
}
const inputOf = ({ atom }: Side): Given => ({ value: atom.input, at: atom.inputAt });
const outputOf = ({ atom }: Side): Given => ({ value: atom.output, at: atom.outputAt });
const inputsOf = ({ snapshot }: ComparedJob): Given => ({ value: snapshot.inputs, at: snapshot.inputsAt });

/**
 * Values that differ, by name; a value that is not an object is compared as a whole, under one name. Large fields are not
 * compared, and a line says so: no line would say that they are the same.
 */
export function differences(a: Given, b: Given): Difference[] {
  const [one, other] = [fieldsOf(a.value), fieldsOf(b.value)];
  const small = [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((name) =>
    JSON.stringify(one[name]) === JSON.stringify(other[name]) ? [] : [{ name, a: one[name], b: other[name] }],
  );
  if (a.at === null && b.at === null) return small;
  // A field that is large on one side alone is absent from the small ones there.
  const comparable = small.filter(
    ({ a: left, b: right }) => (left !== undefined || a.at === null) && (right !== undefined || b.at === null),
  );
  return [...comparable, { name: 'Large fields', a: largeWords(a.at), b: largeWords(b.at) }];
}

function largeWords(at: StoredValue | null): string {
  return at === null ? 'none' : `not compared; ${at.size.toLocaleString()} characters in all`;
}

function fieldsOf(value: Json | null): { readonly [name: string]: Json } {
  if (value === null) return {};
  return isJsonObject(value) ? value : { value };
}

/** When the last apply of each task ended: its revert writes a later end into the state of the run. */
export function applyEndsOf(entries: readonly Entry[]): Map<string, number> {
  const ends = new Map<string, number>();
  for (const entry of entries) {
    if (entry.kind === 'ATOM' && (entry.to === 'SUCCESS' || entry.to === 'FAILURE')) ends.set(entry.atom, entry.time);
  }
  return ends;
}

/** Tasks that began, in the order in which they did. */
function sidesOf({ definition, snapshot, applyEnds }: ComparedJob): Map<string, Side> {
  const tasks = new Set(placedItems(definition).flatMap(({ item }) => (item.kind === 'flow' ? [] : [item.id])));
  const start = snapshot.startedAt ?? 0;
  return new Map(
    snapshot.atoms
      .filter(({ atom, attempt }) => attempt > 0 && tasks.has(itemOf(atom)))
      .map((atom) => [atom.atom, { atom, apply: applyOf(atom, { start, end: applyEnds.get(atom.atom) }), revert: revertOf(atom, start) }]),
  );
}

function applyOf({ startedAt, endedAt, state }: AtomSnapshot, { start, end }: { start: number; end: number | undefined }): Span | null {
  if (startedAt === 0) return null;
  const from = startedAt - start;
  if (state === 'RUNNING' || state === 'WAITING') return { from, took: 'going' };
  const known = UNDONE.test(state) ? end : endedAt;
  return { from, took: known === undefined || known < startedAt ? 'unknown' : known - startedAt };
}

/** In these states the end that the run holds is that of the revert. */
const UNDONE = /^(REVERTING|REVERTED|REVERT_FAILURE)$/;

function revertOf({ revertingSince, startedAt, endedAt, state }: AtomSnapshot, start: number): Span | null {
  // When the task was applied again, the revert belongs to an earlier attempt.
  if (revertingSince === 0 || revertingSince < startedAt) return null;
  return { from: revertingSince - start, took: state === 'REVERTING' ? 'going' : Math.max(0, endedAt - revertingSince) };
}

function itemOf(address: string): string {
  return address.split('.').at(-1) ?? address;
}

/** `hosts[3].install` is `Install [3]`. */
function nameOf(address: string, names: ReadonlyMap<string, string>): string {
  const iteration = /\[(\d+)\]/.exec(address)?.[1];
  return `${names.get(itemOf(address)) ?? address}${iteration === undefined ? '' : ` [${iteration}]`}`;
}
