// P4 to P9, R1 to R8: every construct, run straight, replayed (I4), killed after each turn and resumed (I5), rolled back (I8).
import { describe, expect, it } from 'vitest';
import type { DeciderDepth, FlowDefinition, FlowItem, Item, RetryPolicy } from '../../../definition/schema.ts';
import { flowItemSchema, retrySchema } from '../../../definition/schema.ts';
import { link } from '../../../testing/drawn.ts';
import { fakeCatalog, flow, linear, task, unordered } from '../../../testing/flows.ts';
import { type Script, TestRun } from '../../../testing/run-in-memory.ts';
import { checkRun, runOf } from '../../../testing/run-checks.ts';
import { planRollback } from '../../plan/plan-rollback.ts';

function container(id: string, items: Item[], more: object): FlowItem {
  return flowItemSchema.parse({ kind: 'flow', id, name: id, pattern: 'linear', items, ...more });
}
function retry(more: object): RetryPolicy {
  return retrySchema.parse({ id: 'r', strategy: { kind: 'times', attempts: 3 }, ...more });
}

const failTimes =
  (address: string, times: number): Script =>
  ({ kind, atom, attempt }) =>
    kind === 'apply' && atom === address && attempt <= times ? { fail: 'BROKEN' } : undefined;

const choice = (more: object = {}, join?: object) =>
  flow(
    container('g', [task('a'), task('b'), { ...task('c') }, { ...task('d'), ...join }], {
      pattern: 'graph',
      links: [link('a', 'b', { decider: 'false', ...more }), link('a', 'c', { decider: 'true' }), link('b', 'd'), link('c', 'd')],
    }),
  );
const each = (more: object = {}) =>
  flow(
    linear('f', [
      container('p', [task('x', { bindings: { who: { from: 'output', item: 'p', path: 'element' } } }), task('y')], {
        pattern: 'for_each',
        forEach: { list: { from: 'input', name: 'list' }, collect: 'x' },
        ...more,
      }),
      task('z', { bindings: { all: { from: 'output', item: 'p', path: 'results' } } }),
    ]),
    { inputs: { type: 'object', properties: { list: { type: 'array' } } } },
  );
const loop = (limit = 5) =>
  flow(
    linear('f', [
      container('l', [task('x'), task('y')], { pattern: 'loop', loop: { again: 'outputs.l.round < 2', limit } }),
      task('z', { bindings: { n: { from: 'output', item: 'l', path: 'rounds' } } }),
    ]),
  );

interface Case {
  readonly definition: FlowDefinition;
  readonly script?: Script;
  readonly inputs?: { list: string[] };
  readonly run: string;
  readonly states: { [atom: string]: string };
}

/** Two links to x say no, each to a depth of its own; y comes after x, z after y, and t after the graph. */
const noes = (one: DeciderDepth, other: DeciderDepth) =>
  flow(
    linear('f', [
      container('g', [task('a'), task('b'), task('x'), task('y'), task('z')], {
        pattern: 'graph',
        links: [
          link('a', 'x', { decider: 'false', depth: one }),
          link('b', 'x', { decider: 'false', depth: other }),
          link('x', 'y'),
          link('y', 'z'),
        ],
      }),
      task('t'),
    ]),
  );

