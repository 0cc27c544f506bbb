// The calls of an atom as commands: everything in them was committed before they are carried out.
import { stageOutputs } from '../values/names.ts';
import type { TaskCall } from '../../dispatch/task-runner.ts';
import { atomAt, type Run } from '../state/run.ts';
import type { Turn } from './turn.ts';

/** Asks for apply, revert or a probe of either, of an atom in its current attempt. */
export function callAtom(turn: Turn, index: number, kind: Exclude<TaskCall['kind'], 'check'>): void {
  const call = callOf(turn.run, index, kind);
  if (call !== null) turn.command({ kind: 'CALL', revertAttempt: atomAt(turn.run, index).revertAttempt, call });
}

/** What such a call is given, for the atom's current attempt. */
export function callOf(run: Run, index: number, kind: TaskCall['kind']): Omit<TaskCall, 'job' | 'idempotencyKey'> | null {
  const atom = atomAt(run, index);
  const compiled = run.flow.atoms[index];
  if (compiled === undefined) return null;
  const { item } = compiled;
  const isUndo = kind === 'revert' || kind === 'probeRevert' || kind === 'check';
  return {
    kind,
    atom: atom.atom,
    attempt: atom.attempt,
    type: item.type,
    typeVersion: item.typeVersion,
    input: atom.input,
    secrets: atom.secrets,
    // A failure means that apply gave nothing; an output given by hand for a skip is not its own.
    output: isUndo && atom.failure === null ? atom.output : null,
    failure: isUndo ? atom.failure : null,
    startedAt: atom.startedAt,
    stage: compiled.stage,
    prior: compiled.kind === 'stage' ? stageOutputs(run, compiled.container) : null,
    byApply: compiled.kind === 'undo',
    ...(kind === 'revert' ? driftOf(run, atom.atom) : {}),
  };
}

/** What a person confirmed to have changed. A retry that reverts while the run goes forward has nobody's word. */
function driftOf({ state, rollback }: Run, address: string): { readonly drift?: string } {
  const confirmed = state === 'REVERTING' ? rollback?.drift?.find(({ atom }) => atom === address) : undefined;
  return confirmed === undefined ? {} : { drift: confirmed.difference };
}

/** Atoms with a call under way that an abort should reach. */
export function runningAtoms(run: Run): string[] {
  return run.atoms.filter((atom) => atom.state === 'RUNNING' && atom.inDoubt === null).map((atom) => atom.atom);
}
