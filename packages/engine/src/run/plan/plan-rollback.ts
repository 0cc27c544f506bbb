// run + choice -> plan (B1, B2). Pure, and the same in the browser that shows the plan and in the engine that confirms
// it. The waves come from the graph that the rollback itself follows (undo-order.ts).
import type { RollbackChoice } from './rollback-choice.ts';
import { fingerprint } from '../graph/fingerprint.ts';
import { nearestChosen } from './depended-on.ts';
import { leftOutOf } from './left-out.ts';
import { atomsInside, rootOf } from '../graph/graph.ts';
import { type AtomIndex, type NodeIndex, listBy, lookUp } from '../graph/index-spaces.ts';
import { destroyedWith, isUncertain, undoActionOf } from './undo-action.ts';
import type { ChangedCode, PlannedUndo, RollbackPlan } from './rollback-plan.ts';
import { type Run, atomAt, indexOf, isDeadLetter, mayHaveEffect } from '../state/run.ts';
import { codeOfApply } from '../state/applied-code.ts';
import { hasRun, isUndoable } from '../state/undo-order.ts';
import { isCalledKind } from '../graph/atom-kinds.ts';

/** The last plan of each run. A plan depends on the run's state at its basis, and on whether the job has become a dead letter since. */
const lastPlans = new WeakMap<Run, { readonly of: string; readonly plan: RollbackPlan }>();

/** The plan of a rollback as of the run's last entry. O(items + links). An unknown atom in the choice blocks the plan. */
export function planRollback(run: Run, choice: RollbackChoice): RollbackPlan {
  const of = JSON.stringify([run.basis, isDeadLetter(run), choice]);
  const last = lastPlans.get(run);
  if (last?.of === of) return last.plan;
  const plan = makePlan(run, choice);
  lastPlans.set(run, { of, plan });
  return plan;
}

function makePlan(run: Run, choice: RollbackChoice): RollbackPlan {
  const chosen = chosenAtoms(run, choice);
  const scope = withDependants(run, chosen);
  const leftOut = leftOutOf(run, choice);
  for (const index of leftOut.keys()) scope.delete(index);
  const orphans = leftOut.size === 0 ? scope : dependantsOf(run, scope);
  const hasDependants = [...scope].some((index) => !chosen.has(index));
  const dependsOn = hasDependants ? nearestChosen(run, (index) => chosen.has(index) && !isControl(run, index)) : () => [];
  const waves = wavesOf(run, scope).map((wave) =>
    wave.map((index) =>
      planned(run, index, { dependant: !chosen.has(index), dependsOn: chosen.has(index) ? [] : dependsOn(index), scope }),
    ),
  );
  const all = waves.flat();
  const controls = [...scope].filter((index) => isControl(run, index)).map((index) => atomAt(run, index).atom);
  const standing = run.atoms.flatMap((atom, index) =>
    hasRun(atom) && mayHaveEffect(atom) && !scope.has(index) && !isControl(run, index)
      ? [
          {
            atom: atom.atom,
            because: leftOut.get(index) ?? atom.kept ?? 'not part of the rollback',
            ...(leftOut.has(index) ? { leftOut: true as const } : {}),
            ...(leftOut.has(index) && orphans.has(index) ? { orphaned: true as const } : {}),
          },
        ]
      : [],
  );
  return {
    choice,
    basis: run.basis,
    waves,
    controls,
    standing,
    changedCode: changedCodeOf(run, all),
    reverts: all.filter(({ action }) => action === 'revert').length,
    kept: all.filter(({ action }) => action === 'keep').length,
    blocked: whyBlocked(run, choice, scope.size),
    hash: fingerprint(JSON.stringify([run.basis, choice, all.map(({ atom, attempt, action }) => [atom, attempt, action])])),
  };
}

/** Addresses of all atoms that a plan undoes. */
export function atomsOfPlan(plan: RollbackPlan): string[] {
  return [...plan.waves.flat().map(({ atom }) => atom), ...plan.controls];
}

