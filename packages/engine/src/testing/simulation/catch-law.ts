// Catches in the laws of a simulation (SEMANTICS P11), from the entries seen so far.
import { isJsonObject } from '../../json.ts';
import { containerAround, isCatching, isCaught } from '../../run/state/caught.ts';
import type { Run } from '../../run/state/run.ts';

/** Is the atom inside an item that is caught as of the entries seen? Later entries of the same turn may undo the catch. */
export function wasCaught(
  run: Run,
  index: number,
  seen: (atom: string) => { readonly state: string; readonly output: unknown } | undefined,
): boolean {
  const { atoms, containers } = run.flow;
  for (let at = containers[containerAround(run, index)]; at !== undefined; at = containers[at.parent]) {
    const control = seen(atoms[at.catch?.atom ?? -1]?.address ?? '');
    if (control?.state === 'SUCCESS' && isJsonObject(control.output) && control.output['link'] !== undefined) return true;
  }
  return false;
}

/** Does the atom stand in an item that is caught, or is being caught? What is kept there stays kept in a new forward pass. */
export function isInsideCatch(run: Run, atom: string): boolean {
  const index = run.flow.atomByAddress.get(atom)?.index ?? -1;
  for (let at = run.flow.containers[containerAround(run, index)]; at !== undefined; at = run.flow.containers[at.parent])
    if (isCaught(run, at) || isCatching(run, at)) return true;
  return false;
}