const cases: Record<string, Case> = {
  'P5: of several noes the widest depth counts: of "atom" and "neighbours" the items right after the ignored one': {
    definition: noes('neighbours', 'atom'),
    run: 'SUCCESS',
    states: { x: 'IGNORE', y: 'IGNORE', z: 'SUCCESS', t: 'SUCCESS' },
  },
  'P5: of "neighbours" and "flow" everything after it in its container': {
    definition: noes('neighbours', 'flow'),
    run: 'SUCCESS',
    states: { x: 'IGNORE', y: 'IGNORE', z: 'IGNORE', t: 'SUCCESS' },
  },
  'P5: of "flow" and "all" everything after it, outside its container too': {
    definition: noes('all', 'flow'),
    run: 'SUCCESS',
    states: { x: 'IGNORE', y: 'IGNORE', z: 'IGNORE', t: 'IGNORE' },
  },
  'P5: a decider that says no ignores everything after it': {
    definition: choice(),
    run: 'SUCCESS',
    states: { a: 'SUCCESS', b: 'IGNORE', c: 'SUCCESS', d: 'IGNORE' },
  },
  'P5: at depth "atom" the items after the ignored one run': {
    definition: choice({ depth: 'atom' }),
    run: 'SUCCESS',
    states: { a: 'SUCCESS', b: 'IGNORE', c: 'SUCCESS', d: 'SUCCESS' },
  },
  'P4: a link from an ignored item abstains, and another link decides': {
    definition: flow(
      container('g', [task('a'), task('b'), task('c'), task('d')], {
        pattern: 'graph',
        links: [
          link('a', 'b', { decider: 'false', depth: 'atom' }),
          link('b', 'd', { decider: 'true' }),
          link('c', 'd', { decider: 'true' }),
        ],
      }),
    ),
    run: 'SUCCESS',
    states: { b: 'IGNORE', c: 'SUCCESS', d: 'SUCCESS' },
  },
  'P4: an item with join "any" runs as soon as one link is satisfied': {
    definition: choice({}, { join: 'any' }),
    run: 'SUCCESS',
    states: { b: 'IGNORE', c: 'SUCCESS', d: 'SUCCESS' },
  },
  'P4: an item with join "live" runs when one of its links is satisfied, even if others are not': {
    definition: choice({}, { join: 'live' }),
    run: 'SUCCESS',
    states: { b: 'IGNORE', c: 'SUCCESS', d: 'SUCCESS' },
  },
  'P4: an item with join "live" is ignored when none of its links is satisfied': {
    definition: flow(
      container('g', [task('a'), task('b'), { ...task('d'), join: 'live' }], {
        pattern: 'graph',
        links: [link('a', 'd', { decider: 'false' }), link('b', 'd', { decider: 'false' })],
      }),
    ),
    run: 'SUCCESS',
    states: { d: 'IGNORE' },
  },
  'P4: a decider that cannot be evaluated fails the item after it': {
    definition: choice({ decider: 'outputs.a.missing == 1' }),
    run: 'REVERTED',
    states: { a: 'REVERTED', b: 'REVERTED' },
  },
  'P6: a for-each runs its body once per element': {
    definition: each(),
    inputs: { list: ['u', 'v', 'w'] },
    run: 'SUCCESS',
    states: { 'p[0].x': 'SUCCESS', 'p[2].y': 'SUCCESS', z: 'SUCCESS' },
  },
  'P6: an empty list is SUCCESS': { definition: each(), inputs: { list: [] }, run: 'SUCCESS', states: { z: 'SUCCESS' } },
  'P6: a failing iteration reverts the others': {
    definition: each(),
    inputs: { list: ['u', 'v', 'w'] },
    script: failTimes('p[1].y', 1),
    run: 'REVERTED',
    states: { 'p[0].x': 'REVERTED', 'p[1].y': 'REVERTED' },
  },
  'P7: a loop goes round while its condition holds': {
    definition: loop(),
    run: 'SUCCESS',
    states: { 'l[0].x': 'SUCCESS', 'l[2].y': 'SUCCESS', z: 'SUCCESS' },
  },
  'P7: reaching the limit is a failure, and every round is reverted': {
    definition: loop(2),
    run: 'REVERTED',
    states: { 'l[0].x': 'REVERTED', 'l[1].y': 'REVERTED', z: 'PENDING' },
  },
  'P7: a condition that gives neither true nor false is a failure': {
    definition: flow(linear('f', [container('l', [task('x')], { pattern: 'loop', loop: { again: 'outputs.l.round', limit: 5 } })])),
    run: 'REVERTED',
    states: { 'l[0].x': 'REVERTED' },
  },
  'P7: a link that goes back is a loop': {
    definition: flow(
      container('g', [task('a'), task('b'), task('c')], {
        pattern: 'graph',
        links: [link('a', 'b'), link('b', 'c'), { id: 'back', from: 'b', to: 'a', decider: 'outputs.back.round < 1', again: { limit: 3 } }],
      }),
    ),
    run: 'SUCCESS',
    states: { 'back[0].a': 'SUCCESS', 'back[1].b': 'SUCCESS', c: 'SUCCESS' },
  },
  'R1: times retries the container until it succeeds': {
    definition: flow(linear('f', [task('before'), container('c', [task('a'), task('b')], { retry: retry({}) }), task('after')])),
    script: failTimes('b', 2),
    run: 'SUCCESS',
    states: { before: 'SUCCESS', a: 'SUCCESS', b: 'SUCCESS', r: 'SUCCESS', after: 'SUCCESS' },
  },
  'R1: when it declines, the whole run reverts': {
    definition: flow(linear('f', [task('before'), container('c', [task('a'), task('b')], { retry: retry({}) })])),
    script: failTimes('b', 9),
    run: 'REVERTED',
    states: { before: 'REVERTED', a: 'REVERTED', b: 'REVERTED', r: 'REVERTED' },
  },
  'R2: an inner retry begun again by an outer one starts anew': {
    definition: flow(
      container('o', [container('c', [task('a')], { retry: retry({ strategy: { kind: 'times', attempts: 2 } }) })], {
        retry: retry({ id: 'outer', strategy: { kind: 'times', attempts: 2 } }),
      }),
    ),
    script: failTimes('a', 3),
    run: 'SUCCESS',
    states: { a: 'SUCCESS', r: 'SUCCESS', outer: 'SUCCESS' },
  },
  'R3: a retry around one task': {
    definition: flow(linear('f', [{ ...task('a'), retry: retry({}) }])),
    script: failTimes('a', 2),
    run: 'SUCCESS',
    states: { a: 'SUCCESS' },
  },
  'R1: a retry inside a for-each retries its own iteration': {
    definition: flow(
      container('p', [{ ...task('x'), retry: retry({}) }], {
        pattern: 'for_each',
        limit: 3,
        forEach: { list: { from: 'constant', value: [1, 2, 3] } },
      }),
    ),
    script: failTimes('p[1].x', 2),
    run: 'SUCCESS',
    states: { 'p[0].x': 'SUCCESS', 'p[1].x': 'SUCCESS', 'p[1].r': 'SUCCESS' },
  },
  'R1: a retry around a for-each and a loop expands them again': {
    definition: flow(
      container(
        'c',
        [
          container('p', [task('x')], { pattern: 'for_each', forEach: { list: { from: 'constant', value: [1, 2] } } }),
          container('l', [task('y')], { pattern: 'loop', loop: { again: 'outputs.l.round < 1', limit: 3 } }),
          task('last'),
        ],
        { retry: retry({}) },
      ),
    ),
    script: failTimes('last', 1),
    run: 'SUCCESS',
    states: { 'p[1].x': 'SUCCESS', 'l[1].y': 'SUCCESS', last: 'SUCCESS' },
  },
  'R8: a container is undone as a whole': {
    definition: flow(
      linear('f', [container('c', [task('a'), task('b')], { revert: { mode: 'task', id: 'undo_c', type: 'pure' } }), task('z')]),
    ),
    script: failTimes('z', 1),
    run: 'REVERTED',
    states: { a: 'REVERTED', b: 'REVERTED', undo_c: 'REVERTED' },
  },
  'R8: a container that is never undone': {
    definition: flow(linear('f', [container('c', [task('a')], { revert: { mode: 'none', reason: 'signed' } }), task('z')])),
    script: failTimes('z', 1),
    run: 'PARTIALLY_REVERTED',
    states: { a: 'SUCCESS', z: 'REVERTED' },
  },
  'R7: a revert that fails while a retry undoes its container': {
    definition: flow(unordered('f', [container('c', [task('a'), task('b')], { retry: retry({}) }), task('side')])),
    script: ({ kind, atom }) => (`${kind} ${atom}` === 'apply b' || `${kind} ${atom}` === 'revert a' ? { fail: 'BROKEN' } : undefined),
    run: 'REVERT_FAILED',
    states: { a: 'REVERT_FAILURE', b: 'REVERTED', r: 'SUCCESS', side: 'SUCCESS' },
  },
};

