// One job on this page: a snapshot, then the fold of later entries. Owns the run, its entries and the
// connection. It decides no outcome; only the server does.
// 1. Entries at or below the run's number are dropped; after a gap, or an entry that cannot be folded, the snapshot is fetched again.
// 2. Folded entries are painted at most once per frame; only touched atoms get a new object.
// 3. With `at`, the page shows the run as of that entry, while the live run goes on in the background.
// 4. `entries` is ascending and without a gap.
// 5. Where the run cannot be shown, for example without its flow version, the entries are there as far as they can be read.
import { type FlowDefinition, subflowIn, type TaskDescriptor } from '@windlass/engine/definition';
import {
  type CompiledFlow,
  type Entry,
  type JobRow,
  type Run,
  type AtomSnapshot,
  compileFlow,
  emptyRun,
  fold,
  replay,
  restoreRun,
  typesFromDescriptors,
} from '@windlass/engine/run';
import { type StoreApi, createStore } from 'zustand/vanilla';
import { sentenceOf } from '../../../lib/trpc.ts';
import type { JobSource } from './job-source.ts';
import { type Dropped, NOTHING_DROPPED, droppedOf } from './dropped.ts';
import { aliasesOf, type MembersByItem, membersOf } from './members.ts';
import { type RunFacts, factsOf, sameFacts } from './run-facts.ts';

/** A logbook up to this length is fetched completely, for the timeline and for replay. */
const WHOLE = 5_000;
const PAGE = 200;
const CHUNK = 500;
/** Above the first number of entries, the oldest are dropped down to the second. */
export const MOST_KEPT = 80_000;
const KEPT = 60_000;

export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live'; readonly since: number }
  | { readonly kind: 'reconnecting'; readonly dataFrom: number; readonly because: string }
  | { readonly kind: 'error'; readonly message: string };

/** Facts about a job that do not change after it was posted. All others come from its entries, because a row grows stale. */
export type Posted = Pick<JobRow, 'id' | 'flow' | 'flowName' | 'version' | 'postedAt' | 'postedBy' | 'parent'>;

export interface JobView {
  readonly posted: Posted | null;
  /** The conductor that holds the claim of the live run, whatever is shown. */
  readonly holder: string | null;
  readonly definition: FlowDefinition | null;
  readonly facts: RunFacts | null;
  /** Always the same map; `painted` changes when one of its values does. */
  readonly atoms: ReadonlyMap<string, AtomSnapshot>;
  /** Atoms by the item that they belong to; a new map when the run has grown. */
  readonly members: MembersByItem;
  /** Atoms in dropped iterations that are not PENDING. */
  readonly dropped: Dropped['touched'];
  readonly painted: number;
  /** The live run's last entry, also during a replay. */
  readonly number: number;
  readonly at: number | null;
  readonly entries: readonly Entry[];
  readonly connection: Connection;
}

export interface RunStore extends StoreApi<JobView> {
  start(): () => void;
  /** Fetches the snapshot again, for a run that could not be shown. */
  loadAgain(): void;
  showAt(number: number | null): void;
  loadOlder(): Promise<void>;
  /** The run that is shown, for planning; null before the first paint. */
  shownRun(): Run | null;
  /** The run as of an entry; null before the first paint. */
  runAt(number: number): Promise<Run | null>;
}

const EMPTY: JobView = {
  posted: null,
  holder: null,
  definition: null,
  facts: null,
  atoms: new Map(),
  members: new Map(),
  dropped: NOTHING_DROPPED.touched,
  painted: 0,
  number: 0,
  at: null,
  entries: [],
  connection: { kind: 'connecting' },
};

