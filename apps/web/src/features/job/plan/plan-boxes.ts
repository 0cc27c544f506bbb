// The boxes of a plan: which tasks are ticked, and what ticking and unticking do to the choice. Pure.
// 1. A task is ticked exactly when the plan that is shown reverts it, unless the person has just unticked it.
// 2. A dependant that was unticked is unsettled until a reason is given for leaving it out; the plan cannot be confirmed before.
// 3. Choosing other tasks keeps the reasons that were given already.
import type { RollbackChoice, RollbackPlan } from '@windlass/engine/run';

export interface Boxes {
  readonly choice: RollbackChoice;
  /** Tasks that the person has unticked. */
  readonly unticked: ReadonlySet<string>;
}

/** Dependants in the plan that were unticked, in the plan's order: each still needs a reason, or its tick again. */
export function unsettledOf(plan: RollbackPlan, unticked: ReadonlySet<string>): readonly string[] {
  return plan.waves.flat().flatMap(({ atom, dependant }) => (dependant && unticked.has(atom) ? [atom] : []));
}

export function isTicked(atom: string, { choice, unticked }: Boxes, plan: RollbackPlan): boolean {
  if (unticked.has(atom) || isLeftOut(atom, choice)) return false;
  return choice.kind !== 'atoms' || choice.atoms.includes(atom) || plan.waves.flat().some((undo) => undo.atom === atom);
}

/** The choice after a click on a box. `undoable` are all tasks that can be chosen, in the order shown. */
export function toggled(atom: string, boxes: Boxes, { plan, undoable }: { plan: RollbackPlan; undoable: readonly string[] }): Boxes {
  const { choice } = boxes;
  const chosen = new Set(choice.kind === 'atoms' ? choice.atoms : undoable);
  const leaveOut = choice.kind === 'atoms' ? choice.leaveOut : [];
  if (isTicked(atom, boxes, plan)) {
    const unticked = new Set([...boxes.unticked, atom]);
    if (!chosen.has(atom)) return { choice, unticked };
    chosen.delete(atom);
    return { choice: choiceOf(chosen, { undoable, leaveOut }), unticked };
  }
  if (isLeftOut(atom, choice)) return takenIn(atom, boxes);
  const unticked = new Set([...boxes.unticked].filter((one) => one !== atom));
  if (plan.waves.flat().some((undo) => undo.atom === atom && undo.dependant)) return { choice, unticked };
  chosen.add(atom);
  return { choice: choiceOf(chosen, { undoable, leaveOut }), unticked };
}

/** The box of a dependant clicked where the plan lists it: the choice stays until a reason is given. */
export function marked(atom: string, { choice, unticked }: Boxes): Boxes {
  const others = [...unticked].filter((one) => one !== atom);
  return { choice, unticked: new Set(unticked.has(atom) ? others : [...others, atom]) };
}

/** The task stays, for that reason. */
export function leftOutFor(reason: string, atom: string, { choice, unticked }: Boxes): Boxes {
  if (choice.kind !== 'atoms') return { choice, unticked };
  return { choice: { ...choice, leaveOut: [...choice.leaveOut, { atom, reason }] }, unticked };
}

/** The task is undone after all. */
export function takenIn(atom: string, { choice, unticked }: Boxes): Boxes {
  const others = new Set([...unticked].filter((one) => one !== atom));
  if (choice.kind !== 'atoms') return { choice, unticked: others };
  return { choice: { ...choice, leaveOut: choice.leaveOut.filter((one) => one.atom !== atom) }, unticked: others };
}

function isLeftOut(atom: string, choice: RollbackChoice): boolean {
  return choice.kind === 'atoms' && choice.leaveOut.some((one) => one.atom === atom);
}

function choiceOf(
  chosen: ReadonlySet<string>,
  { undoable, leaveOut }: { readonly undoable: readonly string[]; readonly leaveOut: readonly { atom: string; reason: string }[] },
): RollbackChoice {
  if (leaveOut.length === 0 && undoable.every((atom) => chosen.has(atom))) return { kind: 'job' };
  // A choice that was made elsewhere, such as a stage of a resource, may name tasks that the list does not show.
  const unlisted = [...chosen].filter((atom) => !undoable.includes(atom));
  return { kind: 'atoms', atoms: [...undoable.filter((atom) => chosen.has(atom)), ...unlisted], leaveOut: [...leaveOut] };
}
