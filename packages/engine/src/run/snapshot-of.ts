// Run -> RunSnapshot and back. A restored run folds on exactly as the original would.
import type { CompiledFlow } from './graph.ts';
import { beginForward } from './readiness.ts';
import { type Run, emptyRun, indexOf } from './run.ts';
import type { RunSnapshot } from './snapshot.ts';
import { beginUndo, hasRun } from './undo-order.ts';

/** A copy of the run's state that may travel. Atoms that never left PENDING are left out. */
export function snapshotOf(run: Run): RunSnapshot {
  return {
    number: run.number,
    basis: run.basis,
    token: run.token,
    job: run.job,
    attention: run.attention,
    state: run.state,
    inputs: run.inputs,
    outputs: run.outputs,
    forward: run.forward,
    rollback: run.rollback,
    left: run.left,
    resumeTo: run.resumeTo,
    cancel: run.cancel,
    edits: run.edits,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    atoms: run.atoms.filter((atom) => atom.state !== 'PENDING' || atom.attempt > 0).map((atom) => ({ ...atom })),
  };
}

/** The run that a snapshot describes. */
export function restoreRun(flow: CompiledFlow, snapshot: RunSnapshot): Run {
  const run = emptyRun(flow);
  const { atoms, ...rest } = snapshot;
  Object.assign(run, rest);
  for (const atom of atoms) {
    const index = indexOf(run, atom.atom);
    if (index !== undefined) run.atoms[index] = { ...atom };
  }
  for (const { state, inDoubt } of run.atoms) {
    if (state === 'RUNNING' || state === 'REVERTING') run.busy += 1;
    if (state === 'FAILURE') run.failures += 1;
    if (inDoubt !== null) run.doubts += 1;
  }
  if (run.state !== 'PENDING') beginForward(run);
  if (run.rollback !== null && isWoundBack(run)) beginUndo(run, run.rollback);
  return run;
}

function isWoundBack(run: Run): boolean {
  return run.state !== 'RUNNING' && run.atoms.some((atom) => hasRun(atom) || atom.state === 'REVERTED');
}
