// The state of a job's flow. Only fold.ts changes it, entry by entry; everybody else reads.
// It is owned by whoever drives the run and changed in place: copying it at each step would make a run of n steps
// cost n squared. `snapshotOf` gives a copy that may travel.
import type { JsonObject } from '../../json.ts';
import type { ForwardOutcome, RollbackScope, UnresolvedOutput } from '../../logbook/entry.ts';
import type { AtomState, AttentionReason, JobState, RunState } from '../../states.ts';
import { type CompiledFlow, precedes } from '../graph/graph.ts';
import { ReadyQueue } from './ready-queue.ts';
import { LargeValues } from './large-values.ts';
import type { StoredValue } from '../../logbook/stored-value.ts';
import type { AppliedCode, AtomSnapshot, Signal } from './snapshot.ts';
import { type Agenda, emptyAgenda } from './time-heaps.ts';

/** One atom of a run; AtomSnapshot says what each field means. */
export type RunAtom = { -readonly [Field in Exclude<keyof AtomSnapshot, 'grown' | 'slots' | 'keys'>]-?: AtomSnapshot[Field] };

/** How far the forward order has come. */
export interface ForwardProgress {
  /** Per node: how many nodes before it are unfinished. */
  readonly waitingFor: number[];
  /** Per node: 1 when it is finished and that was passed on. */
  readonly passed: number[];
  /** Per atom: 1 when it may start. */
  readonly isReady: number[];
  /** Per container with a limit: children let in and not finished. */
  readonly inside: number[];
  /** Per container with a limit: children that wait to be let in, in definition order. */
  readonly queued: Map<number, number[]>;
  readonly ready: ReadyQueue<number>;
  /** Controls whose turn has come; they go before anything that is applied. */
  readonly controls: ReadyQueue<number>;
  /** The exit of the root is reached. */
  finished: boolean;
}

/** What is being undone: the whole run (container 0), or the container of a retry that begins it again. */
export interface UndoScope {
  readonly container: number;
  openCount: number;
}

/** An atom whose turn to be undone has come, and the entry that started it: ties go to the last started. */
export type UndoTurn = readonly [atom: number, startNumber: number];

/** How far undoing has come. Scopes never overlap, so they share the counters. */
export interface UndoProgress {
  /** Per node: how many nodes after it are not settled. */
  readonly waitingFor: number[];
  /** Per atom: 1 when it is to be undone or kept and is not yet. */
  readonly open: number[];
  readonly ready: ReadyQueue<UndoTurn>;
  /** By container number. */
  readonly scopes: Map<number, UndoScope>;
}

