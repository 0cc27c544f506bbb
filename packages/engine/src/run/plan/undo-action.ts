// What undoing one atom takes: whether a call is needed, and what stands in its way (SEMANTICS R5 to R8).
import type { CompiledFlow } from '../graph/graph.ts';
import { type Run, type RunAtom, atomAt, mayHaveEffect } from '../state/run.ts';

/** What undoing an atom takes: a call, nothing, or it stays. */
export interface UndoAction {
  readonly action: 'revert' | 'nothing' | 'keep';
  readonly because: string;
}

/** What undoing this atom takes. `includes` says which atoms are undone along with it. */
export function undoActionOf(run: Run, index: number, includes: (atom: number) => boolean): UndoAction {
  const atom = atomAt(run, index);
  const compiled = run.flow.atoms[index];
  const effects = compiled?.type?.effects;
  if (compiled !== undefined && compiled.kind !== 'task' && compiled.kind !== 'stage' && compiled.kind !== 'undo') {
    return { action: 'nothing', because: 'it has no effect' };
  }
  if (!atom.applied) return { action: 'nothing', because: 'apply was never called' };
  if (!mayHaveEffect(atom)) return { action: 'nothing', because: 'nothing was done' };
  if (effects?.kind === 'none') return { action: 'nothing', because: 'it has no effect' };
  return (
    asPartOf(run, index, includes) ?? {
      action: effects?.kind === 'irreversible' ? 'keep' : 'revert',
      because:
        effects === undefined ? 'this server does not know the task type' : effects.kind === 'irreversible' ? effects.reason : effects.undo,
    }
  );
}

/** Where a container is undone as a whole, or never; where a resource is destroyed by its last stage. */
function asPartOf(run: Run, index: number, includes: (atom: number) => boolean): UndoAction | null {
  const { flow } = run;
  const around = containersAround(flow, index);
  // Whatever stands in a container that is never undone stays, however its own containers are undone.
  const never = around.find(({ irreversible }) => irreversible !== null)?.irreversible;
  if (never != null) return { action: 'keep', because: never };
  for (const { undo, enter } of around) {
    // A revert of the whole knows what was in it when it was complete, and a dropped iteration was not.
    if (flow.nodes[enter]?.dropped === true) break;
    if (undo < 0 || undo === index) continue;
    const whole = atomAt(run, undo);
    if (whole.kept !== null) return { action: 'keep', because: whole.kept };
    const isUndone = whole.state === 'REVERTED' && whole.applied;
    if (isUndone || (isCovering(whole) && includes(undo))) return { action: 'nothing', because: `undone as a whole by ${whole.atom}` };
  }
  const stages = destroyedWith(flow, index);
  const later = stages.slice(stages.indexOf(index) + 1).map((stage) => atomAt(run, stage));
  const last = later.findLast((stage) => mayHaveEffect(stage) && stage.state !== 'PENDING');
  if (last === undefined) return null;
  // What was not destroyed stands, all of it.
  if (last.kept !== null) return { action: 'keep', because: last.kept };
  return { action: 'nothing', because: `destroyed with ${last.atom}` };
}

/** All stages of a resource that one destroy undoes, where this atom is one of them; else none. */
export function destroyedWith(flow: CompiledFlow, index: number): readonly number[] {
  const compiled = flow.atoms[index];
  if (compiled?.kind !== 'stage' || !compiled.type?.destroys) return [];
  return flow.containers[compiled.container]?.stages ?? [];
}

/** Does the container's own revert stand for everything inside? */
export function isCovering({ state }: RunAtom): boolean {
  return state === 'SUCCESS' || state === 'REVERTING';
}

/** Containers around an atom, innermost first. */
export function containersAround(flow: CompiledFlow, index: number) {
  const around = [];
  const node = flow.nodes[flow.atoms[index]?.node ?? -1];
  for (let at = node?.parent ?? -1; at >= 0; at = flow.containers[at]?.parent ?? -1) {
    const container = flow.containers[at];
    if (container !== undefined) around.push(container);
  }
  return around;
}