export function createRunStore(source: JobSource): RunStore {
  const store = createStore<JobView>(() => EMPTY);
  let atoms = new Map<string, AtomSnapshot>();
  let flow: CompiledFlow | null = null;
  let live: Run | null = null;
  let shown: Run | null = null;
  let holder: string | null = null;
  let pending: Entry[] = [];
  const touched = new Set<string>();
  let frame = 0;
  let stopFollow: () => void = () => {};
  let generation = 0;
  let stopped = false;

  const paint = (): void => {
    frame = 0;
    if (live === null || stopped) return;
    const state = store.getState();
    const run = shown ?? live;
    const entries = pending.length > 0 ? newest([...state.entries, ...pending]) : state.entries;
    pending = [];
    if (shown === null) for (const id of touched) copyAtom(run, id);
    touched.clear();
    const facts = factsOf(run);
    store.setState({
      entries,
      number: live.number,
      painted: state.painted + 1,
      ...grouped(run, state),
      facts: state.facts !== null && sameFacts(state.facts, facts) ? state.facts : facts,
      holder,
    });
  };
  // The graph of a run grows with a for-each or loop, and a later pass may drop iterations.
  let counted = -1;
  let mayDrop = true;
  let dropped = NOTHING_DROPPED;
  let aliases: ReadonlyMap<string, string> = new Map();
  const grouped = (run: Run, known: Pick<JobView, 'members' | 'dropped'>): Pick<JobView, 'members' | 'dropped'> => {
    const before = dropped;
    if (mayDrop) dropped = droppedOf(run);
    mayDrop = false;
    if (run.flow.atoms.length === counted && dropped === before) return { members: known.members, dropped: known.dropped };
    counted = run.flow.atoms.length;
    return { members: membersOf(run.flow, aliases, dropped.empty), dropped: dropped.touched };
  };
  const copyAtom = (run: Run, id: string): void => {
    const compiled = run.flow.atomByAddress.get(id);
    const atom = compiled === undefined ? undefined : run.atoms[compiled.index];
    if (atom !== undefined) atoms.set(id, { ...atom });
  };
  const paintAll = (): void => {
    const run = shown ?? live;
    if (run === null) return;
    atoms = new Map(run.atoms.map((atom) => [atom.atom, { ...atom }]));
    mayDrop = true;
    touched.clear();
    store.setState({ atoms });
    paint();
  };

  const take = (entries: readonly Entry[]): void => {
    if (live === null) return;
    try {
      for (const entry of entries) {
        if (entry.number <= live.number) continue;
        fold(live, entry);
        pending.push(entry);
        if (entry.kind === 'JOB') holder = holderAfter(entry);
        mayDrop ||= changesIterations(live, entry);
        if (entry.kind === 'ATOM' || entry.kind === 'MARK') touched.add(entry.atom);
        if (entry.kind === 'ATOM') for (const atom of entry.data?.again ?? []) touched.add(atom);
        // An entry of the run can change each atom: what is applied again, and what a rollback orphans.
        if (entry.kind === 'RUN') for (const { atom } of live.atoms) touched.add(atom);
      }
    } catch {
      void load();
      return;
    }
    if (frame === 0) frame = requestAnimationFrame(paint);
  };

  const load = async (): Promise<void> => {
    generation += 1;
    const mine = generation;
    stopFollow();
    try {
      // The newest entries are fetched beside the snapshot; entries after the snapshot come with the stream.
      const [{ row, definition, subflows, snapshot }, types, last] = await Promise.all([
        source.get(),
        source.types(),
        source.before(Number.MAX_SAFE_INTEGER, PAGE),
      ]);
      // The run went on between the two requests, so the entries are fetched again up to the snapshot.
      const newest = (last[0]?.number ?? 0) < snapshot.number ? await source.before(snapshot.number + 1, PAGE) : last;
      if (mine !== generation || stopped) return;
      flow = compileFlow(definition, typesFromDescriptors(finder(types)), subflowIn(subflows));
      aliases = aliasesOf(definition);
      counted = -1;
      live = restoreRun(flow, snapshot);
      pending = [];
      const entries = ascending(newest.filter(({ number }) => number <= snapshot.number));
      // The row was read before the state, so it may be older.
      const claim = entries.findLast((entry) => entry.kind === 'JOB');
      holder = claim === undefined ? (live.job === 'CLAIMED' ? row.owner : null) : holderAfter(claim);
      const { id, flow: flowId, flowName, version, postedAt, postedBy, parent } = row;
      store.setState({
        posted: { id, flow: flowId, flowName, version, postedAt, postedBy, parent },
        definition,
        entries,
        connection: { kind: 'live', since: Date.now() },
      });
      paintAll();
      follow(snapshot.number);
      // Without the older entries the page lacks only the oldest bars; replay then asks the server.
      if (snapshot.number <= WHOLE) await loadRest(mine).catch(() => undefined);
      const { at } = store.getState();
      if (at !== null) showAt(at);
    } catch (error) {
      const isWhole = store.getState().posted !== null;
      const entries = isWhole ? null : await source.before(Number.MAX_SAFE_INTEGER, PAGE).then(ascending, () => []);
      if (mine !== generation || stopped) return;
      store.setState({ connection: { kind: 'error', message: sentenceOf(error) }, ...(entries === null ? {} : { entries }) });
    }
  };
  const loadRest = async (mine: number): Promise<void> => {
    const first = store.getState().entries[0]?.number ?? 1;
    const rest: Entry[] = [];
    while (rest.length < first - 1) {
      const chunk = await source.after(rest.at(-1)?.number ?? 0, Math.min(CHUNK, first - 1 - rest.length));
      if (mine !== generation || stopped || chunk.length === 0) return;
      rest.push(...chunk);
    }
    if (rest.length > 0) store.setState(({ entries, painted }) => ({ entries: [...rest, ...entries], painted: painted + 1 }));
  };
  const follow = (from: number): void => {
    stopFollow = source.follow(from, {
      onEntries: take,
      onUp: () => store.setState({ connection: { kind: 'live', since: Date.now() } }),
      onDown: (because) =>
        store.setState(({ connection }) => ({
          connection: connection.kind === 'reconnecting' ? connection : { kind: 'reconnecting', dataFrom: Date.now(), because },
        })),
      onEnd: (message) => {
        store.setState({ connection: { kind: 'error', message } });
        setTimeout(() => !stopped && void load(), 3_000);
      },
    });
  };

  /** Replays the entries in memory; null when the first ones are not there. */
  const knownRun = (compiled: CompiledFlow, number: number): Run | null => {
    const { entries } = store.getState();
    return entries[0]?.number === 1 ? replay(emptyRun(compiled), entries.slice(0, number)) : null;
  };
  const askedRun = async (compiled: CompiledFlow, number: number): Promise<Run> =>
    restoreRun(compiled, (await source.get(number)).snapshot);

  const showAt = (number: number | null): void => {
    const at = number === null || live === null || number >= live.number ? (live === null ? number : null) : Math.max(1, number);
    store.setState({ at });
    if (live === null || flow === null) return;
    if (at === null) {
      shown = null;
      paintAll();
    } else {
      const known = knownRun(flow, at);
      const show = (run: Run | null) => {
        if (store.getState().at !== at) return;
        shown = run;
        paintAll();
      };
      if (known !== null) show(known);
      else void askedRun(flow, at).then(show);
    }
  };

  let loadingOlder = false;
  const loadOlder = async (): Promise<void> => {
    const first = store.getState().entries[0]?.number ?? 1;
    if (loadingOlder || first <= 1) return;
    loadingOlder = true;
    const mine = generation;
    const older = await source.before(first, PAGE).catch(() => []);
    loadingOlder = false;
    if (mine === generation && store.getState().entries[0]?.number === first)
      store.setState(({ entries }) => ({ entries: [...ascending(older), ...entries] }));
  };

  return Object.assign(store, {
    loadAgain: () => void load(),
    start: () => {
      stopped = false;
      void load();
      return () => {
        stopped = true;
        generation += 1;
        cancelAnimationFrame(frame);
        frame = 0;
        stopFollow();
      };
    },
    showAt,
    loadOlder,
    shownRun: () => shown ?? live,
    runAt: async (number: number) => (flow === null ? null : (knownRun(flow, number) ?? (await askedRun(flow, number)))),
  });
}