function chosenAtoms(run: Run, choice: RollbackChoice): Set<AtomIndex> {
  switch (choice.kind) {
    case 'job':
      return new Set(run.atoms.flatMap((atom, index) => (isUndoable(atom) ? [index] : [])));
    case 'toEntry':
      return new Set(run.atoms.flatMap((atom, index) => (isUndoable(atom) && atom.startNumber > choice.number ? [index] : [])));
    case 'atoms':
      return new Set(
        choice.atoms.flatMap((address) => {
          const index = indexOf(run, address);
          return index !== undefined && isUndoable(atomAt(run, index)) ? [index] : [];
        }),
      );
  }
}

/** Controls are undone without a call, so a plan does not list them among its waves. */
function isControl(run: Run, index: AtomIndex): boolean {
  return !isCalledKind(run.flow.atoms[index]?.kind);
}

/** The chosen atoms and all atoms after them that ran; a container or resource that is undone as a whole is included as a whole. */
function withDependants(run: Run, chosen: ReadonlySet<AtomIndex>): Set<AtomIndex> {
  const { atoms } = run.flow;
  let scope = dependantsOf(run, chosen);
  for (;;) {
    const whole = [...scope].flatMap((index) => {
      const atom = atoms[index];
      return atom?.kind === 'undo' ? atomsInside(run.flow, atom.container) : destroyedWith(run.flow, index);
    });
    const added = whole.filter((atom) => !scope.has(atom) && isUndoable(atomAt(run, atom)));
    if (added.length === 0) return scope;
    scope = dependantsOf(run, new Set([...scope, ...added]));
  }
}

function dependantsOf(run: Run, chosen: ReadonlySet<AtomIndex>): Set<AtomIndex> {
  const { nodes, atoms } = run.flow;
  const scope = new Set(chosen);
  const seen = new Uint8Array(nodes.length);
  const reached = [...chosen].flatMap((index) => atoms[index]?.node ?? []);
  for (let node = reached.pop(); node !== undefined; node = reached.pop()) {
    for (const after of nodes[node]?.after ?? []) {
      if (seen[after] === 1) continue;
      seen[after] = 1;
      reached.push(after);
      const atom = nodes[after]?.atom ?? null;
      if (atom !== null && isUndoable(atomAt(run, atom))) scope.add(atom);
    }
  }
  return scope;
}

/** Atoms by wave. The wave of an atom is the number of scope atoms on the longest path from it to the end. */
function wavesOf(run: Run, scope: ReadonlySet<AtomIndex>): AtomIndex[][] {
  const { nodes } = run.flow;
  const waitingFor = listBy<NodeIndex, number>(nodes.map((node) => node.after.length + (node.undoAfter === null ? 0 : 1)));
  const level = listBy<NodeIndex, number>(nodes.map(() => 0));
  const waves: AtomIndex[][] = [];
  const root = rootOf(run.flow);
  const reached = root === undefined ? [] : [root.exit];
  for (let node = lookUp(nodes, reached.pop()); node !== undefined; node = lookUp(nodes, reached.pop())) {
    const own = level[node.index] ?? 0;
    const planned = node.kind === 'ATOM' && scope.has(node.atom) && !isControl(run, node.atom) ? node.atom : null;
    if (planned !== null) {
      const wave = waves[own];
      if (wave === undefined) waves[own] = [planned];
      else wave.push(planned);
    }
    for (const before of node.undoBefore !== null ? [...node.before, node.undoBefore] : node.before) {
      level[before] = Math.max(level[before] ?? 0, own + (planned === null ? 0 : 1));
      const left = (waitingFor[before] ?? 0) - 1;
      waitingFor[before] = left;
      if (left === 0) reached.push(before);
    }
  }
  return waves.map((wave) => wave.sort((a, b) => atomAt(run, b).startNumber - atomAt(run, a).startNumber));
}

interface PlanAround {
  readonly dependant: boolean;
  readonly dependsOn: readonly string[];
  readonly scope: ReadonlySet<AtomIndex>;
}

