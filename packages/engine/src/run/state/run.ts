// The state of a job's flow. Only fold.ts changes it, entry by entry; all other code reads it.
// The driver of the run owns it, and it is changed in place: copying it at each step would make a run of n steps
// cost n squared. `snapshotOf` makes a copy for others.
import type { JsonObject } from '../../json.ts';
import type { ForwardOutcome, UnresolvedOutput } from '../../logbook/entry.ts';
import type { AtomState, AttentionReason, JobState, RunState } from '../../states.ts';
import { type CompiledFlow, precedes } from '../graph/graph.ts';
import { type AtomIndex, type ContainerIndex, type ListBy, type NodeIndex, listBy } from '../graph/index-spaces.ts';
import { ReadyQueue } from './ready-queue.ts';
import { LargeValues } from './values/large-values.ts';
import type { StoredValue } from '../../logbook/stored-value.ts';
import type { AppliedCode, AtomSnapshot, BegunRollback, Signal } from './snapshot/snapshot.ts';
import { type Agenda, emptyAgenda } from './time-heaps.ts';

/** One atom of a run; AtomSnapshot says what each field means. */
export type RunAtom = { -readonly [Field in Exclude<keyof AtomSnapshot, 'grown' | 'slots' | 'keys'>]-?: AtomSnapshot[Field] };

/** Progress of the forward order. */
export interface ForwardProgress {
  /** Per node: number of unfinished nodes before it. */
  readonly waitingFor: ListBy<NodeIndex, number>;
  /** Per node: 1 when it is finished and the counters of the nodes after it were lowered. */
  readonly passed: ListBy<NodeIndex, number>;
  /** Per atom: 1 when it may start. */
  readonly isReady: ListBy<AtomIndex, number>;
  /** Per container with a limit: number of children that have begun and not finished. */
  readonly inside: ListBy<ContainerIndex, number>;
  /** Per container with a limit: children that wait for their turn, in definition order. */
  readonly queued: Map<ContainerIndex, NodeIndex[]>;
  readonly ready: ReadyQueue<AtomIndex>;
  /** Controls that are ready; they are evaluated before any task starts. */
  readonly controls: ReadyQueue<AtomIndex>;
  /** The exit of the root is reached. */
  finished: boolean;
}

/** A part of the run that is undone: the whole run, or the container of a retry or catch. */
export type UndoScopeKey = ContainerIndex | 'run';

export interface UndoScope {
  readonly key: UndoScopeKey;
  openCount: number;
}

/** An atom that may be undone now, and the entry that started it: of several, the last started goes first. */
export type UndoTurn = readonly [atom: AtomIndex, startNumber: number];

/** Progress of undoing. Scopes never overlap, so they share the counters. */
export interface UndoProgress {
  /** Per node: number of nodes after it that are not settled. */
  readonly waitingFor: ListBy<NodeIndex, number>;
  /** Per atom: 1 while it still has to be undone or kept. */
  readonly open: ListBy<AtomIndex, number>;
  readonly ready: ReadyQueue<UndoTurn>;
  readonly scopes: Map<UndoScopeKey, UndoScope>;
}

/** An atom that waits for a signal, and the entry with which this wait began; a later wait of the atom has another entry. */
export interface Waiter {
  readonly atom: AtomIndex;
  readonly since: number;
}

/** The run of one job. */
export interface Run {
  /** Replaced by a grown copy when a for-each or loop unfolds. */
  flow: CompiledFlow;
  number: number;
  /** Time of the last entry. */
  lastTime: number;
  basis: number;
  token: number;
  job: JobState;
  attention: AttentionReason | null;
  /** The time at which the parked job is due. */
  wakeAt: number | null;
  state: RunState;
  inputs: JsonObject;
  outputs: JsonObject | null;
  inputsAt: StoredValue | null;
  outputsAt: StoredValue | null;
  unresolved: readonly UnresolvedOutput[];
  forward: ForwardOutcome | null;
  rollback: BegunRollback | null;
  standing: readonly { readonly atom: string; readonly because: string }[];
  resumeTo: 'RUNNING' | 'REVERTING';
  cancel: { readonly by: string; readonly reason: string; readonly then: 'revert' | 'hold' } | null;
  edits: { readonly [atom: string]: JsonObject };
  readonly atoms: ListBy<AtomIndex, RunAtom>;
  readonly progress: ForwardProgress;
  undo: UndoProgress | null;
  /** Atoms with a call under way, one that is ending, or one whose end is in doubt. */
  busy: number;
  /** Characters of the large inputs and outputs that the calls of those atoms hold, without the ones in doubt. */
  busySize: number;
  /** Number of those in doubt without a call in this process that could still answer. */
  doubts: number;
  /** Number of those in doubt because a stopped call has not ended. */
  overdue: number;
  /** Characters of the large lists of for-each and values of retries that were given so far: the run itself holds those. */
  heldSize: number;
  /** Atoms WAITING or RETRYING. */
  waiting: number;
  /** Atoms REVERTING whose next attempt has a time that has not come. */
  sleeping: number;
  /** Indexes of the atoms in FAILURE. */
  readonly failed: Set<AtomIndex>;
  /** Per failed atom: retries and catches that were asked about it and declined; 'all' if one decided for all (REVERT_ALL). */
  readonly declined: Map<AtomIndex, Set<AtomIndex | 'all'>>;
  /** Number of atoms in REVERT_FAILURE that a person has not settled. */
  stuck: number;
  /** Effects of earlier attempts that stay, because they cannot be undone or were kept. */
  keptBefore: readonly { readonly atom: string; readonly because: string }[];
  /** Signals that no wait has taken yet, oldest first. */
  readonly signals: Signal[];
  /** Atoms that began to wait, by signal name, in that order; some waits may have ended since. */
  readonly waiters: Map<string, Waiter[]>;
  /** Start of the present forward pass; a pause does not change it. The deadline counts from here, so paused time counts. */
  runningSince: number | null;
  /** The code that applied tasks, by task type (R6). */
  codes: readonly AppliedCode[];
  claimedAt: number;
  /** Id of the conductor that has the claim, or had it last. */
  holder: string | null;
  readonly agenda: Agenda;
  /** A cache, not part of the state. */
  readonly large: LargeValues;
  startedAt: number | null;
  endedAt: number | null;
}

