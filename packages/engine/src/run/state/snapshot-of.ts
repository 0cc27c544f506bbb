// Run -> RunSnapshot and back. A restored run is for screens: it folds on, and plans the same rollback as the original.
// `decide` needs the exact state: checkpoint.ts.
import { growTo, unfold } from './expand.ts';
import { type CompiledAtom, type CompiledFlow, precedes } from '../graph/graph.ts';
import { beginForward } from './readiness.ts';
import { type Run, atomAt, emptyRun, indexOf } from './run.ts';
import type { AtomSnapshot, RunSnapshot } from './snapshot.ts';

/** A copy of the run's state that may travel. Atoms that never left PENDING are left out. */
export function snapshotOf(run: Run): RunSnapshot {
  return {
    number: run.number,
    basis: run.basis,
    token: run.token,
    job: run.job,
    attention: run.attention,
    wakeAt: run.wakeAt,
    state: run.state,
    inputs: run.inputs,
    outputs: run.outputs,
    forward: run.forward,
    rollback: run.rollback,
    left: run.left,
    resumeTo: run.resumeTo,
    cancel: run.cancel,
    edits: run.edits,
    keptBefore: run.keptBefore,
    signals: run.signals,
    runningSince: run.runningSince,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    atoms: atomsOf(run),
  };
}

/** In definition order, whatever order the graph grew in. */
function atomsOf(run: Run): AtomSnapshot[] {
  const indexes = run.atoms.flatMap((atom, index) => (atom.state !== 'PENDING' || atom.attempt > 0 ? [index] : []));
  indexes.sort((a, b) => (precedes(run.flow.atoms[a] as CompiledAtom, run.flow.atoms[b] as CompiledAtom) ? -1 : 1));
  return indexes.map((index) => ({ ...atomAt(run, index), ...grownOf(run, index) }));
}

function grownOf({ flow }: Run, index: number): { grown?: number } {
  const compiled = flow.atoms[index];
  const container = flow.containers[compiled?.container ?? -1];
  const carries = compiled?.kind === 'each' || (compiled?.kind === 'round' && container?.rounds[0] === index);
  const least = compiled?.kind === 'round' ? 1 : 0;
  return carries && container !== undefined && container.iterations.length > least ? { grown: container.iterations.length } : {};
}

/** The run that a snapshot describes. */
export function restoreRun(flow: CompiledFlow, snapshot: RunSnapshot): Run {
  const run = emptyRun(flow);
  const { atoms, ...rest } = snapshot;
  Object.assign(run, rest);
  for (const { grown, ...atom } of atoms) {
    const index = indexOf(run, atom.atom);
    if (index === undefined) continue;
    if (grown !== undefined) growTo(run, run.flow.atoms[index]?.container ?? -1, grown);
    run.atoms[index] = { ...atom };
    if (atom.state === 'SUCCESS') unfold(run, index);
  }
  run.atoms.forEach((atom, index) => count(run, atom, index));
  if (run.state !== 'PENDING') beginForward(run);
  return run;
}

function count(run: Run, { state, inDoubt, notBefore, kept }: AtomSnapshot, index: number): void {
  if (state === 'RUNNING' || (state === 'REVERTING' && notBefore === 0)) run.busy += 1;
  if (state === 'REVERTING' && notBefore > 0) run.sleeping += 1;
  if (state === 'WAITING' || state === 'RETRYING') run.waiting += 1;
  if (state === 'FAILURE') run.failed.add(index);
  if (state === 'REVERT_FAILURE' && kept === null) run.stuck += 1;
  if (inDoubt !== null) run.doubts += 1;
}
