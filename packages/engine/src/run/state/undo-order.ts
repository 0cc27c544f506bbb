// The order of undoing (R4): an atom may be undone when everything after it is settled.
// An atom that never ran, was ignored, is already undone or is outside the rollback is passed, so "after it"
// reaches across any number of such atoms. A scope is undone together: the whole run, or the container that a retry
// begins again while the rest of the run goes on. Scopes do not overlap: a wider scope replaces the narrower ones.
// Beginning costs O(items + links) of the scope, each settled atom O(its links).
import { type CompiledFlow, atomsAt, containerOf, nodesInside, rootOf } from '../graph/graph.ts';
import { type AtomIndex, type NodeIndex, listBy, lookUp } from '../graph/index-spaces.ts';
import { ReadyQueue } from './ready-queue.ts';
import { type Run, type RunAtom, type UndoScopeKey, type UndoProgress, type UndoScope, atomAt, indexOf } from './run.ts';
import { mayBeUndone, recount } from './tally.ts';

/** Must a rollback settle the atom: was it applied, is it being applied, or did it fail? */
export function hasRun(atom: RunAtom): boolean {
  switch (atom.state) {
    case 'SUCCESS':
    case 'FAILURE':
    case 'RUNNING':
    case 'WAITING':
    case 'RETRYING':
    case 'REVERTING':
    case 'REVERT_FAILURE':
      return true;
    case 'IGNORE':
      return atom.applied;
    case 'PENDING':
    case 'REVERTED':
      return false;
  }
}

/** May a rollback include the atom? Not a kept one, except a revert that an earlier plan left out before its next attempt. */
export function isUndoable(atom: RunAtom): boolean {
  return hasRun(atom) && (atom.kept === null || atom.state === 'REVERTING');
}

/** For a new plan: reverts that failed or were to be tried again rest until their turn in it, and their attempts begin at 1. */
export function restReverts(run: Run): void {
  for (const atom of run.atoms) {
    const isTriedAgain = atom.state === 'REVERTING' ? atom.notBefore > 0 : atom.state === 'REVERT_FAILURE' && atom.kept === null;
    if (!isTriedAgain) continue;
    recount(run, atom, () => {
      atom.revertAttempt = 0;
    });
  }
}

/** Begins to undo the run or a container: everything that ran there, or the named atoms. A running atom is included when it ends. */
export function beginUndo(run: Run, key: UndoScopeKey, named: 'all' | readonly string[]): void {
  const { flow } = run;
  const undo = run.undo ?? noUndo(run);
  run.undo = undo;
  for (const known of [...undo.scopes.keys()]) if (isWithin(flow, known, key)) undo.scopes.delete(known);
  const nodes = key === 'run' ? flow.nodes.map(({ index }) => index) : nodesInside(flow, key);
  const scope: UndoScope = { key, openCount: 0 };
  undo.scopes.set(key, scope);
  const include = (index: AtomIndex): void => {
    const atom = atomAt(run, index);
    if (!isUndoable(atom) || undo.open[index] === 1) return;
    if (atom.kept !== null)
      recount(run, atom, () => {
        atom.kept = null;
      });
    undo.open[index] = 1;
    scope.openCount += 1;
  };
  for (const index of nodes) {
    const node = flow.nodes[index];
    if (node === undefined) continue;
    undo.waitingFor[index] = node.after.length + (node.undoAfter === null ? 0 : 1);
    if (node.atom !== null) undo.open[node.atom] = 0;
  }
  if (named === 'all') {
    // The retry that begins this very container again, and the end of its catch, are not undone with it (scopeOf).
    const own = key === 'run' ? undefined : flow.containers[key];
    for (const atom of atomsAt(flow, nodes)) if (atom !== own?.retry && atom !== own?.catch?.atom) include(atom);
  } else {
    for (const address of named) {
      const index = indexOf(run, address);
      if (index !== undefined) include(index);
    }
  }
  const exit = (key === 'run' ? rootOf(flow) : flow.containers[key])?.exit;
  if (exit === undefined) return;
  undo.waitingFor[exit] = 0;
  walk(run, undo, [exit]);
}

/** Ends a scope: its retry begins the container again, or the run goes forward again. */
export function endUndo(run: Run, key: UndoScopeKey): void {
  run.undo?.scopes.delete(key);
}

/** A call of an atom that must be undone has ended, so its turn may have come. */
export function joinUndo(run: Run, index: AtomIndex): void {
  const { undo } = run;
  if (undo?.open[index] !== 1 || !isReached(run, undo, index) || scopeOf(run, index) === undefined) return;
  const atom = atomAt(run, index);
  if (mayBeUndone(atom)) undo.ready.push([index, atom.startNumber]);
}