/** Can this entry change which iterations are dropped? */
function changesIterations({ flow }: Run, entry: Entry): boolean {
  if (entry.kind === 'RUN') return entry.data?.again !== undefined;
  if (entry.kind !== 'ATOM') return false;
  const kind = flow.atomByAddress.get(entry.atom)?.kind;
  return entry.to === 'RETRYING' || (entry.to === 'SUCCESS' && (kind === 'each' || kind === 'round'));
}

/** Limits the entries in memory for a page that stays open for a day; older entries are fetched when scrolled to. */
function newest(entries: Entry[]): readonly Entry[] {
  return entries.length > MOST_KEPT ? entries.slice(-KEPT) : entries;
}

function ascending(entries: readonly Entry[]): Entry[] {
  return [...entries].sort((a, b) => a.number - b.number);
}

function finder(types: readonly TaskDescriptor[]): (type: string, version: number) => TaskDescriptor | undefined {
  const byKey = new Map(types.map((type) => [`${type.type}@${type.version}`, type]));
  return (type, version) => byKey.get(`${type}@${version}`);
}

/** The conductor that holds the claim after an entry of the job. */
function holderAfter(entry: Entry): string | null {
  return entry.kind === 'JOB' && entry.to === 'CLAIMED' ? entry.actor.name : null;
}
