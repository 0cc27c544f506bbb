// The input and the output of an atom: held by the run when they are small, referred to when they are large.
import { type Json, isJsonObject } from '../../../json.ts';
import type { AtomEntry, MarkEntry, RetryAttempt } from '../../../logbook/entry.ts';
import { type PayloadExcess, sizeIfOver } from '../../../payload.ts';
import { LARGE, type StoredValue } from '../../../logbook/stored-value.ts';
import { smallPart, storedAt, wholeIn } from '../../../logbook/entry-values.ts';
import { NO_HISTORY, type Run, type RunAtom } from '../run.ts';
import { isTaskKind } from '../../graph/atom-kinds.ts';

/** The entry begins an attempt. Of a large input the run holds the small fields. */
export function setInput(run: Run, atom: RunAtom, entry: AtomEntry): void {
  const input = entry.data?.input;
  atom.inputAt = storedAt(entry, 'input');
  atom.input = atom.inputAt === null ? (input ?? {}) : smallPart(input);
  if (atom.inputAt !== null) cache(run, entry, atom.inputAt);
}

/** The entry gives the atom another output. The output of a control stays in the run: the fold itself reads lists and rounds. */
export function setOutput(run: Run, atom: RunAtom, entry: AtomEntry | MarkEntry): void {
  dropOutput(run, atom);
  const output = entry.data?.output;
  const at = storedAt(entry, 'output');
  if (at !== null && isOfTask(run, atom)) {
    atom.outputAt = at;
    atom.output = smallPart(output);
    cache(run, entry, at);
    return;
  }
  atom.output = output ?? null;
  if (at !== null) run.heldSize += sizeOf(output);
}

function cache({ large }: Run, entry: AtomEntry | MarkEntry, at: StoredValue): void {
  const value = wholeIn(entry, at.field);
  if (value !== undefined) large.put(at, value);
}

/** The atom has no output any more. */
export function dropOutput(run: Run, atom: RunAtom): void {
  run.heldSize -= sizeOf(atom.output);
  atom.output = null;
  atom.outputAt = null;
}

/** A retry keeps the value of an attempt that failed. */
export function keepAttempt(run: Run, retry: RunAtom, attempt: RetryAttempt): void {
  const size = sizeOf(attempt.value);
  // A run that was restored from a lean snapshot has the reference alone.
  const valueAt = retry.outputAt ?? (size === 0 ? null : outputOfControlAt(retry));
  retry.history = [...retry.history, valueAt === null ? attempt : { ...attempt, valueAt }];
  run.heldSize += size + sizeOf(attempt.next);
}

/**
 * Where the large output of a list or of a retry stands: a run holds it whole, and a reader gets it by this reference. A list is given
 * with the first entry of its attempt, the value of a retry with the second (docs/engine.md). Null for every other output.
 */
export function outputOfControlAt({
  state,
  output,
  outputAt,
  startNumber,
}: Pick<RunAtom, 'state' | 'output' | 'outputAt' | 'startNumber'>): StoredValue | null {
  if (outputAt !== null || state === 'IGNORE' || !isJsonObject(output)) return null;
  const names = Object.keys(output).join();
  if (names !== 'elements' && names !== 'value,attempt') return null;
  const size = sizeOf(output);
  return size === 0 ? null : { entry: names === 'elements' ? startNumber : startNumber + 1, field: 'output', size };
}

/** A retry begins with an empty history. */
export function dropHistory(run: Run, retry: RunAtom): void {
  for (const { value, next } of retry.history) run.heldSize -= sizeOf(value) + sizeOf(next);
  retry.history = NO_HISTORY;
}

const sizes = new WeakMap<object, number>();

/** The size of a value over 8 KB, 0 for a smaller one. The size of a list or an object is cached. */
export function sizeOf(value: Json | undefined): number {
  if (value === undefined || value === null) return 0;
  if (typeof value !== 'object') return sizeIfOver(value, LARGE) ?? 0;
  const size = sizes.get(value) ?? sizeIfOver(value, LARGE) ?? 0;
  sizes.set(value, size);
  return size;
}

function isOfTask({ flow }: Run, { atom }: RunAtom): boolean {
  return isTaskKind(flow.atomByAddress.get(atom)?.kind);
}

/** The output for a decision. A large one may have to be loaded first: see LargeValues.read. */
export function readOutput({ large }: Run, { output, outputAt }: RunAtom): Json | null {
  return outputAt === null ? output : large.read(outputAt);
}

/** Has the atom an output, whatever its size? */
export function hasOutput({ output, outputAt }: RunAtom): boolean {
  return output !== null || outputAt !== null;
}

/** Most characters of the large lists and values that a run holds itself. */
const MOST_HELD = 67_108_864;

/** Why a run cannot hold one more list of a for-each, or value of a retry; null where it can. `shown` names it. */
export function heldExcess({ heldSize }: Run, shown: string, value: Json): PayloadExcess | null {
  const size = sizeIfOver(value, LARGE) ?? 0;
  if (heldSize + size <= MOST_HELD) return null;
  return {
    code: 'PAYLOAD_TOO_LARGE',
    message: `${shown} has ${size} characters, and the lists and values of this run may have at most ${MOST_HELD} together. Give references instead, such as paths.`,
  };
}