describe.each(Object.entries(cases))('%s', (_, { run, states, ...checked }) => {
  const straight = runOf(checked).go();

  it('ends as it should', () => {
    expect(straight.run.state).toBe(run);
    expect(straight.states).toMatchObject(states);
  });

  checkRun(checked, straight);
});

it('R8: a container with its own revert inside a container that is never undone is kept, and the plan lists all its atoms as kept', () => {
  const whole = container('whole', [task('a')], { revert: { mode: 'task', id: 'undo_whole', type: 'pure' } });
  const never = container('never', [whole], { revert: { mode: 'none', reason: 'signed' } });
  const test = new TestRun({ definition: flow(linear('f', [never])), catalog: fakeCatalog }).go();
  const plan = planRollback(test.run, { kind: 'job' });
  expect(plan.waves.flat().map(({ atom, action, because }) => [atom, action, because])).toEqual([
    ['undo_whole', 'keep', 'signed'],
    ['a', 'keep', 'signed'],
  ]);
});

describe('R8: a container that is never undone inside a container with its own revert', () => {
  const never = container('never', [task('a')], { revert: { mode: 'none', reason: 'signed' } });
  const whole = (id: string, items: FlowItem[]) =>
    container(id, [...items, task(`${id}_last`)], { revert: { mode: 'task', id: `undo_${id}`, type: 'pure' } });
  const undoOf = (item: FlowItem) => {
    const test = new TestRun({ definition: flow(linear('f', [item])), catalog: fakeCatalog }).go();
    const plan = planRollback(test.run, { kind: 'job' });
    test.act({ kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash: plan.hash }).finish();
    return { test, a: plan.waves.flat().find(({ atom }) => atom === 'a') };
  };

  it('is undone with the whole, as an irreversible task in it is', () => {
    const { test, a } = undoOf(whole('c', [never]));
    expect(a).toMatchObject({ action: 'nothing', because: 'undone as a whole by undo_c' });
    expect([test.run.state, test.run.standing, test.states['a']]).toEqual(['REVERTED', [], 'REVERTED']);
  });

  it('is kept where the container had not completed, so that its members are undone one by one', () => {
    const test = new TestRun({
      definition: flow(linear('f', [whole('c', [never])])),
      catalog: fakeCatalog,
      script: failTimes('c_last', 1),
    }).go();
    expect([test.run.state, test.states['a']]).toEqual(['PARTIALLY_REVERTED', 'SUCCESS']);
  });

  it('is kept with the whole where a container around both is never undone', () => {
    const outer = container('outer', [whole('c', [never])], { revert: { mode: 'none', reason: 'sealed' } });
    const { test, a } = undoOf(outer);
    expect([a?.action, test.run.state, test.states['undo_c'], test.states['a']]).toEqual([
      'keep',
      'PARTIALLY_REVERTED',
      'SUCCESS',
      'SUCCESS',
    ]);
  });
});

