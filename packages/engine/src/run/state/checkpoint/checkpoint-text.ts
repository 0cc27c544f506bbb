// The stored text of a checkpoint: a line for the head and one for each chunk of atoms, each with its fingerprint, so
// that damage is found and that a large run is written and read in slices.
import { EngineError } from '../../../errors.ts';
import { fingerprint } from '../../graph/fingerprint.ts';
import type { CompiledFlow } from '../../graph/graph.ts';
import { nodeIndex } from '../../graph/index-spaces.ts';
import { type AtomColumns, type CheckpointHead, type RunCheckpoint, restoreCheckpoint } from './checkpoint.ts';
import { type Run, emptyRun, pendingAtom } from '../run.ts';
import { noUndo } from '../undo-order.ts';

/** Counts up when a fold of the same entries gives another state than before, or when the text below changes. */
const FOLD = 7;

/** Longest text of a checkpoint. A run whose outputs are larger is replayed. */
const LONGEST = 64 * 1024 * 1024;

let version: string | null = null;

/** Version of the code that makes checkpoints: it changes when the state has other fields. */
export function foldVersion(compiled: CompiledFlow): string {
  if (version === null) {
    const run = emptyRun(compiled);
    const fields = [run, run.progress, noUndo(run), pendingAtom(''), compiled.nodes[nodeIndex(0)] ?? {}].map((one) => Object.keys(one));
    version = `${FOLD}-${fingerprint(fields.join(';'))}`;
  }
  return version;
}

interface FirstLine {
  readonly time: number;
  readonly head: CheckpointHead;
}

/** In slices; null for a checkpoint that would be too long. `time` is that of the run's last entry. */
export function* writeCheckpoint({ head, chunks }: RunCheckpoint, time: number): Generator<void, string | null> {
  const first: FirstLine = { time, head };
  const lines = [sealed(first)];
  let length = 0;
  for (const chunk of chunks) {
    const line = sealed(chunk);
    length += line.length;
    if (length > LONGEST) return null;
    lines.push(line);
    yield;
  }
  return lines.join('\n');
}

/** In slices. Throws LOGBOOK_BROKEN for a damaged text, RangeError for one of another flow. */
export function* readCheckpoint(compiled: CompiledFlow, text: string): Generator<void, { readonly run: Run; readonly time: number }> {
  const lines = linesOf(text);
  const { time, head }: FirstLine = opened(lines.next().value ?? '');
  return { time, run: yield* restoreCheckpoint(compiled, { head, chunks: chunksOf(lines) }) };
}

function* chunksOf(lines: Iterable<string>): Generator<AtomColumns> {
  for (const line of lines) yield opened(line);
}

function* linesOf(text: string): Generator<string> {
  for (let from = 0; from <= text.length; ) {
    const end = text.indexOf('\n', from);
    const to = end < 0 ? text.length : end;
    yield text.slice(from, to);
    from = to + 1;
  }
}

function sealed(value: unknown): string {
  const json = JSON.stringify(value);
  return fingerprint(json) + json;
}

const SEAL = fingerprint('').length;

function opened<T>(line: string): T {
  const json = line.slice(SEAL);
  if (json === '' || fingerprint(json) !== line.slice(0, SEAL)) throw new EngineError('LOGBOOK_BROKEN', 'The checkpoint is damaged.');
  return JSON.parse(json) as T;
}
