import { flowDefinitionSchema } from '@windlass/engine/definition';
import type { Entry } from '@windlass/engine/run';
import { TestRun, fakeCatalog, flow, linear, task } from '@windlass/engine/testing';
import { expect, test } from 'vitest';
import { timeScale } from './time-scale.ts';
import { timelineOf } from './timeline-model.ts';

const definition = flow(linear('root', [task('a'), task('b')]));
const lanesOf = (entries: readonly Entry[]) => new Map(timelineOf(definition, entries, []).lanes.map((lane) => [lane.id, lane.bars]));

test('the first lane is the whole job, then a lane per task in definition order', () => {
  const run = new TestRun({ definition, catalog: fakeCatalog }).go();
  expect(timelineOf(definition, run.entries, []).lanes.map(({ id, kind }) => `${kind} ${id}`)).toEqual(['job root', 'task a', 'task b']);
});

test('an apply is one bar from its start to its end', () => {
  const run = new TestRun({ definition, catalog: fakeCatalog }).go();
  const started = run.entries.find((entry) => entry.kind === 'ATOM' && entry.atom === 'a' && entry.to === 'RUNNING');
  expect(lanesOf(run.entries).get('a')).toMatchObject([{ kind: 'apply', from: started?.time, hue: 'success', attempt: 1 }]);
});

test('a failed apply is red and its revert a bar of its own below', () => {
  const run = new TestRun({
    definition,
    catalog: fakeCatalog,
    script: ({ kind, atom }) => (kind === 'apply' && atom === 'b' ? { fail: 'NO' } : undefined),
  }).go();
  const lanes = lanesOf(run.entries);
  expect(lanes.get('b')?.map(({ kind, hue }) => `${kind} ${hue}`)).toEqual(['apply failed', 'revert revert']);
  expect(lanes.get('a')?.map(({ kind, hue }) => `${kind} ${hue}`)).toEqual(['apply success', 'revert revert']);
  expect(lanes.get('root')?.map(({ kind, hue }) => `${kind} ${hue}`)).toEqual(['wait claimed', 'apply failed', 'revert revert']);
});

test('a running bar is open and says that something is going on', () => {
  const run = new TestRun({ definition, catalog: fakeCatalog }).claim();
  const timeline = timelineOf(definition, run.entries, []);
  expect(timeline.going).toBe(true);
  expect(timeline.lanes[1]?.bars).toMatchObject([{ kind: 'apply', to: null, hue: 'running' }]);
});

test('acts are marks with who and why', () => {
  const run = new TestRun({ definition, catalog: fakeCatalog }).claim().act({ kind: 'SUSPEND', reason: 'lunch' });
  expect(timelineOf(definition, run.entries, []).marks.find(({ kind }) => kind === 'act')?.label).toBe('ana paused the job (lunch)');
});

test('what began before the first entry is drawn from the atom itself', () => {
  const run = new TestRun({ definition, catalog: fakeCatalog }).go();
  const lanes = timelineOf(definition, run.entries.slice(-1), run.run.atoms).lanes;
  expect(lanes[1]?.bars).toMatchObject([{ kind: 'apply', hue: 'success', attempt: 1 }]);
});

test('an empty logbook gives lanes without bars', () => {
  const timeline = timelineOf(flowDefinitionSchema.parse(definition), [], []);
  expect(timeline.lanes.every(({ bars }) => bars.length === 0)).toBe(true);
  expect(timeScale(timeline, { width: 100, now: 5 }).x(5)).toBe(0);
});

test('an idle day between a run and its rollback is pressed together', () => {
  const bar = (kind: 'apply' | 'revert', from: number, to: number) => ({ kind, from, to, hue: 'success', attempt: 1 }) as const;
  const day = 86_400_000;
  const timeline = {
    lanes: [{ id: 'a', name: 'a', kind: 'task', bars: [bar('apply', 0, 5_000), bar('revert', day, day + 5_000)] }],
    marks: [],
    from: 0,
    to: day + 5_000,
    going: false,
  } as const;
  const scale = timeScale(timeline, { width: 1_028, now: 0 });
  expect(scale.x(5_000)).toBe(500);
  expect(scale.x(day)).toBe(528);
  expect(scale.x(day + 5_000)).toBe(1_028);
  expect(scale.gaps).toEqual([{ x: 514, ms: day - 5_000 }]);
});