it('R1, I7: a retry whose undoing was interrupted is asked again about the next failure', () => {
  const definition = flow(unordered('c', [task('a', { type: 'send' }), task('b')]), { onFailure: 'hold' });
  const retried = { ...definition, root: { ...definition.root, retry: retry({}) } };
  const test = new TestRun({ definition: retried, catalog: fakeCatalog, script: failTimes('a', 2) }).claim();
  test.answer(test.pending.findIndex((command) => command.kind === 'CALL' && command.call.atom === 'a'));
  test.act({ kind: 'SUSPEND', reason: '' }).finish();
  test.act({ kind: 'CANCEL', reason: '', then: 'hold' }).finish();
  test.act({ kind: 'RETRY_FAILED', reason: '', parameters: {} }).finish();
  expect(test.run.job).not.toBe('CLAIMED');
  expect(test.story.filter((entry) => entry === 'r ASKED')).toHaveLength(2);
  expect(test.run.state).toBe('SUCCESS');
});

it('P4: an item with join "live" waits for every link that is not dead, an item with join "any" does not', () => {
  const begun = (join: 'any' | 'live') => {
    const definition = flow(
      container('g', [task('a'), task('b'), { ...task('d'), join }], { pattern: 'graph', links: [link('a', 'd'), link('b', 'd')] }),
    );
    const test = new TestRun({ definition, catalog: fakeCatalog }).claim().answer(0);
    const before = test.states['d'];
    test.finish();
    expect(test.states).toMatchObject({ a: 'SUCCESS', b: 'SUCCESS', d: 'SUCCESS' });
    return before;
  };
  expect(begun('any')).toBe('RUNNING');
  expect(begun('live')).toBe('PENDING');
});