export const NO_HISTORY: RunAtom['history'] = [];
const NO_UNRESOLVED: readonly UnresolvedOutput[] = [];
const NO_INPUT: JsonObject = {};
const NO_SECRETS: { readonly [input: string]: readonly string[] } = {};

/** The run before its first entry. */
export function emptyRun(flow: CompiledFlow): Run {
  // A grown copy belongs to another run, and growing it would change that run.
  if (flow.base !== null) throw new RangeError('A run begins with the flow as it was compiled, not with the grown copy of another run.');
  const atoms = listBy<AtomIndex, RunAtom>(flow.atoms.map(({ address }) => pendingAtom(address)));
  const run: Run = {
    flow,
    number: 0,
    lastTime: 0,
    basis: 0,
    token: 0,
    job: 'UNCLAIMED',
    attention: null,
    wakeAt: null,
    state: 'PENDING',
    inputs: {},
    outputs: null,
    inputsAt: null,
    outputsAt: null,
    unresolved: NO_UNRESOLVED,
    forward: null,
    rollback: null,
    standing: [],
    resumeTo: 'RUNNING',
    cancel: null,
    edits: {},
    atoms,
    progress: {
      waitingFor: listBy(new Array<number>(flow.nodes.length).fill(0)),
      passed: listBy(new Array<number>(flow.nodes.length).fill(0)),
      isReady: listBy(new Array<number>(atoms.length).fill(0)),
      inside: listBy(new Array<number>(flow.containers.length).fill(0)),
      queued: new Map(),
      ready: new ReadyQueue((a, b) => goesFirst(run, a, b)),
      controls: new ReadyQueue((a, b) => goesFirst(run, a, b)),
      finished: false,
    },
    undo: null,
    busy: 0,
    busySize: 0,
    heldSize: 0,
    doubts: 0,
    overdue: 0,
    waiting: 0,
    sleeping: 0,
    failed: new Set(),
    declined: new Map(),
    stuck: 0,
    keptBefore: [],
    signals: [],
    waiters: new Map(),
    runningSince: null,
    codes: [],
    claimedAt: 0,
    holder: null,
    agenda: emptyAgenda(),
    large: new LargeValues(),
    startedAt: null,
    endedAt: null,
  };
  return run;
}

/** An untouched atom. */
export function pendingAtom(atom: string): RunAtom {
  return {
    atom,
    state: 'PENDING',
    attempt: 0,
    startNumber: 0,
    startedAt: 0,
    endedAt: 0,
    input: NO_INPUT,
    inputAt: null,
    secrets: NO_SECRETS,
    output: null,
    outputAt: null,
    failure: null,
    revertFailure: null,
    applied: false,
    repeated: false,
    revertAttempt: 0,
    revertingSince: 0,
    waitsSince: 0,
    calledAt: 0,
    stopping: 0,
    notBefore: 0,
    kept: null,
    orphaned: false,
    byHand: false,
    settledBy: null,
    inDoubt: null,
    note: null,
    waiting: null,
    history: NO_HISTORY,
  };
}

/** Higher priority first, else definition order (A1). */
function goesFirst({ flow }: Run, a: AtomIndex, b: AtomIndex): boolean {
  const left = flow.atoms[a];
  const right = flow.atoms[b];
  if (left === undefined || right === undefined) return a < b;
  const more = left.item.priority - right.item.priority;
  return more === 0 ? precedes(left, right) : more > 0;
}

/** The atom with that index; a wrong index is a defect of the engine. */
export function atomAt(run: Run, index: AtomIndex): RunAtom {
  const atom = run.atoms[index];
  if (atom === undefined) throw new RangeError(`There is no atom ${index}.`);
  return atom;
}

/** Index of the atom with that address, or undefined. */
export function indexOf(run: Run, address: string): AtomIndex | undefined {
  return run.flow.atomByAddress.get(address)?.index;
}

/** Index of the atom with an address that the flow has; throws for another address. */
export function knownIndexOf(run: Run, address: string): AtomIndex {
  const index = indexOf(run, address);
  if (index === undefined) throw new RangeError(`There is no atom ${address}.`);
  return index;
}

/** Was the job dead-lettered (J4)? Then no conductor works on it until a person acts. */
export function isDeadLetter({ job, attention }: Pick<Run, 'job' | 'attention'>): boolean {
  return job === 'WAITING' && attention === 'dead_lettered';
}

/** May this attempt have left an effect? Not if apply was never called, or failed and said that nothing was done. */
export function mayHaveEffect({ applied, failure }: RunAtom): boolean {
  return applied && failure?.nothingDone !== true;
}

/** The attempt of the last call of revert: an atom in its back-off already has the number of the next attempt. */
export function revertAttemptOf({ state, notBefore, revertAttempt }: RunAtom): number {
  return state === 'REVERTING' && notBefore > 0 ? revertAttempt - 1 : revertAttempt;
}

/** Is the atom finished, so that the nodes after it may go on? */
export function isFinished(state: AtomState): boolean {
  return state === 'SUCCESS' || state === 'IGNORE';
}
