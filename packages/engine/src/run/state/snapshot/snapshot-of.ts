// Run -> RunSnapshot and back. A restored run is for screens: it can fold further entries, and gives the same rollback plan.
// `decide` needs the exact state: checkpoint.ts.
import { type SlotsOfList, elementsOf, growTo, unfold } from '../expand.ts';
import { type CompiledAtom, type CompiledFlow, precedes } from '../../graph/graph.ts';
import { type AtomIndex, lookUp, slotOf } from '../../graph/index-spaces.ts';
import { restoreAgenda } from '../agenda.ts';
import { caughtAround, containerAround } from '../caught.ts';
import { beginForward } from '../readiness.ts';
import { type Run, atomAt, emptyRun, indexOf } from '../run.ts';
import { keepSignal, restoreWaiters } from '../signals.ts';
import type { AtomSnapshot, RunSnapshot } from './snapshot.ts';
import { tally } from '../tally.ts';

/** A copy of the run's state for others. Atoms that never left PENDING are left out. */
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
    inputsAt: run.inputsAt,
    outputsAt: run.outputsAt,
    unresolved: run.unresolved,
    forward: run.forward,
    rollback: run.rollback,
    standing: run.standing,
    resumeTo: run.resumeTo,
    cancel: run.cancel,
    edits: run.edits,
    keptBefore: run.keptBefore,
    signals: [...run.signals],
    runningSince: run.runningSince,
    claimedAt: run.claimedAt,
    codes: run.codes,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    atoms: atomsOf(run),
  };
}

/** Sorts atoms in definition order, whatever the order in which the graph grew. */
function atomsOf(run: Run): AtomSnapshot[] {
  const indexes = run.atoms.flatMap((atom, index) => (atom.state !== 'PENDING' || atom.attempt > 0 ? [index] : []));
  indexes.sort((a, b) => (precedes(run.flow.atoms[a] as CompiledAtom, run.flow.atoms[b] as CompiledAtom) ? -1 : 1));
  return indexes.map((index) => ({ ...atomAt(run, index), ...grownOf(run, index) }));
}

function grownOf(run: Run, index: AtomIndex): Pick<AtomSnapshot, 'grown' | 'slots' | 'keys'> {
  const { flow } = run;
  const compiled = flow.atoms[index];
  const container = lookUp(flow.containers, compiled?.container);
  const carries = compiled?.kind === 'each' || (compiled?.kind === 'round' && container?.rounds[slotOf(0)] === index);
  const least = compiled?.kind === 'round' ? 1 : 0;
  if (!carries || container === undefined || container.iterations.length <= least) return {};
  const grown = container.iterations.length;
  if (container.slots === null) return { grown };
  const { keys, listed } = container.slots;
  const isPlain = listed.every((slot, place) => slot === place);
  const isWhole = isPlain && listed.length === grown && container.item?.forEach?.key === undefined;
  return { grown, ...(isPlain ? {} : { slots: [...listed] }), ...(isWhole ? {} : { keys: [...keys] }) };
}

/** The run that a snapshot describes. */
export function restoreRun(flow: CompiledFlow, snapshot: RunSnapshot): Run {
  const run = emptyRun(flow);
  const { atoms, signals, ...rest } = snapshot;
  Object.assign(run, rest);
  for (const signal of signals) keepSignal(run, signal);
  for (const { grown, slots, keys, ...atom } of atoms) {
    const index = indexOf(run, atom.atom);
    if (index === undefined) continue;
    const container = run.flow.atoms[index]?.container;
    if (grown !== undefined && container != null) growTo(run, container, { count: grown, keys: keys ?? [] });
    run.atoms[index] = { ...atom };
    // A reverted control keeps its iterations until it begins again.
    if (atom.state === 'SUCCESS' || atom.state === 'REVERTED')
      unfold(run, index, { slots, keys: keysInOrder(run, index, { slots, keys }) });
  }
  run.atoms.forEach((atom, index) => {
    tally(run, atom, 1);
    if (atom.state === 'FAILURE' && caughtAround(run, containerAround(run, index)) === undefined) run.failed.add(index);
  });
  restoreWaiters(run);
  restoreAgenda(run);
  if (run.state !== 'PENDING') beginForward(run);
  return run;
}

/** Keys by slot, in the order of the present list. */
function keysInOrder(run: Run, index: AtomIndex, { slots, keys }: SlotsOfList): readonly string[] | undefined {
  return keys && (slots ?? elementsOf(run, index).map((_, place) => place)).map((slot) => keys[slot] ?? '');
}
