import type { Entry, RunSnapshot } from '@windlass/engine/run';
import { type RollbackChoice, compileFlow, emptyRun, planRollback, replay, snapshotOf, typesFromDescriptors } from '@windlass/engine/run';
import { TestRun, fakeCatalog, flow, linear, task } from '@windlass/engine/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Follower, JobSource } from './job-source.ts';
import { MOST_KEPT, createRunStore } from './run-store.ts';

const definition = flow(linear('root', [task('a'), task('b'), task('c')]));
const { entries } = new TestRun({ definition, catalog: fakeCatalog }).go();
let frames: (() => void)[] = [];

beforeEach(() => {
  frames = [];
  vi.stubGlobal('requestAnimationFrame', (paint: () => void) => frames.push(paint));
  vi.stubGlobal('cancelAnimationFrame', () => {});
});
afterEach(() => void vi.unstubAllGlobals());

function snapshotAt(number: number, given = { definition, entries }): RunSnapshot {
  return snapshotOf(
    replay(
      emptyRun(
        compileFlow(
          given.definition,
          typesFromDescriptors(() => undefined),
        ),
      ),
      given.entries.slice(0, number),
    ),
  );
}

/** A job of which the server knows `known` entries; later ones are pushed by the test. */
async function opened(known: number, given = { definition, entries }) {
  const { definition, entries } = given;
  let follower: Follower | null = null;
  const gets: number[] = [];
  const source: JobSource = {
    get: async (at) => {
      gets.push(at ?? known);
      return {
        row: { state: 'CLAIMED', run: 'RUNNING', owner: 'c1', endedAt: null } as never,
        definition,
        subflows: [],
        snapshot: snapshotAt(at ?? known, given),
      };
    },
    types: async () => [],
    before: async (number, limit) =>
      entries
        .filter((entry) => entry.number < number)
        .slice(-limit)
        .reverse(),
    after: async (number, limit) => entries.filter((entry) => entry.number > number).slice(0, limit),
    follow: (_from, given) => {
      follower = given;
      return () => {};
    },
  };
  const store = createRunStore(source);
  store.start();
  await vi.waitFor(() => expect(follower).not.toBeNull(), 240_000);
  const push = (some: readonly Entry[]) => follower?.onEntries(some);
  const paint = () => frames.splice(0).forEach((frame) => void frame());
  const down = () => follower?.onDown('The server does not answer.');
  return { store, push, paint, gets, down };
}

test('what was folded is painted once a frame, however many messages came', async () => {
  const { store, push, paint } = await opened(4);
  let paints = 0;
  store.subscribe(() => {
    paints += 1;
  });
  for (const entry of entries.slice(4)) push([entry]);
  expect(paints).toBe(0);
  paint();
  expect(paints).toBe(1);
  expect(store.getState().facts?.state).toBe('SUCCESS');
  expect(store.getState().entries.map(({ number }) => number)).toEqual(entries.map(({ number }) => number));
});

test('only atoms that an entry touched get a new object', async () => {
  const { store, push, paint } = await opened(4);
  const before = new Map(store.getState().atoms);
  push(entries.slice(4, 5));
  paint();
  const changed = [...store.getState().atoms].filter(([id, atom]) => before.get(id) !== atom).map(([id]) => id);
  expect(changed).toEqual(['a']);
});

test('entries that are already in the snapshot are dropped', async () => {
  const { store, push, paint } = await opened(6);
  push(entries.slice(2, 7));
  paint();
  expect(store.getState().number).toBe(7);
  expect(store.getState().entries).toHaveLength(7);
});

test('a gap fetches the snapshot anew instead of guessing', async () => {
  const { push, gets } = await opened(4);
  push(entries.slice(6, 7));
  await vi.waitFor(() => expect(gets).toEqual([4, 4]), 240_000);
});

test('a replay shows the run as of an entry, and live goes on behind it', async () => {
  const { store, push, paint } = await opened(6);
  store.showAt(3);
  expect(store.getState().atoms.get('a')?.state).toBe('PENDING');
  push(entries.slice(6));
  paint();
  expect(store.getState().facts?.state).toBe('RUNNING');
  store.showAt(null);
  expect(store.getState().facts?.state).toBe('SUCCESS');
});

test('the holder of the claim is read from the entries, at any place in a batch', async () => {
  const { store, push, paint } = await opened(1);
  expect(store.getState().holder).toBeNull();
  push(entries.slice(1, 5));
  paint();
  const claim = entries.find((entry) => entry.kind === 'JOB' && entry.to === 'CLAIMED');
  expect([claim?.number, store.getState().holder]).toEqual([2, claim?.actor.name]);
  push(entries.slice(5));
  paint();
  expect([store.getState().facts?.job, store.getState().holder]).toEqual(['COMPLETE', null]);
});