/** An atom that waits for a signal, since that entry; an atom that waits anew has another one. */
export interface Waiter {
  readonly atom: number;
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
  /** When something of the parked job is due. */
  wakeAt: number | null;
  state: RunState;
  inputs: JsonObject;
  outputs: JsonObject | null;
  inputsAt: StoredValue | null;
  outputsAt: StoredValue | null;
  unresolved: readonly UnresolvedOutput[];
  forward: ForwardOutcome | null;
  rollback: (RollbackScope & { readonly by: string; readonly from: RunState }) | null;
  left: readonly { readonly atom: string; readonly because: string }[];
  resumeTo: 'RUNNING' | 'REVERTING';
  cancel: { readonly by: string; readonly reason: string; readonly then: 'revert' | 'hold' } | null;
  edits: { readonly [atom: string]: JsonObject };
  readonly atoms: RunAtom[];
  readonly progress: ForwardProgress;
  undo: UndoProgress | null;
  /** Atoms with a call under way, one that is ending, or one whose end is in doubt. */
  busy: number;
  /** Characters of the large inputs and outputs that the calls of those hold, in doubt ones left out. */
  busySize: number;
  /** Of those, in doubt with no call in this process that could still answer. */
  doubts: number;
  /** Of those, in doubt because a call that was told to stop has not ended. */
  overdue: number;
  /** Characters of the large lists of for-each and values of retries that were given so far: the run itself holds those. */
  heldSize: number;
  /** Atoms WAITING or RETRYING. */
  waiting: number;
  /** Atoms REVERTING whose next attempt has a time that has not come. */
  sleeping: number;
  /** Numbers of the atoms in FAILURE. */
  readonly failed: Set<number>;
  /** Per failed atom: retries that were asked about it and gave up. */
  readonly gaveUp: Map<number, Set<number>>;
  /** Atoms in REVERT_FAILURE that a person has not settled. */
  stuck: number;
  /** Effects of earlier attempts that stay, because they cannot be undone or were kept. */
  keptBefore: readonly { readonly atom: string; readonly because: string }[];
  /** Signals that came and were not waited for yet, oldest first. */
  readonly signals: Signal[];
  /** Per name of a signal: atoms that began to wait for it, in that order; some have ended their wait since. */
  readonly waiters: Map<string, Waiter[]>;
  /** Since when it goes forward, pauses aside: what its deadline counts from. */
  runningSince: number | null;
  /** Which code applied what, by task type (SEMANTICS R6). */
  codes: readonly AppliedCode[];
  claimedAt: number;
  /** Id of the conductor that has the claim, or had it last. */
  holder: string | null;
  readonly agenda: Agenda;
  /** A cache: no part of the state. */
  readonly large: LargeValues;
  startedAt: number | null;
  endedAt: number | null;
}

const NO_HISTORY: RunAtom['history'] = [];
const NO_UNRESOLVED: readonly UnresolvedOutput[] = [];
export const NO_INPUT: JsonObject = {};
const NO_SECRETS: { readonly [input: string]: readonly string[] } = {};

/** A run of which nothing is known yet: the fold of no entries. */
export function emptyRun(flow: CompiledFlow): Run {
  // Growing it further would grow the run that it belongs to.
  if (flow.base !== null) throw new RangeError('A run begins with the flow as it was compiled, not with the grown copy of another run.');
  const atoms = flow.atoms.map(({ address }): RunAtom => pendingAtom(address));
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
    left: [],
    resumeTo: 'RUNNING',
    cancel: null,
    edits: {},
    atoms,
    progress: {
      waitingFor: new Array<number>(flow.nodes.length).fill(0),
      passed: new Array<number>(flow.nodes.length).fill(0),
      isReady: new Array<number>(atoms.length).fill(0),
      inside: new Array<number>(flow.containers.length).fill(0),
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
    gaveUp: new Map(),
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

/** An atom that nothing has happened to. */
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

/** Higher priority first, else definition order (SEMANTICS A1). */
function goesFirst({ flow }: Run, a: number, b: number): boolean {
  const left = flow.atoms[a];
  const right = flow.atoms[b];
  if (left === undefined || right === undefined) return a < b;
  const more = left.item.priority - right.item.priority;
  return more === 0 ? precedes(left, right) : more > 0;
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

/** Was the job given up (SEMANTICS J4)? Then no conductor works on it until a person acts. */
export function isGivenUp({ job, attention }: Pick<Run, 'job' | 'attention'>): boolean {
  return job === 'WAITING' && attention === 'dead_lettered';
}

/** May this attempt have left an effect? Not if apply was never called, or failed saying that it did nothing. */
export function mayHaveEffect({ applied, failure }: RunAtom): boolean {
  return applied && failure?.nothingDone !== true;
}

/** Of which attempt of its revert the last call was: an atom that sleeps has the number of the next one already. */
export function revertAttemptOf({ state, notBefore, revertAttempt }: RunAtom): number {
  return state === 'REVERTING' && notBefore > 0 ? revertAttempt - 1 : revertAttempt;
}

/** States in which an atom needs nothing more for what comes after it. */
export function isFinished(state: AtomState): boolean {
  return state === 'SUCCESS' || state === 'IGNORE';
}