/** An atom is undone or kept: updates the counters of the nodes before it, now or when everything after it is settled too. */
export function settleAtom(run: Run, index: AtomIndex): void {
  const { undo } = run;
  const scope = scopeOf(run, index);
  if (undo === null || scope === undefined || undo.open[index] !== 1) return;
  undo.open[index] = 0;
  scope.openCount -= 1;
  const node = run.flow.atoms[index]?.node;
  // Its revert was under way when a wider rollback began: its turn in that rollback comes later, and then passes it.
  if (node === undefined || undo.waitingFor[node] !== 0) return;
  const reached: NodeIndex[] = [];
  passOn(run, undo, { node, reached });
  walk(run, undo, reached);
}

/** Fills the queue of a restored run from its counters. */
export function queueUndo(run: Run): void {
  run.atoms.forEach(({ startNumber }, index) => {
    if (isUndoTurn(run, index)) run.undo?.ready.push([index, startNumber]);
  });
}

/** May the atom be undone now? Only the counters decide: the queue may hold atoms that were undone since. */
export function isUndoTurn(run: Run, index: AtomIndex): boolean {
  const { undo } = run;
  if (undo?.open[index] !== 1 || !isReached(run, undo, index)) return false;
  return mayBeUndone(atomAt(run, index)) && scopeOf(run, index) !== undefined;
}

/** Is an apply that a lost conductor left over: was it told to stop, or will it be undone, or does the whole run revert? */
export function isApplyOver(run: Run, index: AtomIndex): boolean {
  const { state, resumeTo, rollback, undo } = run;
  const isWindingBack = state === 'REVERTING' || ((state === 'SUSPENDING' || state === 'SUSPENDED') && resumeTo === 'REVERTING');
  if (isWindingBack && rollback?.then === 'stop') return true;
  return atomAt(run, index).stopping > 0 || (undo?.open[index] === 1 && scopeOf(run, index) !== undefined);
}

/** The scope in which an atom is being undone now, if any. A retry is not part of its container's scope, nor a catch of its item's. */
export function scopeOf(run: Run, index: AtomIndex): UndoScope | undefined {
  const scopes = run.undo?.scopes;
  if (scopes === undefined || scopes.size === 0) return undefined;
  const atom = run.flow.atoms[index];
  let around = containerOf(run.flow, index);
  if (atom?.kind === 'retry' || atom?.kind === 'catch') around = lookUp(run.flow.containers, around?.parent);
  for (; around !== undefined; around = lookUp(run.flow.containers, around.parent)) {
    const scope = scopes.get(around.index);
    if (scope !== undefined) return scope;
  }
  return scopes.get('run');
}

/** Is that scope the other one, or inside it? */
export function isWithin(flow: CompiledFlow, key: UndoScopeKey, other: UndoScopeKey): boolean {
  if (other === 'run') return true;
  if (key === 'run') return false;
  for (let at = flow.containers[key]; at !== undefined; at = lookUp(flow.containers, at.parent)) if (at.index === other) return true;
  return false;
}

/** The progress of undoing before it begins. */
export function noUndo(run: Run): UndoProgress {
  return {
    waitingFor: listBy(new Array<number>(run.flow.nodes.length).fill(0)),
    open: listBy(new Array<number>(run.atoms.length).fill(0)),
    // Ties: last started first.
    ready: new ReadyQueue(([a, startOfA], [b, startOfB]) => startOfA > startOfB || (startOfA === startOfB && a > b)),
    scopes: new Map(),
  };
}

/** Is everything after the atom settled? */
function isReached({ flow }: Run, { waitingFor }: UndoProgress, index: AtomIndex): boolean {
  const node = flow.atoms[index]?.node;
  return node !== undefined && waitingFor[node] === 0;
}

function walk(run: Run, undo: UndoProgress, reached: NodeIndex[]): void {
  for (let node = reached.pop(); node !== undefined; node = reached.pop()) {
    const atom = run.flow.nodes[node]?.atom ?? null;
    if (atom === null || undo.open[atom] !== 1) {
      passOn(run, undo, { node, reached });
      continue;
    }
    const found = atomAt(run, atom);
    if (mayBeUndone(found)) undo.ready.push([atom, found.startNumber]);
  }
}

function passOn(run: Run, undo: UndoProgress, { node, reached }: { node: NodeIndex; reached: NodeIndex[] }): void {
  const left = run.flow.nodes[node];
  // Nodes before a container that begins again are not affected (R2).
  if (left === undefined || (left.kind === 'ENTER' && undo.scopes.has(left.boundaryOf))) return;
  for (const before of left.before) arrive(undo, before, reached);
  if (left.undoBefore !== null) arrive(undo, left.undoBefore, reached);
}

function arrive({ waitingFor }: UndoProgress, node: NodeIndex, reached: NodeIndex[]): void {
  const left = (waitingFor[node] ?? 0) - 1;
  waitingFor[node] = left;
  if (left === 0) reached.push(node);
}
