// P6, R4: an iteration belongs to an element, not to a position in the list. Lists and loops that change from one pass to the
// next, run straight, killed after each turn and resumed, and restored from a snapshot after each turn.
import { describe, expect, it } from 'vitest';
import { type FlowItem, flowItemSchema } from '../../definition/schema.ts';
import type { Json } from '../../json.ts';
import { fakeCatalog, flow, linear, task } from '../../testing/flows.ts';
import { type Script, TestRun } from '../../testing/run-in-memory.ts';
import type { Act } from '../acts/act.ts';
import type { RollbackChoice } from '../plan/rollback-choice.ts';
import { planRollback } from '../plan/plan-rollback.ts';
import { type RunCheckpoint, checkpointOf, restoreCheckpoint } from './checkpoint/checkpoint.ts';
import { replay } from './fold/fold.ts';
import { type Run, emptyRun } from './run.ts';
import { restoreRun, snapshotOf } from './snapshot/snapshot-of.ts';

const each = (more: object = {}): FlowItem =>
  flowItemSchema.parse({
    ...linear('p', [task('x', { bindings: { who: { from: 'output', item: 'p', path: 'element' } } })]),
    pattern: 'for_each',
    forEach: { list: { from: 'output', item: 'src', path: 'list' }, collect: 'x', ...more },
  });
const after = task('z', { bindings: { all: { from: 'output', item: 'p', path: 'results' } } });
/** `src` gives the list of its attempt; `x` returns the element that it was called with. */
const flowOf = (more: object = {}) => flow(linear('f', [task('src'), each(more), after]));
const giving =
  (...lists: Json[][]): Script =>
  ({ kind, atom, attempt, input }) => {
    if (kind !== 'apply') return undefined;
    if (atom === 'src') return { output: { list: lists[Math.min(attempt, lists.length) - 1] ?? [] } };
    return { output: { atom, ...(input as object) } };
  };

type Step = (run: Run) => Act;
const rollBack =
  (choice: RollbackChoice): Step =>
  (run) => ({ kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(run, choice).hash });
const leaving = (...atoms: string[]): Step =>
  rollBack({ kind: 'atoms', atoms: ['src'], leaveOut: atoms.map((atom) => ({ atom, reason: 'in use' })) });
const everything = rollBack({ kind: 'job' });
const again: Step = () => ({ kind: 'APPLY_AGAIN', reason: '', parameters: {} });

interface Scenario {
  readonly definition: ReturnType<typeof flow>;
  readonly script: Script;
  readonly steps: readonly Step[];
}

/** Runs a scenario; `meanwhile` is called before each answer and each act. */
function play({ definition, script, steps }: Scenario, meanwhile: (test: TestRun, turn: number) => void = () => {}): TestRun {
  const test = new TestRun({ definition, catalog: fakeCatalog, script }).claim();
  let turn = 0;
  const finish = () => {
    for (; test.pending.length > 0; turn += 1) {
      meanwhile(test, turn);
      if (test.pending.length > 0) test.answerNext();
    }
  };
  finish();
  for (const step of steps) {
    meanwhile(test, turn);
    test.act(step(test.run));
    finish();
  }
  return test;
}

