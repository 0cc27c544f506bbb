// Run -> RunCheckpoint and back, exactly: a restored run makes the same decisions as the replayed run from then on.
// The checkpoint copies every field of the run, except the queues, the agenda and the waiters: they are made
// again from the other fields, so a live run and its replay have the same checkpoint.
// A screen needs less: snapshot.ts.
//
// 1. Every field of Run, RunAtom, ForwardProgress and UndoProgress is copied: the rest patterns include new fields, and
// `Plain` fails the type check for a field that JSON cannot hold. 2. The result of `checkpointOf` shares no object with
// the run that a later fold changes in place.
import type { CompiledFlow } from '../../graph/graph.ts';
import { type AtomIndex, type ContainerIndex, type NodeIndex, atomIndex } from '../../graph/index-spaces.ts';
import { restoreAgenda } from '../agenda.ts';
import { type Growth, growAgain, growthOf } from './growth.ts';
import { isSame } from '../snapshot/lean-snapshot.ts';
import { queueReady } from '../readiness.ts';
import { type ForwardProgress, type Run, type UndoProgress, type UndoScope, emptyRun, pendingAtom } from '../run.ts';
import { restoreWaiters } from '../signals.ts';
import { noUndo, queueUndo } from '../undo-order.ts';

/** Everything but the atoms, as JSON. */
export interface CheckpointHead {
  readonly facts: Omit<Run, 'flow' | 'atoms' | 'progress' | 'undo' | 'failed' | 'declined' | 'agenda' | 'waiters' | 'large'>;
  /** Atom indexes, in the order in which the atoms failed. */
  readonly failed: readonly AtomIndex[];
  /** `declined` of the run; checkpoints keep the older name. */
  readonly gaveUp: readonly (readonly [atom: AtomIndex, retries: readonly (AtomIndex | 'all')[]])[];
  /** Null for a run whose graph is the compiled one. */
  readonly growth: Growth | null;
  readonly progress: {
    readonly facts: Omit<ForwardProgress, 'queued' | 'ready' | 'controls'>;
    readonly queued: readonly (readonly [container: ContainerIndex, nodes: readonly NodeIndex[]])[];
  };
  readonly undo: {
    readonly facts: Omit<UndoProgress, 'ready' | 'scopes'>;
    readonly scopes: readonly UndoScope[];
  } | null;
}

/**
 * A hundred atoms in the order of their index: for each field a list of its values, or one text, number or boolean
 * that all of them have. A field that is unchanged in every atom is left out.
 */
export interface AtomColumns {
  readonly [field: string]: readonly unknown[] | string | number | boolean | null;
}
const ATOMS_A_CHUNK = 100;

/** The whole state of a run as of its last entry, as JSON. */
export interface RunCheckpoint {
  readonly head: CheckpointHead;
  readonly chunks: readonly AtomColumns[];
}

/** O(atoms): about 0.3 µs an atom. */
export function checkpointOf(run: Run): RunCheckpoint {
  const { flow, atoms, progress, undo, failed, declined, agenda, waiters, large, ...facts } = run;
  const { queued, ready, controls, ...forward } = progress;
  return {
    head: {
      facts: plain(facts),
      failed: [...failed],
      gaveUp: [...declined].map(([atom, retries]) => [atom, [...retries]]),
      growth: growthOf(flow),
      progress: { facts: plain(forward), queued: [...queued].map(([container, nodes]) => [container, [...nodes]]) },
      undo: undo === null ? null : undoOf(undo),
    },
    chunks: Array.from({ length: Math.ceil(atoms.length / ATOMS_A_CHUNK) }, (_, chunk) => columnsOf(run, chunk * ATOMS_A_CHUNK)),
  };
}

function undoOf({ ready, scopes, ...facts }: UndoProgress): CheckpointHead['undo'] {
  return { facts: plain(facts), scopes: [...scopes.values()].map((scope) => ({ ...scope })) };
}

const { atom: _, ...UNTOUCHED } = pendingAtom('');
const FIELDS: readonly (readonly [field: string, untouched: unknown])[] = Object.entries(UNTOUCHED);

function columnsOf({ atoms }: Run, from: number): AtomColumns {
  const columns: { [field: string]: AtomColumns[string] } = {};
  const chunk: readonly { readonly [field: string]: unknown }[] = atoms.slice(from, from + ATOMS_A_CHUNK);
  for (const [field, untouched] of FIELDS) {
    if (chunk.every((atom) => atom[field] === untouched || isSame(atom[field], untouched))) continue;
    const first = chunk[0]?.[field];
    columns[field] = isScalar(first) && chunk.every((atom) => atom[field] === first) ? first : chunk.map((atom) => atom[field]);
  }
  return columns;
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || typeof value !== 'object';
}

/**
 * Restores the run of a checkpoint, in slices; `chunks` is read on the way. Throws RangeError when the checkpoint
 * does not fit the flow.
 */
export function* restoreCheckpoint(
  compiled: CompiledFlow,
  { head, chunks }: { readonly head: CheckpointHead; readonly chunks: Iterable<AtomColumns> },
): Generator<void, Run> {
  const run = emptyRun(compiled);
  if (head.growth !== null) yield* growAgain(run, head.growth);
  Object.assign(run, plain(head.facts));
  for (const atom of head.failed) run.failed.add(atom);
  for (const [atom, retries] of head.gaveUp) run.declined.set(atom, new Set(retries));
  Object.assign(run.progress, plain(head.progress.facts));
  for (const [container, nodes] of head.progress.queued) run.progress.queued.set(container, [...nodes]);
  let from = 0;
  for (const columns of chunks) {
    restoreAtoms(run, columns, from);
    from += ATOMS_A_CHUNK;
    yield;
  }
  if (from < run.atoms.length) throw new RangeError(`The checkpoint ends before atom ${from} of ${run.atoms.length}.`);
  queueReady(run);
  if (head.undo !== null) {
    run.undo = Object.assign(noUndo(run), plain(head.undo.facts));
    for (const scope of head.undo.scopes) run.undo.scopes.set(scope.key, { ...scope });
    queueUndo(run);
  }
  restoreAgenda(run);
  restoreWaiters(run);
  return run;
}

function restoreAtoms(run: Run, columns: AtomColumns, from: number): void {
  const fields = Object.entries(columns);
  for (let at = 0; at < ATOMS_A_CHUNK && from + at < run.atoms.length; at += 1) {
    const atom: { [field: string]: unknown } = run.atoms[atomIndex(from + at)] ?? {};
    for (const [field, column] of fields) atom[field] = Array.isArray(column) ? column[at] : column;
  }
}

/** A copy of the fields and their lists, because a fold changes some lists in place. */
function plain<T extends Plain<T>>(fields: T): T {
  return Object.assign(
    {},
    fields,
    Object.fromEntries(
      Object.entries(fields)
        .filter(isList)
        .map(([name, list]) => [name, [...list]]),
    ),
  );
}

function isList(field: [name: string, value: unknown]): field is [string, readonly unknown[]] {
  return Array.isArray(field[1]);
}

/** Fails the type check for a field that JSON cannot hold: such a field must be converted in CheckpointHead. */
type Plain<T> = { readonly [Field in keyof T]: T[Field] extends ReadonlyMap<unknown, unknown> | ReadonlySet<unknown> ? never : T[Field] };
