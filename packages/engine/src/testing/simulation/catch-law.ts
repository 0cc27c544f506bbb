// Catches in the laws of a simulation (P11), from the entries seen so far.
import { isJsonObject } from '../../json.ts';
import { containerAround, isCatching, isCaught } from '../../run/state/caught.ts';
import { type Run, knownIndexOf } from '../../run/state/run.ts';
import { type AtomIndex, lookUp } from '../../run/graph/index-spaces.ts';

/** Is the atom inside an item that is caught as of the entries seen? Later entries of the same turn may undo the catch. */
export function wasCaught(
  run: Run,
  index: AtomIndex,
  seen: (atom: string) => { readonly state: string; readonly output: unknown } | undefined,
): boolean {
  const { atoms, containers } = run.flow;
  for (let at = containerAround(run, index); at !== undefined; at = lookUp(containers, at.parent)) {
    const control = seen(lookUp(atoms, at.catch?.atom)?.address ?? '');
    if (control?.state === 'SUCCESS' && isJsonObject(control.output) && control.output['link'] !== undefined) return true;
  }
  return false;
}

/** Does the atom stand in an item that is caught, or is being caught? What is kept there stays kept in a new forward pass. */
export function isInsideCatch(run: Run, atom: string): boolean {
  const { containers } = run.flow;
  for (let at = containerAround(run, knownIndexOf(run, atom)); at !== undefined; at = lookUp(containers, at.parent))
    if (isCaught(run, at) || isCatching(run, at)) return true;
  return false;
}
