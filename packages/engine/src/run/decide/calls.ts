// The only place from which tasks are called. Each call follows its intention in the logbook (A2), and one
// intention leads to one call, so no task is called twice in a turn. The data of a call was committed before.
import type { CallOrder, MaybeLoaded } from '../../dispatch/call-order.ts';
import type { TaskCall } from '../../dispatch/task-runner.ts';
import type { Json } from '../../json.ts';
import type { AtomEntryData } from '../../logbook/entry.ts';
import type { StoredValue } from '../../logbook/stored-value.ts';
import { type Run, type RunAtom, atomAt, revertAttemptOf } from '../state/run.ts';
import type { Turn } from './turn.ts';
import type { AtomIndex, ContainerIndex } from '../graph/index-spaces.ts';

/** Calls apply for a new attempt of a PENDING atom. */
export function applyAtom(turn: Turn, index: AtomIndex, data: AtomEntryData): void {
  const atom = atomAt(turn.run, index);
  turn.record({ kind: 'ATOM', atom: atom.atom, attempt: atom.attempt + 1, from: atom.state, to: 'RUNNING', data });
  call(turn, index, 'apply');
}

/** Calls apply again for the same attempt, with the same key: after a lost conductor, or when another job may have ended. */
export function applyAgain(turn: Turn, index: AtomIndex): void {
  turn.move(atomAt(turn.run, index), 'RUNNING', { repeated: true });
  call(turn, index, 'apply');
}

/** Calls revert for an attempt. */
export function revertAtom(turn: Turn, index: AtomIndex, revertAttempt: number): void {
  turn.move(atomAt(turn.run, index), 'REVERTING', { revertAttempt });
  call(turn, index, 'revert');
}

/** Calls revert again for the same attempt, after a lost conductor. */
export function revertAgain(turn: Turn, index: AtomIndex): void {
  const atom = atomAt(turn.run, index);
  turn.move(atom, 'REVERTING', { revertAttempt: atom.revertAttempt, repeated: true });
  call(turn, index, 'revert');
}

/** Calls the probe: did the call that a lost conductor left take effect (A4)? It changes nothing, so no entry precedes it. */
export function probeAtom(turn: Turn, index: AtomIndex, kind: 'probe' | 'probeRevert'): void {
  call(turn, index, kind);
}

/** Tells the call of an atom to stop; the atom waits for its end for a limited time (R11). */
export function stopCall(turn: Turn, index: AtomIndex): void {
  const atom = atomAt(turn.run, index);
  if (atom.stopping > 0 || atom.inDoubt !== null) return;
  turn.record({ kind: 'MARK', atom: atom.atom, attempt: atom.attempt, mark: 'STOPPING' });
  turn.command({ kind: 'ABORT', atom: atom.atom });
}

/** Indexes of the atoms whose apply is under way. */
export function applyingAtoms(run: Run): AtomIndex[] {
  return run.busy === 0 ? [] : run.atoms.flatMap(({ state }, index) => (state === 'RUNNING' ? [index] : []));
}

function call(turn: Turn, index: AtomIndex, kind: Exclude<TaskCall['kind'], 'check'>): void {
  const content = callOf(turn.run, index, kind);
  if (content !== null) turn.command({ kind: 'CALL', revertAttempt: revertAttemptOf(atomAt(turn.run, index)), call: content });
}

/** The data of such a call, for the atom's current attempt. */
export function callOf(run: Run, index: AtomIndex, kind: TaskCall['kind']): CallOrder | null {
  const atom: RunAtom = atomAt(run, index);
  const compiled = run.flow.atoms[index];
  if (compiled === undefined) return null;
  const { item } = compiled;
  const isUndo = kind === 'revert' || kind === 'probeRevert' || kind === 'check';
  // After a failure apply gave no output; an output given by hand for a skip is not apply's own.
  const hasOutput = isUndo && atom.failure === null;
  const order: CallOrder = {
    kind,
    atom: atom.atom,
    attempt: atom.attempt,
    type: item.type,
    typeVersion: item.typeVersion,
    input: atom.inputAt === null ? { value: atom.input } : inMemory(run, atom.inputAt),
    secrets: atom.secrets,
    output: hasOutput ? outputPart(run, atom) : { value: null },
    failure: isUndo ? atom.failure : null,
    startedAt: atom.startedAt,
    stage: compiled.stage,
    prior: compiled.kind === 'stage' ? priorOf(run, compiled.container) : null,
    byApply: compiled.kind === 'undo',
  };
  const drift = kind === 'revert' ? driftOf(run, atom.atom) : undefined;
  return drift === undefined ? order : { ...order, drift };
}

/** The outputs of a resource's stages so far. */
function priorOf(run: Run, container: ContainerIndex): readonly MaybeLoaded[] {
  return (run.flow.containers[container]?.stages ?? []).map((stage) => outputPart(run, atomAt(run, stage)));
}

function outputPart(run: Run, { output, outputAt }: RunAtom): MaybeLoaded {
  return outputAt === null ? { value: output } : inMemory(run, outputAt);
}

/** A value that the turn has just recorded need not be loaded again for its calls. */
function inMemory<T extends Json>({ large }: Run, at: StoredValue): MaybeLoaded<T> {
  const value = large.peek(at);
  return value === undefined ? at : { value: value as T };
}

/** The drift that a person confirmed. A retry that reverts while the run goes forward has no confirmation. */
function driftOf({ state, rollback }: Run, address: string): string | undefined {
  return state === 'REVERTING' ? rollback?.drift?.find(({ atom }) => atom === address)?.difference : undefined;
}
