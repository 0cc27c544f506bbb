// Caught failures (P11): the state of the control `catch` of an item. It is PENDING with an output while the item
// is undone, and SUCCESS with that output once the item is caught. For an item that ended by itself it has no output.
import type { Failure } from '../../failure/failure.ts';
import { isJsonObject } from '../../json.ts';
import { type CompiledContainer, containerOf } from '../graph/graph.ts';
import { type AtomIndex, lookUp } from '../graph/index-spaces.ts';
import type { Run } from './run.ts';

/** The link that was taken, the child of the graph to which it leads, and the atom that failed. */
export interface Taken {
  readonly link: string;
  readonly to: string;
  readonly atom: string;
}

/** The link on failure that was taken for a container, or null. */
export function takenOf(run: Run, container: CompiledContainer | undefined): Taken | null {
  const output = lookUp(run.atoms, container?.catch?.atom)?.output ?? null;
  if (!isJsonObject(output)) return null;
  const { link, to, atom } = output;
  return typeof link === 'string' && typeof to === 'string' && typeof atom === 'string' ? { link, to, atom } : null;
}

/** Was a link on failure taken, and is the item not settled yet? */
export function isCatching(run: Run, container: CompiledContainer | undefined): boolean {
  return lookUp(run.atoms, container?.catch?.atom)?.state === 'PENDING' && takenOf(run, container) !== null;
}

/** Was the item caught: is everything inside it undone or kept, and may its target begin? */
export function isCaught(run: Run, container: CompiledContainer | undefined): boolean {
  return lookUp(run.atoms, container?.catch?.atom)?.state === 'SUCCESS' && takenOf(run, container) !== null;
}

/** The outermost caught container among this one and those around it; undefined when none is caught. */
export function caughtAround(run: Run, container: CompiledContainer | undefined): CompiledContainer | undefined {
  const { containers } = run.flow;
  let found: CompiledContainer | undefined;
  for (let at = container; at !== undefined; at = lookUp(containers, at.parent)) if (isCaught(run, at)) found = at;
  return found;
}

/** The container that the atom is a direct child of; the control `catch` counts as outside the item that it ends. */
export function containerAround({ flow }: Run, index: AtomIndex): CompiledContainer | undefined {
  const around = containerOf(flow, index);
  return flow.atoms[index]?.kind === 'catch' ? lookUp(flow.containers, around?.parent) : around;
}

/** The caught failure of an item, as bindings get it; null when none was caught. */
export function caughtFailure(run: Run, container: CompiledContainer | undefined): (Failure & { readonly atom: string }) | null {
  if (!isCaught(run, container)) return null;
  const atom = takenOf(run, container)?.atom ?? '';
  const failure = lookUp(run.atoms, run.flow.atomByAddress.get(atom)?.index)?.failure;
  return {
    code: failure?.code ?? '',
    message: failure?.message ?? '',
    atom,
    ...(failure?.data === undefined ? {} : { data: failure.data }),
  };
}
