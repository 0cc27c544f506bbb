// How one atom is undone: by a call, without a call, or not at all, and why (R5 to R8).
import type { Effects } from '../../task/effects.ts';
import { CONDUCTOR_LOST } from '../../failure/failure.ts';
import { type CompiledContainer, type CompiledFlow, containerOf } from '../graph/graph.ts';
import { type AtomIndex, lookUp } from '../graph/index-spaces.ts';
import { type Run, type RunAtom, atomAt, isDeadLetter, mayHaveEffect } from '../state/run.ts';
import { isCalledKind } from '../graph/atom-kinds.ts';

/** How an atom is undone: by a call of revert, without a call, or it is kept. */
export interface UndoAction {
  readonly action: 'revert' | 'nothing' | 'keep';
  readonly because: string;
}

/** How the atom is undone. `includes` says which other atoms are undone in the same rollback. */
export function undoActionOf(run: Run, index: AtomIndex, includes: (atom: AtomIndex) => boolean): UndoAction {
  const atom = atomAt(run, index);
  const compiled = run.flow.atoms[index];
  const effects = compiled?.type?.effects;
  if (compiled !== undefined && !isCalledKind(compiled.kind)) return { action: 'nothing', because: 'it has no effect' };
  if (!atom.applied) return { action: 'nothing', because: 'apply was never called' };
  if (!mayHaveEffect(atom)) return { action: 'nothing', because: 'nothing was done' };
  const asPart = effects?.kind === 'none' ? null : asPartOf(run, index, includes);
  return asPart ?? byItself(effects, isUncertain(run, atom));
}

function byItself(effects: Effects | undefined, uncertain: boolean): UndoAction {
  switch (effects?.kind) {
    case undefined:
      return { action: 'revert', because: 'this server does not know the task type' };
    case 'none':
      return { action: 'nothing', because: 'it has no effect' };
    case 'reversible':
      return { action: 'revert', because: effects.undo };
    case 'irreversible':
      return { action: 'keep', because: uncertain ? 'whether it took effect is not known' : effects.reason };
  }
}

/** Is it not known whether its apply took effect? */
export function isUncertain(run: Run, { state, inDoubt, failure }: RunAtom): boolean {
  return failure?.code === CONDUCTOR_LOST || (state === 'RUNNING' && (inDoubt !== null || isDeadLetter(run)));
}

/** Was it undone by the revert of the whole that it belongs to? Then it stands no longer, whether or not its turn has come. */
export function isUndoneAsPart(run: Run, index: AtomIndex): boolean {
  return asPartOf(run, index, () => false)?.action === 'nothing';
}

/** For an atom with a container around it that is undone as a whole or never, or with a resource that has one destroy; else null. */
function asPartOf(run: Run, index: AtomIndex, includes: (atom: AtomIndex) => boolean): UndoAction | null {
  const { flow } = run;
  const inContainer = asPartOfContainers(run, index, includes);
  if (inContainer !== null) return inContainer;
  const stages = destroyedWith(flow, index);
  const later = stages.slice(stages.indexOf(index) + 1);
  const place = later.findLast((stage) => mayHaveEffect(atomAt(run, stage)) && atomAt(run, stage).state !== 'PENDING');
  if (place === undefined) return null;
  const last = atomAt(run, place);
  // When the resource is not destroyed, all its stages are kept.
  if (last.kept !== null && !includes(place)) return { action: 'keep', because: last.kept };
  return { action: 'nothing', because: `destroyed with ${last.atom}` };
}

/**
 * The answer of the containers around the atom, from the innermost outwards. A container that is never undone keeps everything inside, also
 * an inner container with its own revert. The own revert of a container undoes everything inside (R8), also what is never undone by itself.
 */
function asPartOfContainers(run: Run, index: AtomIndex, includes: (atom: AtomIndex) => boolean): UndoAction | null {
  let answer: UndoAction | null = null;
  let isDropped = false;
  let isNever = false;
  for (const { undo, enter, irreversible } of containersAround(run.flow, index)) {
    if (irreversible !== null && !isNever) {
      answer = { action: 'keep', because: irreversible };
      isNever = true;
    }
    // A container's own revert undoes the iterations that it had when it completed, so not a dropped one.
    isDropped ||= run.flow.nodes[enter]?.dropped === true;
    if (isDropped || undo === null || undo === index || (answer !== null && !isNever)) continue;
    const whole = atomAt(run, undo);
    // A revert that was kept and is taken in again is kept no longer.
    if (whole.kept !== null && !includes(undo)) answer ??= { action: 'keep', because: whole.kept };
    else if ((whole.state === 'REVERTED' && whole.applied) || (isCovering(whole) && includes(undo))) {
      answer = { action: 'nothing', because: `undone as a whole by ${whole.atom}` };
      isNever = false;
    }
  }
  return answer;
}

/** All stages of a resource that one destroy undoes, if the atom is one of them; else empty. */
export function destroyedWith(flow: CompiledFlow, index: AtomIndex): readonly AtomIndex[] {
  const compiled = flow.atoms[index];
  if (compiled?.kind !== 'stage' || !compiled.type?.destroys) return [];
  return flow.containers[compiled.container]?.stages ?? [];
}

/** Will the container's own revert undo everything inside? One that failed is called again by a newer plan, unless it was kept. */
export function isCovering({ state, kept }: RunAtom): boolean {
  return state === 'SUCCESS' || state === 'REVERTING' || (state === 'REVERT_FAILURE' && kept === null);
}

/** The containers around an atom, innermost first. */
export function containersAround(flow: CompiledFlow, index: AtomIndex): CompiledContainer[] {
  const around: CompiledContainer[] = [];
  for (let at = containerOf(flow, index); at !== undefined; at = lookUp(flow.containers, at.parent)) around.push(at);
  return around;
}