it.each(['launch', 'pause', 'listen'])(
  'P4, I7: a run does not end while an item of the type %s waits before one with join "any"',
  (type) => {
    const items = [task('a'), task('b', { type }), { ...task('d'), join: 'any' } as const];
    const definition = flow(container('g', items, { pattern: 'graph', links: [link('a', 'd'), link('b', 'd')] }));
    const waiting = { on: 'job', job: 'j', until: 40_000, output: null } as const;
    const test = new TestRun({ definition, catalog: fakeCatalog }).claim();
    /** The launched job has not ended. */
    const park = () => void (test.states['b'] === 'RUNNING' && test.send({ kind: 'POSTED', atom: 'b', attempt: 1, waiting }));
    park();
    while (test.pending.some(({ call }) => call.atom !== 'b')) test.answer(test.pending.findIndex(({ call }) => call.atom !== 'b'));
    expect(test.states).toMatchObject({ a: 'SUCCESS', b: 'WAITING', d: 'SUCCESS' });
    expect([test.run.state, test.run.job]).toEqual(['RUNNING', 'WAITING']);
    // Nor when the run is paused and goes on.
    test.act({ kind: 'SUSPEND', reason: '' });
    park();
    expect(test.run.state).toBe('SUSPENDED');
    test.act({ kind: 'RESUME', reason: '' });
    if (type === 'listen') test.act({ kind: 'SIGNAL', reason: '', name: 'go', data: null });
    expect(test.finish().run.state).toBe('SUCCESS');
    expect(test.states).toMatchObject({ b: 'SUCCESS' });
  },
);

it.each(['a condition', 'a list', 'a loop'] as const)('P4, I7: a run that is paused before %s is evaluated does not end', (what) => {
  const inner = task('y');
  const x = {
    'a condition': task('x'),
    'a list': container('x', [inner], { forEach: { list: { from: 'constant', value: [1, 2] } } }),
    'a loop': container('x', [inner], { pattern: 'loop', loop: { again: 'false', limit: 2 } }),
  }[what];
  const links = [link('a', 'd'), { ...link('b', 'x'), ...(what === 'a condition' ? { decider: '1 == 1' } : {}) }, link('x', 'd')];
  const items = [task('a'), task('b'), x, { ...task('d'), join: 'any' } as const];
  const test = new TestRun({ definition: flow(container('g', items, { pattern: 'graph', links })), catalog: fakeCatalog }).claim();
  const answer = (name: string) => test.answer(test.pending.findIndex(({ call }) => call.atom === name));
  answer('a');
  answer('d');
  test.act({ kind: 'SUSPEND', reason: '' });
  answer('b');
  expect(test.run.state).toBe('SUSPENDED');
  expect(test.act({ kind: 'RESUME', reason: '' }).finish().run.state).toBe('SUCCESS');
  expect(test.run.atoms.filter(({ state }) => state === 'PENDING')).toEqual([]);
});