test('the holder comes from the entries also where the row was read before the claim', async () => {
  const { store } = await opened(5);
  const claim = entries.find((entry) => entry.kind === 'JOB' && entry.to === 'CLAIMED');
  expect(store.getState().holder).toBe(claim?.actor.name);
  expect(store.getState().posted).not.toHaveProperty('owner');
});

test('a lost connection says how old the data is and never touches the outcome', async () => {
  const { store, down } = await opened(6);
  down();
  expect(store.getState().connection).toMatchObject({ kind: 'reconnecting', because: 'The server does not answer.' });
  expect(store.getState().facts?.state).toBe('RUNNING');
});

test('a state and a kind of entry that this page does not know are shown as they are, and nothing is guessed', async () => {
  const { store, push, paint, gets } = await opened(6);
  const next = (parts: object) => ({ ...entries[6], ...parts }) as Entry;
  push([next({ kind: 'WEATHER', number: 7 })]);
  paint();
  expect(store.getState().entries.at(-1)).toMatchObject({ kind: 'WEATHER', number: 7 });
  expect(store.getState().facts?.state).toBe('RUNNING');
  // Of an unknown move the page takes the server's word.
  push([next({ kind: 'ATOM', atom: 'b', from: 'PENDING', to: 'HALTED', number: 8 })]);
  await vi.waitFor(() => expect(gets).toEqual([6, 6]), 240_000);
  expect(store.getState().connection.kind).toBe('live');
});

test('an entry that arrives twice, or late, changes nothing', async () => {
  const { store, push, paint, gets } = await opened(6);
  push([...entries.slice(6, 8), ...entries.slice(6, 8)]);
  push(entries.slice(5, 7));
  paint();
  expect(store.getState().entries.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(gets).toEqual([6]);
});

test('a page that is open for a day does not grow: 1,000,000 entries later it holds no more than before', async () => {
  const { store, push, paint } = await opened(entries.length);
  const last = entries.at(-1);
  if (last === undefined) throw new Error('The run has no entries.');
  let number = last.number;
  // A job that is woken and parked again, over and over.
  const moves = [
    ['COMPLETE', 'CLAIMED'],
    ['CLAIMED', 'COMPLETE'],
  ] as const;
  let most = 0;
  for (let batch = 0; batch < 1_000; batch += 1) {
    const more = Array.from({ length: 1_000 }, () => {
      number += 1;
      const [from, to] = moves[(number - last.number - 1) % 2] ?? moves[0];
      return { ...last, kind: 'JOB', number, from, to } as Entry;
    });
    push(more);
    paint();
    most = Math.max(most, store.getState().entries.length);
  }
  const { entries: kept, number: shown } = store.getState();
  expect([shown, kept.at(-1)?.number]).toEqual([number, number]);
  expect(most).toBeLessThanOrEqual(MOST_KEPT);
  expect(store.getState().atoms.size).toBe(3);
});

test('B1: the open page shows an input that a rollback orphaned, as a page that is loaded anew does', async () => {
  const reads = task('b', { bindings: { value: { from: 'output', item: 'a', path: '' } } });
  const definition = flow(linear('root', [task('a'), reads]));
  const job = new TestRun({ definition, catalog: fakeCatalog }).go();
  const known = job.entries.length;
  const choice: RollbackChoice = { kind: 'atoms', atoms: ['a'], leaveOut: [{ atom: 'b', reason: 'in use' }] };
  job.act({ kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(job.run, choice).hash }).finish();
  const { store, push, paint } = await opened(known, { definition, entries: job.entries });
  push(job.entries.slice(known));
  paint();
  expect(store.getState().atoms.get('b')?.orphaned).toBe(true);
});

test('J4: without the flow version the entries are there, and the run once it can be loaded again', async () => {
  let isAbsent = true;
  const known = entries;
  const source: JobSource = {
    get: async () => {
      if (isAbsent) throw new Error('Flow flow_1 has no version 1.');
      const row = { state: 'CLAIMED', run: 'RUNNING', owner: 'c1', endedAt: null } as never;
      return { row, definition, subflows: [], snapshot: snapshotAt(known.length) };
    },
    types: async () => [],
    before: async (number, limit) =>
      [...known]
        .reverse()
        .filter((entry) => entry.number < number)
        .slice(0, limit),
    after: async () => [],
    follow: () => () => {},
  };
  const store = createRunStore(source);
  store.start();
  await vi.waitFor(() => expect(store.getState().connection.kind).toBe('error'));
  expect([store.getState().posted, store.getState().entries]).toEqual([null, known]);
  isAbsent = false;
  store.loadAgain();
  await vi.waitFor(() => expect(store.getState().connection.kind).toBe('live'));
  expect([store.getState().facts?.state, store.getState().entries]).toEqual(['SUCCESS', known]);
});