const scenarios: Record<string, Scenario & { readonly calls: readonly string[]; readonly states: object }> = {
  'an element in both lists stands and is not applied again, a new one is applied': {
    definition: flowOf(),
    script: giving(['a', 'b', 'c'], ['n', 'a']),
    steps: [leaving('p[0].x'), again],
    calls: ['apply src', 'apply p[3].x', 'apply z'],
    states: { 'p[0].x': 'SUCCESS', 'p[1].x': 'PENDING', 'p[2].x': 'PENDING', 'p[3].x': 'SUCCESS', z: 'SUCCESS' },
  },
  'a list of one, without the element that stands; a further rollback undoes everything, elements that are not in the list first': {
    definition: flowOf(),
    script: giving(['a', 'b', 'c'], ['b']),
    steps: [leaving('p[0].x'), again, everything],
    calls: ['revert z', 'revert p[0].x', 'revert p[1].x', 'revert src'],
    states: { 'p[0].x': 'REVERTED', 'p[1].x': 'REVERTED', 'p[2].x': 'PENDING', src: 'REVERTED' },
  },
  'iterations that are not in the list are undone last slot first, then those of the list from its end': {
    definition: flowOf(),
    script: giving(['a', 'b', 'c'], ['n', 'b']),
    steps: [leaving('p[0].x', 'p[1].x', 'p[2].x'), again, everything],
    calls: ['revert z', 'revert p[2].x', 'revert p[0].x', 'revert p[1].x', 'revert p[3].x', 'revert src'],
    states: { 'p[0].x': 'REVERTED', 'p[1].x': 'REVERTED', 'p[2].x': 'REVERTED', 'p[3].x': 'REVERTED' },
  },
  'an element that comes back gets its slot again, and no slot is used twice': {
    definition: flowOf(),
    script: giving(['a', 'b'], ['c'], ['b', 'd']),
    steps: [leaving(), again, leaving('p[2].x'), again],
    calls: ['apply src', 'apply p[1].x', 'apply p[3].x', 'apply z'],
    states: { 'p[0].x': 'PENDING', 'p[1].x': 'SUCCESS', 'p[2].x': 'SUCCESS', 'p[3].x': 'SUCCESS' },
  },
  'of equal elements the second matches the second': {
    definition: flowOf(),
    script: giving(['a', 'a'], ['b', 'a', 'a', 'a']),
    steps: [leaving('p[1].x'), again],
    calls: ['apply src', 'apply p[2].x', 'apply p[0].x', 'apply p[3].x', 'apply z'],
    states: { 'p[0].x': 'SUCCESS', 'p[1].x': 'SUCCESS', 'p[2].x': 'SUCCESS', 'p[3].x': 'SUCCESS' },
  },
  'the order of members does not make a different element': {
    definition: flowOf(),
    script: giving([{ id: 1, tags: ['u'] }, { id: 2 }], [{ tags: ['u'], id: 1 }]),
    steps: [leaving('p[0].x'), again],
    calls: ['apply src', 'apply z'],
    states: { 'p[0].x': 'SUCCESS', 'p[1].x': 'PENDING' },
  },
  'with a key, an element with other changes is the same element': {
    definition: flowOf({ key: 'element.id' }),
    script: giving(
      [
        { id: 1, size: 5 },
        { id: 2, size: 5 },
      ],
      [
        { id: 3, size: 7 },
        { id: 1, size: 7 },
      ],
    ),
    steps: [leaving('p[0].x'), again],
    calls: ['apply src', 'apply p[2].x', 'apply z'],
    states: { 'p[0].x': 'SUCCESS', 'p[1].x': 'PENDING', 'p[2].x': 'SUCCESS' },
  },
  'elements whose JSON is long are distinguished': {
    definition: flowOf(),
    script: giving(['a'.repeat(900), 'b'.repeat(900)], ['b'.repeat(900), `${'b'.repeat(899)}c`]),
    steps: [leaving('p[1].x'), again],
    calls: ['apply src', 'apply p[2].x', 'apply z'],
    states: { 'p[0].x': 'PENDING', 'p[1].x': 'SUCCESS', 'p[2].x': 'SUCCESS' },
  },
  'an empty list: standing effects are in the next plan': {
    definition: flowOf(),
    script: giving(['a', 'b'], []),
    steps: [leaving('p[1].x'), again, everything],
    calls: ['revert z', 'revert p[1].x', 'revert src'],
    states: { 'p[0].x': 'PENDING', 'p[1].x': 'REVERTED', z: 'REVERTED' },
  },
  'a list whose binding fails: standing effects are undone with the rest': {
    definition: flowOf({ key: 'element.id' }),
    script: giving([{ id: 1 }, { id: 2 }], [{ id: 1 }, 'no map']),
    steps: [leaving('p[1].x'), again],
    calls: ['apply src', 'revert p[1].x', 'revert src'],
    states: { 'p[1].x': 'REVERTED', p: 'REVERTED', src: 'REVERTED' },
  },
};

/** A body whose iterations each go through a list of their own. */
const nested = flow(
  linear('f', [
    task('src'),
    flowItemSchema.parse({
      ...linear('p', [
        flowItemSchema.parse({
          ...linear('q', [task('x')]),
          pattern: 'for_each',
          forEach: { list: { from: 'output', item: 'p', path: 'element' } },
        }),
      ]),
      pattern: 'for_each',
      limit: 2,
      forEach: { list: { from: 'output', item: 'src', path: 'list' }, key: 'element[0]' },
    }),
    task('z'),
  ]),
);
const sending = flow(linear('f', [task('src'), { ...each(), items: [task('x', { type: 'send' })] }]));
const undoneWhole = (revert: object) => flow(linear('f', [task('src'), flowItemSchema.parse({ ...each(), revert }), after]));

