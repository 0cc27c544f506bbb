// The bound on a run's growth: an iteration or a round is added only while the run stays below it.
import type { Failure } from '../../../failure/failure.ts';
import type { Run } from '../../state/run.ts';

/** Largest number of atoms of one run, including those of iterations. */
const MOST_ATOMS = 250_000;

/** The failure where a run would have too many atoms with those added. */
export function tooManyAtoms(run: Run, added: number): Failure | null {
  if (run.atoms.length + added <= MOST_ATOMS) return null;
  return {
    code: 'TOO_MANY_ATOMS',
    message: `The run has ${run.atoms.length} atoms and would get ${added} more; at most ${MOST_ATOMS} are allowed.`,
  };
}
