// The input and the output of an atom: held by the run where they are small, referred to where they are large.
import type { Json } from '../../json.ts';
import type { AtomEntry, MarkEntry } from '../../logbook/entry.ts';
import { storedAt } from '../../logbook/entry-values.ts';
import { NO_INPUT, type Run, type RunAtom } from './run.ts';

/** The entry begins an attempt. */
export function setInput(run: Run, atom: RunAtom, entry: AtomEntry): void {
  const input = entry.data?.input;
  atom.inputAt = storedAt(entry, 'input', input);
  if (atom.inputAt !== null && input !== undefined) run.large.put(atom.inputAt, input);
  atom.input = atom.inputAt === null ? (input ?? {}) : NO_INPUT;
}

/** The entry gives the atom another output. The output of a control stays in the run: the fold itself reads lists and rounds. */
export function setOutput(run: Run, atom: RunAtom, entry: AtomEntry | MarkEntry): void {
  const output = entry.data?.output;
  const at = storedAt(entry, 'output', output);
  atom.outputAt = at !== null && isOfTask(run, atom) ? at : null;
  if (atom.outputAt !== null && output !== undefined) run.large.put(atom.outputAt, output);
  atom.output = atom.outputAt === null ? (output ?? null) : null;
}

function isOfTask({ flow }: Run, { atom }: RunAtom): boolean {
  const kind = flow.atomByAddress.get(atom)?.kind;
  return kind === 'task' || kind === 'stage';
}

/** The output for one who decides. A large one may have to be loaded first: see LargeValues.read. */
export function readOutput({ large }: Run, { output, outputAt }: RunAtom): Json | null {
  return outputAt === null ? output : large.read(outputAt);
}

/** Has it an output, of whatever size? */
export function hasOutput({ output, outputAt }: RunAtom): boolean {
  return output !== null || outputAt !== null;
}
