// In which order a rollback may go (SEMANTICS R4): an atom's turn comes when everything after it is settled.
// What never ran, was ignored, is already undone or stands outside the rollback is passed through, so "after it"
// reaches through any number of such atoms. Beginning is O(items + links), each settled atom O(its links).
import type { RollbackScope } from '../logbook/entry.ts';
import type { CompiledFlow } from './graph.ts';
import { ReadyQueue } from './ready-queue.ts';
import { type Run, type RunAtom, atomAt, indexOf } from './run.ts';

/** Has it something to settle: was it applied, is it being applied, or did it fail? */
export function hasRun(atom: RunAtom): boolean {
  switch (atom.state) {
    case 'SUCCESS':
    case 'FAILURE':
    case 'RUNNING':
    case 'REVERTING':
    case 'REVERT_FAILURE':
      return true;
    case 'IGNORE':
      return atom.applied;
    case 'PENDING':
    case 'WAITING':
    case 'REVERTED':
      return false;
  }
}

/** Begins a rollback over `scope`; atoms that are still running join when they end. */
export function beginUndo(run: Run, scope: RollbackScope): void {
  const { flow } = run;
  const open = new Uint8Array(run.atoms.length);
  let openCount = 0;
  const include = (index: number): void => {
    if (open[index] === 1 || !hasRun(atomAt(run, index)) || atomAt(run, index).kept !== null) return;
    open[index] = 1;
    openCount += 1;
  };
  if (scope.atoms === 'all') run.atoms.forEach((_, index) => include(index));
  else for (const address of scope.atoms) include(indexOf(run, address) ?? -1);
  run.undo = {
    waitingFor: Int32Array.from(flow.nodes, (node) => node.after.length),
    open,
    openCount,
    // Ties: last started first.
    ready: new ReadyQueue((a, b) => startOf(run, a) > startOf(run, b) || (startOf(run, a) === startOf(run, b) && a > b)),
  };
  const exit = lastNode(flow);
  if (exit !== undefined) walk(run, [exit]);
}

/** An atom in a rollback has ended its apply: it may be its turn now. */
export function joinUndo(run: Run, index: number): void {
  const node = run.flow.atoms[index]?.node ?? -1;
  if (run.undo?.open[index] === 1 && run.undo.waitingFor[node] === 0) run.undo.ready.push(index);
}

/** An atom is undone or kept: passes that on to what came before it. */
export function settleAtom(run: Run, index: number): void {
  const { undo } = run;
  if (undo === null || undo.open[index] !== 1) return;
  undo.open[index] = 0;
  undo.openCount -= 1;
  const reached: number[] = [];
  passOn(run, run.flow.atoms[index]?.node ?? -1, reached);
  walk(run, reached);
}

function walk(run: Run, reached: number[]): void {
  const { undo } = run;
  if (undo === null) return;
  for (let node = reached.pop(); node !== undefined; node = reached.pop()) {
    const atom = run.flow.nodes[node]?.atom ?? -1;
    if (atom < 0 || undo.open[atom] !== 1) {
      passOn(run, node, reached);
      continue;
    }
    const { state } = atomAt(run, atom);
    if (state === 'SUCCESS' || state === 'FAILURE' || state === 'IGNORE') undo.ready.push(atom);
  }
}

function passOn(run: Run, node: number, reached: number[]): void {
  const waitingFor = run.undo?.waitingFor;
  if (waitingFor === undefined) return;
  for (const before of run.flow.nodes[node]?.before ?? []) {
    const left = (waitingFor[before] ?? 0) - 1;
    waitingFor[before] = left;
    if (left === 0) reached.push(before);
  }
}

function lastNode(flow: CompiledFlow): number | undefined {
  return flow.containers[0]?.exit;
}

function startOf(run: Run, index: number): number {
  return atomAt(run, index).startNumber;
}