test('P6: iterations share a lane, and have lanes of their own where it is unfolded', () => {
  const members = new Map([['a', { tasks: ['each[0].a', 'each[1].a', 'each[2].a'], controls: [] }]]);
  const start = (atom: string, number: number) =>
    ({
      kind: 'ATOM',
      number,
      time: number * 100,
      atom,
      attempt: 1,
      from: 'PENDING',
      to: 'RUNNING',
      token: 1,
      actor: { kind: 'engine', id: 'e', name: 'e' },
    }) as Entry;
  const drawing = flow(linear('root', [task('a')]));
  const some = [start('each[0].a', 1), start('each[1].a', 2)];
  const folded = timelineOf(drawing, some, [], { members });
  expect(folded.lanes.map(({ id }) => id)).toEqual(['root', 'a']);
  expect(folded.lanes[1]).toMatchObject({ fold: { count: 3, open: false }, bars: [{ from: 100 }, { from: 200 }] });
  const unfolded = timelineOf(drawing, some, [], { members, open: new Set(['a']), nameOf: (address) => `the ${address}` });
  expect(unfolded.lanes.slice(2)).toMatchObject([
    { id: 'each[0].a', name: 'the each[0].a', depth: 1 },
    { id: 'each[1].a', depth: 1 },
  ]);
});

test('R1: a retry has a lane once it waited, and its wait stays one whatever came after', () => {
  const members = new Map([['a', { tasks: ['a'], controls: ['a_retry'] }]]);
  const base = { kind: 'ATOM', atom: 'a_retry', attempt: 1, token: 1, actor: { kind: 'engine', id: 'e', name: 'e' } } as const;
  const waits = { ...base, number: 1, time: 100, from: 'SUCCESS', to: 'RETRYING', data: { notBefore: 900 } } as Entry;
  const goesOn = { ...base, number: 2, time: 900, from: 'RETRYING', to: 'RUNNING' } as Entry;
  const lanes = timelineOf(flow(linear('root', [task('a')])), [waits, goesOn], [], { members }).lanes;
  expect(lanes.map(({ id, kind }) => [id, kind])).toEqual([
    ['root', 'job'],
    ['a_retry', 'retry'],
    ['a', 'task'],
  ]);
  expect(lanes[1]?.bars[0]).toMatchObject({ kind: 'wait', from: 100, to: 900, hue: 'doubt' });
  expect(timelineOf(flow(linear('root', [task('a')])), [], [], { members }).lanes.map(({ id }) => id)).toEqual(['root', 'a']);
});

test('a task that came to a wait is not drawn as running once the wait has ended, nor waits beyond its rollback', () => {
  const [posted, claimed, running] = new TestRun({ definition, catalog: fakeCatalog }).claim().entries;
  if (posted === undefined || claimed === undefined || running === undefined) throw new Error('The run has begun.');
  const moves = (...states: readonly string[]) =>
    ['PENDING', ...states].slice(0, -1).map((from, index) => {
      const number = running.number + 1 + index;
      return { ...running, number, time: 1_000 * number, kind: 'ATOM', atom: 'a', attempt: 1, from, to: states[index] } as unknown as Entry;
    });
  const barsAfter = (...states: readonly string[]) => lanesOf([posted, claimed, running, ...moves(...states)]).get('a');
  expect(barsAfter('RUNNING', 'WAITING', 'SUCCESS')?.map(({ kind, hue, to }) => [kind, hue, to !== null])).toEqual([
    ['apply', 'success', true],
    ['wait', 'waiting', true],
  ]);
  expect(barsAfter('RUNNING', 'WAITING', 'FAILURE')?.[0]).toMatchObject({ kind: 'apply', hue: 'failed' });
  expect(barsAfter('WAITING', 'REVERTED')?.map(({ kind, to }) => [kind, to !== null])).toEqual([['wait', true]]);
});