it.each(['is undone', 'waits to be undone again'])(
  'R1, I7: a run that is paused while a container %s by its retry does not end',
  (what) => {
    const c2 = task('c2', { revertPolicy: { attempts: 3, delayMs: 5_000 } });
    const c = container('c', [task('c1'), c2], { retry: { id: 'r', strategy: { kind: 'times', attempts: 3 } } });
    const items = [task('a'), c, { ...task('d'), join: 'any' } as const];
    const definition = flow(container('g', items, { pattern: 'graph', links: [link('a', 'd'), link('c', 'd')] }));
    const failed = new Set<string>();
    const failsOnce = (kind: string) => !failed.has(kind) && failed.add(kind) && { fail: 'BROKEN' };
    const script: Script = ({ kind, atom }) => {
      if (atom !== 'c2' || (kind === 'revert' && what === 'is undone')) return undefined;
      return failsOnce(kind) || undefined;
    };
    const test = new TestRun({ definition, catalog: fakeCatalog, script }).claim();
    const answer = (name: string) => test.answer(test.pending.findIndex(({ call }) => call.atom === name));
    for (const name of ['a', 'd', 'c1', 'c2']) answer(name);
    test.act({ kind: 'SUSPEND', reason: '' });
    answer('c2');
    expect(test.run.state).toBe('SUSPENDED');
    expect(test.act({ kind: 'RESUME', reason: '' }).finish().run.state).toBe('SUCCESS');
    expect(test.states).toMatchObject({ c1: 'SUCCESS', c2: 'SUCCESS' });
  },
);

it('P4, S1: an item that takes any of its links waits for the items whose outputs it needs', () => {
  const d = { ...task('d', { bindings: { n: { from: 'output', item: 'b', path: 'n' } } }), join: 'any' } as const;
  const definition = flow(container('g', [task('a'), task('b'), d], { pattern: 'graph', links: [link('a', 'd')] }));
  const script: Script = ({ kind, atom }) => (kind === 'apply' && atom === 'b' ? { output: { n: 7 } } : undefined);
  const test = new TestRun({ definition, catalog: fakeCatalog, script }).claim().answer(0);
  expect(test.states).toMatchObject({ a: 'SUCCESS', b: 'RUNNING', d: 'PENDING' });
  expect(test.finish().run.atoms.find(({ atom }) => atom === 'd')).toMatchObject({ state: 'SUCCESS', input: { n: 7 } });
});

describe('data', () => {
  it('P6: an element and the collected results reach the inputs bound to them', () => {
    const test = new TestRun({
      definition: each(),
      catalog: fakeCatalog,
      inputs: { list: ['u', 'v'] },
      script: ({ kind, atom, input }) => (kind === 'apply' ? { output: { atom, ...(input as object) } } : undefined),
    }).go();
    expect(test.run.atoms.find(({ atom }) => atom === 'z')?.input).toEqual({
      all: [
        { atom: 'p[0].x', who: 'u' },
        { atom: 'p[1].x', who: 'v' },
      ],
    });
  });

  it('R2: a RETRY does not undo items before its container; items inside can use its value', () => {
    const inside = task('b', { bindings: { n: { from: 'output', item: 'r', path: 'value' } } });
    const definition = flow(linear('f', [task('before'), container('c', [inside], { retry: retry({}) })]));
    const test = new TestRun({ definition, catalog: fakeCatalog, script: failTimes('b', 2) }).go();
    expect(test.calls).toEqual(['apply before', 'apply b', 'revert b', 'apply b', 'revert b', 'apply b']);
    expect(test.run.atoms.find(({ atom }) => atom === 'b')?.input).toEqual({ n: 3 });
  });

  it('P7: rounds are undone last first, a for-each iteration by iteration from the last', () => {
    const definition = flow(
      linear('f', [
        container('p', [task('x')], { pattern: 'for_each', limit: 9, forEach: { list: { from: 'constant', value: [1, 2, 3] } } }),
        container('l', [task('y')], { pattern: 'loop', loop: { again: 'outputs.l.round < 2', limit: 9 } }),
        task('z'),
      ]),
    );
    const test = new TestRun({ definition, catalog: fakeCatalog, script: failTimes('z', 1) }).go();
    expect(test.calls.filter((call) => call.startsWith('revert'))).toEqual([
      'revert z',
      'revert l[2].y',
      'revert l[1].y',
      'revert l[0].y',
      'revert p[2].x',
      'revert p[1].x',
      'revert p[0].x',
    ]);
  });
});
