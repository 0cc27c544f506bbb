// The state of a job's flow. Only fold.ts changes it, entry by entry; everybody else reads.
// It is owned by whoever drives the run and changed in place: copying it at each step would make a run of n steps
// cost n squared. `snapshotOf` gives a copy that may travel.
import type { Json, JsonObject } from '../json.ts';
import type { ForwardOutcome, RollbackScope } from '../logbook/entry.ts';
import type { AtomState, AttentionReason, JobState, RunState } from '../states.ts';
import type { CompiledFlow } from './graph.ts';
import { ReadyQueue } from './ready-queue.ts';
import type { AtomSnapshot } from './snapshot.ts';

/** One atom of a run; AtomSnapshot says what each field means. */
export type RunAtom = { -readonly [Field in keyof AtomSnapshot]: AtomSnapshot[Field] };

/** How far the forward order has come. */
export interface ForwardProgress {
  /** Per node: how many nodes before it are unfinished. */
  readonly waitingFor: Int32Array;
  /** Per container with a limit: children let in and not finished. */
  readonly inside: Int32Array;
  /** Per container with a limit: children that wait to be let in, in definition order. */
  readonly queued: Map<number, number[]>;
  readonly ready: ReadyQueue;
  /** The exit of the root is reached. */
  finished: boolean;
}

/** How far a rollback has come. */
export interface UndoProgress {
  /** Per node: how many nodes after it are not settled. */
  readonly waitingFor: Int32Array;
  /** Per atom: 1 when it is to be undone or kept and is not yet. */
  readonly open: Uint8Array;
  openCount: number;
  readonly ready: ReadyQueue;
}

/** The run of one job. */
export interface Run {
  readonly flow: CompiledFlow;
  number: number;
  basis: number;
  token: number;
  job: JobState;
  attention: AttentionReason | null;
  state: RunState;
  inputs: JsonObject;
  outputs: JsonObject | null;
  forward: ForwardOutcome | null;
  rollback: (RollbackScope & { readonly by: string; readonly from: RunState }) | null;
  left: readonly { readonly atom: string; readonly because: string }[];
  resumeTo: 'RUNNING' | 'REVERTING';
  cancel: { readonly by: string; readonly reason: string; readonly then: 'revert' | 'hold' } | null;
  edits: { readonly [atom: string]: JsonObject };
  readonly atoms: RunAtom[];
  readonly progress: ForwardProgress;
  undo: UndoProgress | null;
  /** Atoms RUNNING or REVERTING, those in doubt included. */
  busy: number;
  /** Of those, in doubt. */
  doubts: number;
  /** Atoms in FAILURE that no rollback or skip has dealt with. */
  failures: number;
  startedAt: number | null;
  endedAt: number | null;
}

const NO_INPUT: JsonObject = {};
const NO_SECRETS: { readonly [input: string]: readonly string[] } = {};

/** A run of which nothing is known yet: the fold of no entries. */
export function emptyRun(flow: CompiledFlow): Run {
  const atoms = flow.atoms.map(({ address }): RunAtom => pendingAtom(address));
  return {
    flow,
    number: 0,
    basis: 0,
    token: 0,
    job: 'UNCLAIMED',
    attention: null,
    state: 'PENDING',
    inputs: {},
    outputs: null,
    forward: null,
    rollback: null,
    left: [],
    resumeTo: 'RUNNING',
    cancel: null,
    edits: {},
    atoms,
    progress: {
      waitingFor: new Int32Array(flow.nodes.length),
      inside: new Int32Array(flow.containers.length),
      queued: new Map(),
      ready: new ReadyQueue((a, b) => priorityOf(flow, a) > priorityOf(flow, b) || (priorityOf(flow, a) === priorityOf(flow, b) && a < b)),
      finished: false,
    },
    undo: null,
    busy: 0,
    doubts: 0,
    failures: 0,
    startedAt: null,
    endedAt: null,
  };
}

function pendingAtom(atom: string): RunAtom {
  return {
    atom,
    state: 'PENDING',
    attempt: 0,
    startNumber: 0,
    startedAt: 0,
    endedAt: 0,
    input: NO_INPUT,
    secrets: NO_SECRETS,
    output: null,
    failure: null,
    revertFailure: null,
    applied: false,
    revertAttempt: 0,
    notBefore: 0,
    kept: null,
    inDoubt: null,
    note: null,
  };
}

function priorityOf(flow: CompiledFlow, atom: number): number {
  return flow.atoms[atom]?.item.priority ?? 0;
}

/** The atom at that number; a wrong number is a defect of the engine. */
export function atomAt(run: Run, index: number): RunAtom {
  const atom = run.atoms[index];
  if (atom === undefined) throw new RangeError(`There is no atom ${index}.`);
  return atom;
}

/** Number of the atom at that address, or undefined. */
export function indexOf(run: Run, address: string): number | undefined {
  return run.flow.atomByAddress.get(address)?.index;
}

/** States in which an atom needs nothing more for what comes after it. */
export function isFinished(state: AtomState): boolean {
  return state === 'SUCCESS' || state === 'IGNORE';
}

/** What an atom gives to others: nothing until it is finished. */
export function outputOf(run: Run, address: string): Json | undefined {
  const index = indexOf(run, address);
  const atom = index === undefined ? undefined : run.atoms[index];
  return atom !== undefined && isFinished(atom.state) && atom.output !== null ? atom.output : undefined;
}
