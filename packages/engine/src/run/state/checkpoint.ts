// Run -> RunCheckpoint and back, exactly: a restored run decides the same as the replayed run for ever after.
// The checkpoint copies every field of the run and derives none from another one. A screen needs less: snapshot.ts.
//
// 1. Every field of Run, ForwardProgress and UndoProgress is carried: the rest patterns take new fields along, and
// `Plain` fails the type check for a field that JSON cannot hold. 2. The answer of `checkpointOf` shares nothing with
// the run that a later fold changes in place.
import type { CompiledFlow } from '../graph/graph.ts';
import { restoreAgenda } from './agenda.ts';
import { type Growth, growAgain, growthOf } from './growth.ts';
import { isUntouched } from './lean-snapshot.ts';
import { type ForwardProgress, type Run, type RunAtom, type UndoProgress, type UndoScope, type UndoTurn, emptyRun } from './run.ts';
import { restoreWaiters } from './signals.ts';
import { noUndo } from './undo-order.ts';

type Facts = Omit<Run, 'flow' | 'atoms' | 'progress' | 'undo' | 'failed' | 'gaveUp' | 'agenda' | 'waiters'>;

/** The whole state of a run as of its last entry, as JSON. */
export interface RunCheckpoint {
  readonly facts: Facts;
  /** Atom numbers, in the order in which the atoms failed. */
  readonly failed: readonly number[];
  readonly gaveUp: readonly (readonly [atom: number, retries: readonly number[]])[];
  readonly growth: Growth | null;
  readonly progress: {
    readonly facts: Omit<ForwardProgress, 'queued' | 'ready' | 'controls'>;
    readonly queued: readonly (readonly [container: number, nodes: readonly number[]])[];
    readonly ready: readonly number[];
    readonly controls: readonly number[];
  };
  readonly undo: {
    readonly facts: Omit<UndoProgress, 'ready' | 'scopes'>;
    readonly ready: readonly UndoTurn[];
    readonly scopes: readonly UndoScope[];
  } | null;
  /** Atoms that something has happened to, by number. */
  readonly atoms: readonly (readonly [atom: number, fields: RunAtom])[];
}

/** O(atoms). */
export function checkpointOf(run: Run): RunCheckpoint {
  const { flow, atoms, progress, undo, failed, gaveUp, agenda: _, waiters: __, ...facts } = run;
  const { queued, ready, controls, ...forward } = progress;
  return {
    facts: plain(facts),
    failed: [...failed],
    gaveUp: [...gaveUp].map(([atom, retries]) => [atom, [...retries]]),
    growth: growthOf(flow),
    progress: {
      facts: plain(forward),
      queued: [...queued].map(([container, nodes]) => [container, [...nodes]]),
      ready: ready.items,
      controls: controls.items,
    },
    undo: undo === null ? null : undoOf(undo),
    atoms: atoms.flatMap((atom, index) => (isUntouched(atom) ? [] : [[index, { ...atom }] as const])),
  };
}

function undoOf({ ready, scopes, ...facts }: UndoProgress): RunCheckpoint['undo'] {
  return { facts: plain(facts), ready: ready.items, scopes: [...scopes.values()].map((scope) => ({ ...scope })) };
}

/** The run of which the checkpoint was made. Throws RangeError where the checkpoint does not fit the flow. */
export function* restoreCheckpoint(compiled: CompiledFlow, checkpoint: RunCheckpoint): Generator<void, Run> {
  const run = emptyRun(compiled);
  if (checkpoint.growth !== null) yield* growAgain(run, checkpoint.growth);
  Object.assign(run, plain(checkpoint.facts));
  for (const atom of checkpoint.failed) run.failed.add(atom);
  for (const [atom, retries] of checkpoint.gaveUp) run.gaveUp.set(atom, new Set(retries));
  const { progress } = run;
  Object.assign(progress, plain(checkpoint.progress.facts));
  for (const [container, nodes] of checkpoint.progress.queued) progress.queued.set(container, [...nodes]);
  progress.ready.restore(checkpoint.progress.ready);
  progress.controls.restore(checkpoint.progress.controls);
  if (checkpoint.undo !== null) {
    run.undo = Object.assign(noUndo(run), plain(checkpoint.undo.facts));
    run.undo.ready.restore(checkpoint.undo.ready);
    for (const scope of checkpoint.undo.scopes) run.undo.scopes.set(scope.container, { ...scope });
  }
  for (const [index, atom] of checkpoint.atoms) {
    if (index >= run.atoms.length) throw new RangeError(`The checkpoint names atom ${index}, which the flow does not have.`);
    run.atoms[index] = { ...atom };
  }
  // Times and waits follow from the atoms alone.
  restoreAgenda(run);
  restoreWaiters(run);
  return run;
}

/** A copy of the fields, lists copied too: a fold changes some of them in place. */
function plain<T extends Plain<T>>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, Array.isArray(value) ? [...value] : value])) as T;
}

/** Fails the type check for a field that JSON cannot hold: such a field needs a form of its own in RunCheckpoint. */
type Plain<T> = { readonly [Field in keyof T]: T[Field] extends ReadonlyMap<unknown, unknown> | ReadonlySet<unknown> ? never : T[Field] };
