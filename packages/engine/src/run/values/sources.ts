// The item that a name stands for in a scope, and whether that item has given an output (S1, S6).
import { type Json, type JsonObject, isEmptyObject } from '../../json.ts';
import type { CompiledContainer } from '../graph/graph.ts';
import { type IterationScope, type Scope, documentScope, iterationOf } from '../graph/scope.ts';
import { lookUp } from '../graph/index-spaces.ts';
import { hasOutput, readOutput } from '../state/values/atom-values.ts';
import { isIgnored } from '../state/ignored.ts';
import { caughtAround, caughtFailure, containerAround } from '../state/caught.ts';
import { type Run, indexOf, isFinished } from '../state/run.ts';

/** The meaning of an item's name in a scope. */
export type Source =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'around'; readonly iteration: IterationScope }
  | { readonly kind: 'atom'; readonly address: string }
  | { readonly kind: 'container'; readonly container: CompiledContainer; readonly address: string };

export function sourceOf(run: Run, scope: Scope, item: string): Source {
  const planned = scope.plan.items.get(item);
  const place = planned ?? scope.plan.controls.get(item);
  if (place === undefined) return { kind: 'nothing' };
  const around = iterationOf(scope, item);
  if (planned !== undefined && around !== undefined) return { kind: 'around', iteration: around };
  const prefix = prefixOf(run, scope, place.iterated);
  if (prefix === null) return { kind: 'nothing' };
  const address = prefix + item;
  const container = run.flow.containerByAddress.get(address);
  // A caught item counts as ignored (P11), even if an effect inside it was kept.
  const index = indexOf(run, address);
  const outside = container ?? (index === undefined ? undefined : containerAround(run, index));
  if (caughtAround(run, outside) !== undefined) return { kind: 'nothing' };
  return planned === undefined || container === undefined ? { kind: 'atom', address } : { kind: 'container', container, address };
}

/** Is the item SUCCESS, or was it skipped with outputs? */
export function hasGiven(run: Run, scope: Scope, item: string): boolean {
  const source = sourceOf(run, scope, item);
  switch (source.kind) {
    case 'nothing':
      return false;
    case 'around':
      return true;
    case 'atom':
      return hasAtomGiven(run, source.address);
    case 'container': {
      const { exit } = source.container;
      // A retry around one task has the address of that task.
      if (run.flow.atomByAddress.has(source.address) && source.container.item === null) return hasAtomGiven(run, source.address);
      return run.progress.passed[exit] === 1 && !isIgnored(run, exit);
    }
  }
}

/** The address of an item as seen from a scope: in the same iteration, or in the last round of a loop. */
function prefixOf(run: Run, scope: Scope, iterated: readonly string[]): string | null {
  let prefix = documentScope(scope).prefix;
  for (const container of iterated) {
    const around = iterationOf(scope, container);
    if (around !== undefined) {
      prefix = around.prefix;
      continue;
    }
    const loop = run.flow.containerByAddress.get(prefix + container);
    if (loop === undefined || loop.item?.pattern !== 'loop') return null;
    prefix = `${loop.address}[${lastRound(run, loop)}].`;
  }
  return prefix;
}

/** Number of the newest round of the present pass. */
export function lastRound(run: Run, loop: CompiledContainer): number {
  const last = loop.rounds.findLastIndex((round) => lookUp(run.flow.nodes, run.flow.atoms[round]?.node)?.dropped === false);
  return Math.max(0, last);
}

/** The output of an atom for others; none until it is finished. */
export function atomOutput(run: Run, address: string): Json | undefined {
  const atom = lookUp(run.atoms, indexOf(run, address));
  if (atom === undefined || !isFinished(atom.state)) return undefined;
  return readOutput(run, atom) ?? undefined;
}

/** An atom that was skipped with an empty output was skipped without outputs. */
function hasAtomGiven(run: Run, address: string): boolean {
  const atom = lookUp(run.atoms, indexOf(run, address));
  if (atom === undefined || !isFinished(atom.state) || !hasOutput(atom)) return false;
  const isEmpty = atom.outputAt === null && isEmptyObject(atom.output);
  return !(atom.state === 'IGNORE' && isEmpty);
}

/** The caught failure of an item, as seen from a scope; undefined when none was caught. */
export function failureOf(run: Run, scope: Scope, item: string): JsonObject | undefined {
  const place = scope.plan.items.get(item);
  const prefix = place === undefined ? null : prefixOf(run, scope, place.iterated);
  const failure = prefix === null ? null : caughtFailure(run, run.flow.containerByAddress.get(prefix + item));
  return failure === null ? undefined : { code: failure.code, message: failure.message, atom: failure.atom, data: failure.data ?? null };
}