Object.assign(scenarios, {
  'an irreversible effect stands and is not applied twice': {
    definition: sending,
    script: giving(['a', 'b', 'c'], ['n', 'a']),
    steps: [everything, again, everything],
    calls: ['revert src', 'apply src', 'apply p[3].x', 'revert src'],
    states: { 'p[0].x': 'SUCCESS', 'p[1].x': 'SUCCESS', 'p[2].x': 'SUCCESS', 'p[3].x': 'SUCCESS' },
  },
  'a list in a list: each keeps its own elements': {
    definition: nested,
    script: giving([[1, 2], [5]], [[7], [1, 3, 2]]),
    steps: [leaving('p[0].q[1].x', 'p[1].q[0].x'), again, everything],
    calls: [
      ...['apply src', 'apply p[0].q[0].x', 'apply p[2].q[0].x', 'apply p[0].q[2].x', 'apply z'],
      ...['revert z', 'revert p[1].q[0].x', 'revert p[0].q[1].x', 'revert p[0].q[2].x', 'revert p[0].q[0].x', 'revert p[2].q[0].x'],
      'revert src',
    ],
    states: { 'p[0].q[0].x': 'REVERTED', 'p[0].q[1].x': 'REVERTED', 'p[0].q[2].x': 'REVERTED', 'p[1].q[0].x': 'REVERTED' },
  },
  'R8: an iteration left out of a container that is undone as a whole keeps the whole container, including its list': {
    definition: undoneWhole({ mode: 'task', id: 'undo_p', type: 'pure' }),
    script: giving(['a', 'b'], ['b']),
    steps: [leaving('undo_p', 'p[0].x'), again, everything],
    calls: ['apply z', 'revert z', 'revert undo_p', 'revert src'],
    states: { 'p[0].x': 'REVERTED', 'p[1].x': 'REVERTED', undo_p: 'REVERTED' },
  },
} satisfies typeof scenarios);

/** A loop with as many rounds as `src` says. */
const rounds = flow(
  linear('f', [
    task('src'),
    flowItemSchema.parse({ ...linear('l', [task('x')]), pattern: 'loop', loop: { again: 'outputs.l.round < outputs.src.most', limit: 9 } }),
    task('z', { bindings: { n: { from: 'output', item: 'l', path: 'rounds' } } }),
  ]),
);
const going =
  (...most: number[]): Script =>
  ({ kind, atom, attempt }) =>
    kind === 'apply' && atom === 'src' ? { output: { most: most[Math.min(attempt, most.length) - 1] ?? 0 } } : undefined;

Object.assign(scenarios, {
  'a loop with fewer rounds: a round that stands is in the plan and is undone first': {
    definition: rounds,
    script: going(2, 0),
    steps: [leaving('l[2].x', 'l[1].x'), again, everything],
    calls: ['revert z', 'revert l[2].x', 'revert l[1].x', 'revert l[0].x', 'revert src'],
    states: { 'l[0].x': 'REVERTED', 'l[1].x': 'REVERTED', 'l[2].x': 'REVERTED' },
  },
  'a loop with fewer rounds, all undone before: rounds that it does not reach are not applied again': {
    definition: rounds,
    script: going(2, 0),
    steps: [everything, again],
    calls: ['revert src', 'apply src', 'apply l[0].x', 'apply z'],
    states: { 'l[0].x': 'SUCCESS', 'l[1].x': 'PENDING', 'l[2].x': 'PENDING', z: 'SUCCESS' },
  },
  'a loop with fewer rounds, then with more: a round that stands is not applied again': {
    definition: rounds,
    script: going(2, 0, 3),
    steps: [leaving('l[1].x'), again, leaving('l[1].x'), again],
    calls: ['apply src', 'apply l[0].x', 'apply l[2].x', 'apply l[3].x', 'apply z'],
    states: { 'l[0].x': 'SUCCESS', 'l[1].x': 'SUCCESS', 'l[2].x': 'SUCCESS', 'l[3].x': 'SUCCESS', z: 'SUCCESS' },
  },
} satisfies typeof scenarios);