test('P6: the lane of an iteration that is no longer in the list stays, and says so', () => {
  const run = new TestRun({ definition: flow(linear('root', [task('a'), task('b')])), catalog: fakeCatalog }).go();
  const entries = run.entries.map((entry) =>
    entry.kind === 'ATOM' ? { ...entry, atom: entry.atom === 'a' ? 'each[0].a' : 'each[1].a' } : entry,
  );
  const members = new Map([['a', { tasks: ['each[0].a'], controls: [], gone: ['each[1].a', 'each[2].a'] }]]);
  const { lanes } = timelineOf(definition, entries, [], { members, open: new Set(['a']) });
  expect(lanes.map(({ id, name }) => [id, name])).toEqual([
    ['root', definition.name],
    ['a', 'a'],
    ['each[0].a', 'each[0].a'],
    ['each[1].a', 'each[1].a, no longer in the list'],
    ['b', 'b'],
  ]);
});

test('J4: nothing goes on in a job that was given up, until it is claimed again', () => {
  const { entries } = new TestRun({ definition, catalog: fakeCatalog }).claim();
  const last = entries.at(-1);
  if (last === undefined) throw new Error('The run has begun.');
  const givenUp = { ...last, kind: 'JOB', number: last.number + 1, time: last.time + 500, from: 'CLAIMED', to: 'WAITING' } as Entry;
  const over = [...entries, { ...givenUp, data: { attention: 'dead_lettered', note: 'no version' } } as Entry];
  const timeline = timelineOf(definition, over, []);
  expect(timeline.going).toBe(false);
  expect(timeline.lanes[1]?.bars).toMatchObject([{ kind: 'apply', to: last.time + 500, hue: 'doubt' }]);
  const again = { ...givenUp, number: last.number + 2, from: 'WAITING', to: 'CLAIMED' } as Entry;
  expect(timelineOf(definition, [...over, again], []).going).toBe(true);
});

const atomEntry = (number: number, from: string, to: string, data?: object) =>
  ({
    ...{ kind: 'ATOM', atom: 'a', attempt: 1, token: 1, actor: { kind: 'conductor', id: 'c1', name: 'c1' } },
    ...{ number, time: 100 * number, from, to, ...(data === undefined ? {} : { data }) },
  }) as Entry;
const runEntry = (number: number, from: string, to: string) =>
  ({ kind: 'RUN', number, time: 100 * number, token: 1, actor: { kind: 'conductor', id: 'c1', name: 'c1' }, from, to }) as Entry;
const barsOfA = (...entries: Entry[]) =>
  lanesOf(entries)
    .get('a')
    ?.map(({ kind, hue, from, to }) => `${kind} ${hue} ${from} ${to}`);

test('R7: a back-off ends with the next entry of its task, and an attempt that was not called has no bar', () => {
  const call = atomEntry(1, 'SUCCESS', 'REVERTING', { revertAttempt: 1 });
  const failure = { code: 'NO', message: 'no' };
  const waits = atomEntry(2, 'REVERTING', 'REVERTING', { revertAttempt: 2, notBefore: 900, failure });
  const again = atomEntry(3, 'REVERTING', 'REVERTING', { revertAttempt: 2 });
  const undone = atomEntry(4, 'REVERTING', 'REVERTED');
  expect(barsOfA(call, waits)).toEqual(['revert failed 100 200', 'wait waiting 200 900']);
  expect(barsOfA(call, waits, again, undone)).toEqual(['revert failed 100 200', 'wait waiting 200 300', 'revert revert 300 400']);
});

