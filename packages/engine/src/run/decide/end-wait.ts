// The answer of a wait is the output of its task (S4): the schema of the type decides about it as about an output of apply.
import type { Json } from '../../json.ts';
import type { AtomIndex } from '../graph/index-spaces.ts';
import { atomAt } from '../state/run.ts';
import { checkOutput, outputSchemaOf } from './check-output.ts';
import type { Turn } from './turn.ts';

/** Ends the wait of an atom with that output. `signal`: number of the signal that the wait has taken, also if the output does not fit. */
export function endWaitWith(turn: Turn, index: AtomIndex, { output, signal }: { readonly output: Json; readonly signal?: number }): void {
  const atom = atomAt(turn.run, index);
  const checked = checkOutput(outputSchemaOf(turn.run.flow.atoms[index]), output);
  const taken = signal === undefined ? {} : { signal };
  if (checked.kind === 'output') turn.move(atom, 'SUCCESS', { output: checked.output, ...taken });
  else turn.move(atom, 'FAILURE', { failure: checked.failure, ...taken });
}