describe.each(Object.entries(scenarios))('P6: %s', (_, scenario) => {
  const straight = play(scenario);

  it('makes the expected calls and ends as expected', () => {
    expect(straight.calls.slice(-scenario.calls.length)).toEqual(scenario.calls);
    expect(straight.states).toMatchObject(scenario.states);
  });

  it('I4: at every entry, replay and snapshot give the same state and plan', () => {
    for (let at = 1; at <= straight.entries.length; at += 1) {
      const half = replay(emptyRun(straight.flow), straight.entries.slice(0, at));
      const restored = restoreRun(straight.flow, structuredClone(snapshotOf(half)));
      expect(snapshotOf(restored), `entry ${at}`).toEqual(snapshotOf(half));
      expect(planRollback(restored, { kind: 'job' }), `plan at entry ${at}`).toEqual(planRollback(half, { kind: 'job' }));
      expect(snapshotOf(replay(restored, straight.entries.slice(at))), `from entry ${at}`).toEqual(snapshotOf(straight.run));
    }
  });

  it('I4: a run restored from a checkpoint after every turn decides the same', () => {
    const twin = play(scenario, (test) => {
      const restoring = restoreCheckpoint(test.flow, JSON.parse(JSON.stringify(checkpointOf(test.run))) as RunCheckpoint);
      for (let step = restoring.next(); ; step = restoring.next()) {
        if (!step.done) continue;
        test.run = step.value;
        break;
      }
    });
    expect(twin.story).toEqual(straight.story);
  });

  it('I5: killed after each turn and resumed, it ends as the unkilled run', () => {
    for (let kill = 0; kill < 40; kill += 1) {
      const killed = play(scenario, (test, turn) => {
        if (turn !== kill) return;
        test.crash();
        if (test.run.job === 'CLAIMED') test.claim();
      });
      expect(killed.states, `kill ${kill}`).toEqual(straight.states);
      expect(killed.run.state, `kill ${kill}`).toBe(straight.run.state);
    }
  });

  it('I3: every effect that stands is in the plan of the whole job', () => {
    play(scenario, ({ run }) => {
      const planned = planRollback(run, { kind: 'job' })
        .waves.flat()
        .map(({ atom }) => atom);
      const standing = run.atoms.flatMap(({ atom, state, kept }, index) =>
        state === 'SUCCESS' && kept === null && run.flow.atoms[index]?.kind === 'task' ? [atom] : [],
      );
      expect(planned).toEqual(expect.arrayContaining(standing));
    });
  });
});

describe('the logbook of a list', () => {
  const entriesOf = (test: TestRun) =>
    test.entries.flatMap((entry) => (entry.kind === 'ATOM' && entry.atom === 'p' && entry.to === 'SUCCESS' ? [entry.data] : []));

  it('P6: has slots if they are not 0, 1, 2…, and keys if the for-each has a key expression', () => {
    const steps = [leaving('p[0].x'), again];
    expect(entriesOf(play({ definition: flowOf(), script: giving(['a', 'b'], ['n', 'a']), steps }))).toEqual([
      { output: { elements: ['a', 'b'] } },
      { output: { elements: ['n', 'a'] }, slots: [2, 0] },
    ]);
    const keyed = play({ definition: flowOf({ key: 'element.id' }), script: giving([{ id: 1 }, { id: 'x' }], [{ id: 'x' }]), steps });
    expect(entriesOf(keyed)).toEqual([
      { output: { elements: [{ id: 1 }, { id: 'x' }] }, keys: ['1', '"x"'] },
      { output: { elements: [{ id: 'x' }] }, slots: [1], keys: ['"x"'] },
    ]);
  });

  it('P6: results, element and index follow the present list', () => {
    const test = play({ definition: flowOf(), script: giving(['a', 'b'], ['n', 'b', 'a']), steps: [leaving('p[0].x'), again] });
    const inputOf = (address: string) => test.run.atoms.find(({ atom }) => atom === address)?.input;
    expect(inputOf('z')).toEqual({
      all: [
        { atom: 'p[2].x', who: 'n' },
        { atom: 'p[1].x', who: 'b' },
        { atom: 'p[0].x', who: 'a' },
      ],
    });
  });

  it('P6: a key that cannot be evaluated fails the list and names the element', () => {
    const test = play({ definition: flowOf({ key: 'element.id' }), script: giving([{ id: 1 }, { name: 'x' }]), steps: [] });
    expect(test.run.forward).toMatchObject({ kind: 'failed', atom: 'p', failure: { code: 'EXPRESSION_FAILED' } });
    expect(test.run.forward).toHaveProperty('failure.message', expect.stringContaining('element 1'));
    expect(test.run.state).toBe('REVERTED');
  });
});