test('R7: a back-off without a delay is not drawn; the call after a back-off is drawn in a logbook that has no entry of it', () => {
  const failure = { code: 'NO', message: 'no' };
  const call = atomEntry(1, 'SUCCESS', 'REVERTING', { revertAttempt: 1 });
  const at = (notBefore: number) => atomEntry(2, 'REVERTING', 'REVERTING', { revertAttempt: 2, notBefore, failure });
  const again = atomEntry(3, 'REVERTING', 'REVERTING', { revertAttempt: 2 });
  const undone = atomEntry(4, 'REVERTING', 'REVERTED');
  expect(barsOfA(call, at(200), again, undone)).toEqual(['revert failed 100 200', 'revert revert 300 400']);
  expect(barsOfA(call, at(200), undone)).toEqual(['revert failed 100 200', 'revert revert 200 400']);
  expect(barsOfA(call, at(350), undone)).toEqual(['revert failed 100 200', 'wait waiting 200 350', 'revert revert 350 400']);
  expect(barsOfA(call, at(350), atomEntry(4, 'REVERTING', 'REVERT_FAILURE', { failure }))?.at(-1)).toBe('revert failed 350 400');
  const late = atomEntry(4, 'REVERTING', 'REVERTED', { reason: 'its revert was done after its time limit' });
  expect(barsOfA(call, at(900), late)).toEqual(['revert failed 100 200', 'wait waiting 200 400', 'revert revert 400 400']);
});

test('R11: a back-off ends where the rollback is paused, and goes on when it is resumed', () => {
  const entries = [
    runEntry(1, 'FAILURE', 'REVERTING'),
    atomEntry(2, 'SUCCESS', 'REVERTING', { revertAttempt: 1 }),
    atomEntry(3, 'REVERTING', 'REVERTING', { revertAttempt: 2, notBefore: 900, failure: { code: 'NO', message: 'no' } }),
    runEntry(4, 'REVERTING', 'SUSPENDED'),
  ];
  expect(barsOfA(...entries)?.at(-1)).toBe('wait waiting 300 400');
  expect(timelineOf(definition, entries, []).to).toBe(400);
  expect(barsOfA(...entries, runEntry(5, 'SUSPENDED', 'REVERTING'))?.at(-1)).toBe('wait waiting 300 900');
});

test('P9: a revert that waits for a launched job waits until the next entry of its task, not until it is asked again', () => {
  const entries = [
    atomEntry(1, 'SUCCESS', 'REVERTING', { revertAttempt: 1 }),
    atomEntry(2, 'REVERTING', 'REVERTING', { revertAttempt: 1, notBefore: 30_200, waiting: { on: 'job', job: 'j', until: 30_200 } }),
  ];
  expect(barsOfA(...entries)).toEqual(['revert revert 100 200', 'wait waiting 200 null']);
  expect(timelineOf(definition, entries, []).to).toBe(200);
  const again = atomEntry(3, 'REVERTING', 'REVERTING', { revertAttempt: 1 });
  expect(barsOfA(...entries, again, atomEntry(4, 'REVERTING', 'REVERTED'))).toEqual([
    'revert revert 100 200',
    'wait waiting 200 300',
    'revert revert 300 400',
  ]);
});

test('A1: a task that waited from its start has a mark of its outcome at the end of its wait', () => {
  const asked = atomEntry(1, 'PENDING', 'WAITING');
  const rejected = atomEntry(2, 'WAITING', 'FAILURE', { failure: { code: 'REJECTED', message: 'no' } });
  expect(barsOfA(asked, rejected)).toEqual(['wait waiting 100 200', 'apply failed 200 200']);
  expect(barsOfA(asked, atomEntry(2, 'WAITING', 'SUCCESS'))).toEqual(['wait waiting 100 200', 'apply success 200 200']);
});

test('R9: a task of which nothing was undone has no mark of a revert, and one that was undone by hand has one', () => {
  const done = [atomEntry(1, 'PENDING', 'RUNNING'), atomEntry(2, 'RUNNING', 'SUCCESS')];
  expect(barsOfA(...done, atomEntry(3, 'SUCCESS', 'REVERTED', { reason: 'it has no effect' }))).toEqual(['apply success 100 200']);
  const stuck = atomEntry(4, 'REVERTING', 'REVERT_FAILURE', { failure: { code: 'NO', message: 'no' } });
  const byHand = atomEntry(5, 'REVERT_FAILURE', 'REVERTED', { reason: 'removed it', byHand: true });
  expect(barsOfA(...done, atomEntry(3, 'SUCCESS', 'REVERTING'), stuck, byHand)?.slice(1)).toEqual([
    'revert failed 300 400',
    'revert revert 500 500',
  ]);
});