function planned(run: Run, index: AtomIndex, { dependant, dependsOn, scope }: PlanAround): PlannedUndo {
  const atom = atomAt(run, index);
  const undo = undoActionOf(run, index, (other) => scope.has(other));
  const left = atom.state === 'SUCCESS' && run.flow.atoms[index]?.kind !== 'undo';
  return {
    atom: atom.atom,
    attempt: atom.attempt,
    ...undo,
    output: atom.failure === null ? atom.output : null,
    input: atom.input,
    ...(atom.failure === null && atom.outputAt !== null ? { outputAt: atom.outputAt } : {}),
    ...(atom.inputAt !== null ? { inputAt: atom.inputAt } : {}),
    checked: undo.action === 'revert' && left && run.flow.atoms[index]?.type?.hasCheck === true,
    editable: undo.action === 'revert' && left && run.flow.atoms[index]?.type?.mayEditOutput === true,
    dependant,
    ...(dependsOn.length > 0 ? { dependsOn } : {}),
    ...(atom.revertFailure !== null ? { tried: true as const } : {}),
    ...(isUncertain(run, atom) ? { uncertain: true as const } : {}),
  };
}

/** Task types with changed code among the atoms to revert. Nothing is reported when either code is unknown. */
function changedCodeOf(run: Run, undone: readonly PlannedUndo[]): ChangedCode[] {
  const changed = new Map<string, { readonly type: string; readonly version: number; readonly atoms: string[] }>();
  if (run.codes.length === 0) return [];
  for (const { atom, action } of undone) {
    const compiled = run.flow.atomByAddress.get(atom);
    const present = compiled?.type?.code ?? null;
    if (action !== 'revert' || compiled === undefined || present === null || compiled.kind === 'undo') continue;
    const applied = codeOfApply(run, compiled.index);
    if (applied === null || applied === present) continue;
    const { type, typeVersion: version } = compiled.item;
    const known = changed.get(`${type}@${version}`);
    if (known === undefined) changed.set(`${type}@${version}`, { type, version, atoms: [atom] });
    else known.atoms.push(atom);
  }
  return [...changed.values()];
}

function whyBlocked(run: Run, choice: RollbackChoice, size: number): string | null {
  if (choice.kind === 'atoms') {
    const named = [...choice.atoms, ...choice.leaveOut.map(({ atom }) => atom)];
    const unknown = named.find((address) => indexOf(run, address) === undefined);
    if (unknown !== undefined) return `This flow version has no task "${unknown}".`;
    // A gate, a retry or a catch is worked out from the tasks around it: if it stood alone, the next pass could not work it out again.
    const control = choice.leaveOut.find(({ atom }) => !isCalledKind(run.flow.atomByAddress.get(atom)?.kind));
    if (control !== undefined) return `"${control.atom}" is no task, so it cannot be left out. Leave out the tasks that must stand.`;
  }
  switch (run.state) {
    case 'RUNNING':
    case 'SUSPENDING':
      if (isDeadLetter(run)) break;
      return run.doubts + run.overdue > 0 ? IN_DOUBT : 'The job is running. Pause it first, then roll back.';
    case 'REVERTING':
      return isDeadLetter(run)
        ? 'This job was given up during its rollback. Try it again: then the rollback goes on.'
        : 'A rollback is under way. Wait for its end, or stop it first.';
    case 'REVERT_FAILED':
      if (!isUnsettled(run)) break;
      return 'A revert has failed. Settle it first (try again, mark as reverted by hand, or keep).';
    case 'REVERTED':
      return 'Every effect of this job was already undone.';
    case 'PENDING':
    case 'SUSPENDED':
    case 'SUCCESS':
    case 'FAILURE':
    case 'PARTIALLY_REVERTED':
      break;
  }
  return size === 0 ? 'There is nothing to undo.' : null;
}

/**
 * Is there a failed revert or a doubt that a person can settle? An earlier version ended a rollback beside a task that waited with
 * REVERT_FAILED and no failed revert: only a new plan leads such a job on.
 */
export function isUnsettled({ stuck, doubts, overdue }: Pick<Run, 'stuck' | 'doubts' | 'overdue'>): boolean {
  return stuck + doubts + overdue > 0;
}

const IN_DOUBT =
  'The outcome of a task is not known. Say first whether it happened or failed, then pause the job and roll back; or cancel the job with a rollback.';
