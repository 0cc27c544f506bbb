// P11: links on failure, run straight, killed after each turn and resumed (I5), replayed (I4) and rolled back (I8).
import { describe, expect, it } from 'vitest';
import { type FlowDefinition, type FlowItem, type Item, flowItemSchema, retrySchema } from '../../../definition/schema.ts';
import { link, onFailure } from '../../../testing/drawn.ts';
import { flow, linear, task, unordered } from '../../../testing/flows.ts';
import type { Script } from '../../../testing/run-in-memory.ts';
import { checkRun, rollBackAll, runOf } from '../../../testing/run-checks.ts';

const graph = (id: string, items: unknown[], links: object[], more: object = {}): FlowItem =>
  flowItemSchema.parse({ kind: 'flow', id, name: id, pattern: 'graph', items, links, ...more });
const also = (item: Item, more: object): Item => ({ ...item, ...more }) as Item;
const retry = (attempts: number, id = 'r') => ({ retry: retrySchema.parse({ id, strategy: { kind: 'times', attempts } }) });
const fails =
  (...addresses: string[]): Script =>
  ({ kind, atom }) =>
    kind === 'apply' && addresses.includes(atom) ? { fail: 'BROKEN' } : undefined;

/** x fails. On failure y runs; w follows x; v follows y; m joins w and v. */
const plain = (x: Item = task('x')) =>
  flow(
    graph(
      'g',
      [task('a'), x, task('w'), task('y'), task('v'), also(task('m'), { join: 'any' })],
      [link('a', 'x'), link('x', 'w'), onFailure('x', 'y'), link('y', 'v'), link('w', 'm'), link('v', 'm')],
    ),
  );

interface Case {
  readonly definition: FlowDefinition;
  readonly script?: Script;
  readonly run: string;
  readonly states: { readonly [atom: string]: string };
  readonly calls?: readonly string[];
  /** The script answers by the attempt, so that a job that is applied again ends in another way. */
  readonly countsAttempts?: true;
}

const cases: Record<string, Case> = {
  'P11: the item is undone, then its target begins; items after it are ignored, except one with join "any"': {
    definition: plain(),
    script: fails('x'),
    run: 'SUCCESS',
    states: { a: 'SUCCESS', x: 'REVERTED', 'x.catch': 'SUCCESS', w: 'IGNORE', y: 'SUCCESS', v: 'SUCCESS', m: 'SUCCESS' },
    calls: ['apply a', 'apply x', 'revert x', 'apply y', 'apply v', 'apply m'],
  },
  'P11: when nothing fails, the target is ignored, with the items that follow only the target': {
    definition: plain(),
    run: 'SUCCESS',
    states: { x: 'SUCCESS', w: 'SUCCESS', 'y.gate': 'IGNORE', y: 'IGNORE', v: 'IGNORE', m: 'SUCCESS' },
    calls: ['apply a', 'apply x', 'apply w', 'apply m'],
  },
  'P11: an item that joins the item and the target waits for both, and runs when nothing fails': {
    definition: flow(graph('g', [task('x'), task('y'), task('m')], [onFailure('x', 'y'), link('x', 'm'), link('y', 'm')])),
    run: 'SUCCESS',
    states: { x: 'SUCCESS', y: 'IGNORE', m: 'SUCCESS' },
  },
  'P11: an item that joins the item and the target is ignored when the item was caught': {
    definition: flow(graph('g', [task('x'), task('y'), task('m')], [onFailure('x', 'y'), link('x', 'm'), link('y', 'm')])),
    script: fails('x'),
    run: 'SUCCESS',
    states: { y: 'SUCCESS', m: 'IGNORE' },
  },
  'P11: items after the graph run although items inside it were ignored after a catch': {
    definition: flow(linear('f', [graph('g', [task('x'), task('w'), task('y')], [onFailure('x', 'y'), link('x', 'w')]), task('z')])),
    script: fails('x'),
    run: 'SUCCESS',
    states: { w: 'IGNORE', y: 'SUCCESS', z: 'SUCCESS' },
  },
  'P11, R4: a container is undone in reverse order, atoms that never ran stay PENDING': {
    definition: plain(linear('x', [task('p'), task('q'), task('r')])),
    script: fails('q'),
    run: 'SUCCESS',
    states: { p: 'REVERTED', q: 'REVERTED', r: 'PENDING', y: 'SUCCESS', m: 'SUCCESS' },
    calls: ['apply a', 'apply p', 'apply q', 'revert q', 'revert p', 'apply y', 'apply v', 'apply m'],
  },
  'P11, R5: tasks that still run inside are awaited and undone before the target begins': {
    definition: plain(unordered('x', [task('p'), task('q'), task('r')])),
    script: fails('p'),
    run: 'SUCCESS',
    states: { p: 'REVERTED', q: 'REVERTED', r: 'REVERTED', y: 'SUCCESS' },
  },
  'P11: waiting children of a caught container do not begin': {
    definition: plain(unordered('x', [task('p'), task('q'), task('r')], 1)),
    script: fails('p'),
    run: 'SUCCESS',
    states: { p: 'REVERTED', q: 'PENDING', r: 'PENDING', y: 'SUCCESS' },
  },
  'P11, R3: first the retries of the item are used up': {
    definition: plain(also(task('x'), retry(3))),
    script: fails('x'),
    run: 'SUCCESS',
    states: { r: 'SUCCESS', x: 'REVERTED', y: 'SUCCESS' },
    calls: ['apply a', 'apply x', 'revert x', 'apply x', 'revert x', 'apply x', 'revert x', 'apply y', 'apply v', 'apply m'],
  },
  'P11: retries and catches are asked from the failed atom outwards, the inner catch before the outer retry': {
    definition: flow(linear('f', [graph('g', [task('x'), task('y')], [onFailure('x', 'y')], retry(3))])),
    script: fails('x'),
    run: 'SUCCESS',
    states: { y: 'SUCCESS' },
    calls: ['apply x', 'revert x', 'apply y'],
  },
  'P11, R2: a target that fails asks the retry outside, and everything inside begins again, including the catch': {
    definition: flow(linear('f', [graph('g', [task('x'), task('y')], [onFailure('x', 'y')], retry(2))])),
    countsAttempts: true,
    script: ({ kind, atom, attempt }) =>
      kind === 'apply' && (atom === 'x' || (atom === 'y' && attempt === 1)) ? { fail: 'BROKEN' } : undefined,
    run: 'SUCCESS',
    states: { r: 'SUCCESS', x: 'REVERTED', y: 'SUCCESS' },
    calls: ['apply x', 'revert x', 'apply y', 'revert y', 'apply x', 'revert x', 'apply y'],
  },
  'P11: REVERT_ALL is not caught': {
    definition: plain(also(task('x'), { retry: retrySchema.parse({ id: 'r', strategy: { kind: 'always_revert_all' } }) })),
    script: fails('x'),
    run: 'REVERTED',
    states: { x: 'REVERTED', y: 'PENDING' },
  },
  'P11: the first link whose condition is true is taken, the other targets are ignored': {
    definition: flow(
      graph(
        'g',
        [task('x'), task('n'), task('y'), task('z')],
        [
          onFailure('x', 'n', { decider: 'failure.code == "OTHER"' }),
          onFailure('x', 'y', { decider: 'failure.code == "BROKEN" && failure.atom == "x"' }),
          onFailure('x', 'z'),
        ],
      ),
    ),
    script: fails('x'),
    run: 'SUCCESS',
    states: { n: 'IGNORE', y: 'SUCCESS', z: 'IGNORE' },
  },
  "P11: if no link's condition is true, the failure goes on as without links": {
    definition: withCondition('failure.code == "OTHER"'),
    script: fails('x'),
    run: 'REVERTED',
    states: { a: 'REVERTED', x: 'REVERTED', y: 'PENDING' },
  },
  'P11: a condition that cannot be evaluated counts as false': {
    definition: withCondition('failure.data.nothing == 1'),
    script: fails('x'),
    run: 'REVERTED',
    states: { x: 'REVERTED', y: 'PENDING' },
  },
  'P11: failures of items side by side are each caught, and one target may follow both': {
    definition: flow(graph('g', [task('x'), task('z'), task('y')], [onFailure('x', 'y'), onFailure('z', 'y')])),
    script: fails('x', 'z'),
    run: 'SUCCESS',
    states: { x: 'REVERTED', z: 'REVERTED', y: 'SUCCESS' },
  },
  'P11: a target of two links on failure begins when one of the items fails': {
    definition: flow(graph('g', [task('x'), task('z'), task('y')], [onFailure('x', 'y'), onFailure('z', 'y')])),
    script: fails('z'),
    run: 'SUCCESS',
    states: { x: 'SUCCESS', z: 'REVERTED', y: 'SUCCESS' },
  },
  'P11: a target with join "any" runs after the success and after the failure of the item': {
    definition: flow(graph('g', [task('x'), also(task('y'), { join: 'any' })], [link('x', 'y'), onFailure('x', 'y')])),
    script: fails('x'),
    run: 'SUCCESS',
    states: { x: 'REVERTED', y: 'SUCCESS' },
  },
  'P11: an item with join "live" joins the item and the target': {
    definition: flow(
      graph('g', [task('x'), task('y'), also(task('m'), { join: 'live' })], [onFailure('x', 'y'), link('x', 'm'), link('y', 'm')]),
    ),
    script: fails('x'),
    run: 'SUCCESS',
    states: { x: 'REVERTED', y: 'SUCCESS', m: 'SUCCESS' },
    calls: ['apply x', 'revert x', 'apply y', 'apply m'],
  },
  'P11: a for-each is caught as a whole': {
    definition: flow(
      graph(
        'g',
        [
          flowItemSchema.parse({
            ...linear('x', [task('p'), task('q')]),
            pattern: 'for_each',
            forEach: { list: { from: 'constant', value: [1, 2, 3] } },
          }),
          task('y'),
        ],
        [onFailure('x', 'y')],
      ),
    ),
    script: fails('x[1].q'),
    run: 'SUCCESS',
    states: { 'x[0].p': 'REVERTED', 'x[1].q': 'REVERTED', 'x[2].p': 'PENDING', y: 'SUCCESS' },
  },
  'P11: inside the body of a for-each a failure is caught in its iteration': {
    definition: flow(
      linear('f', [
        flowItemSchema.parse({
          ...linear('e', [graph('g', [task('x'), task('y')], [onFailure('x', 'y')])]),
          pattern: 'for_each',
          forEach: { list: { from: 'constant', value: [1, 2] } },
        }),
      ]),
    ),
    script: fails('e[1].x'),
    run: 'SUCCESS',
    states: { 'e[0].x': 'SUCCESS', 'e[0].y': 'IGNORE', 'e[1].x': 'REVERTED', 'e[1].y': 'SUCCESS' },
  },
  'P11: a loop is caught as a whole, its last round first': {
    definition: plain(flowItemSchema.parse({ ...linear('x', [task('p')]), pattern: 'loop', loop: { again: 'true', limit: 2 } })),
    run: 'SUCCESS',
    states: { 'x[0].p': 'REVERTED', 'x[1].p': 'REVERTED', y: 'SUCCESS' },
  },
  'P11: an item with stages gives back its stages, and its target begins': {
    definition: plain(task('x', { type: 'leased' })),
    script: fails('x.acquire'),
    run: 'SUCCESS',
    states: { 'x.reserve': 'REVERTED', 'x.acquire': 'REVERTED', y: 'SUCCESS' },
  },
  'P11: an item that was ignored has no failure: its target is ignored too': {
    definition: flow(
      graph('g', [task('a'), task('x'), task('y')], [link('a', 'x', { decider: 'false', depth: 'atom' }), onFailure('x', 'y')]),
    ),
    run: 'SUCCESS',
    states: { x: 'IGNORE', y: 'IGNORE' },
  },
  'P11: a container with links on failure that is ignored as a whole has state IGNORE': {
    definition: flow(
      graph(
        'g',
        [task('a'), linear('x', [task('p')]), task('y'), task('w')],
        [link('a', 'x', { decider: 'false', depth: 'atom' }), onFailure('x', 'y'), link('x', 'w')],
      ),
    ),
    run: 'SUCCESS',
    states: { p: 'IGNORE', 'x.catch': 'IGNORE', y: 'IGNORE', w: 'SUCCESS' },
  },
  'P11: the target of a target: a failure on the taken way is caught there': {
    definition: flow(graph('g', [task('x'), task('y'), task('z')], [onFailure('x', 'y'), onFailure('y', 'z')])),
    script: fails('x', 'y'),
    run: 'SUCCESS',
    states: { x: 'REVERTED', y: 'REVERTED', z: 'SUCCESS' },
  },
  'P11: an effect kept inside a caught item stands, and the target begins': {
    definition: plain(linear('x', [task('p', { type: 'send' }), task('q')])),
    script: fails('q'),
    run: 'SUCCESS',
    states: { p: 'SUCCESS', q: 'REVERTED', y: 'SUCCESS' },
  },
  'P11: a failed attempt that cannot be undone is kept, and the failure is still caught': {
    definition: plain(task('x', { type: 'send' })),
    script: fails('x'),
    run: 'SUCCESS',
    states: { x: 'FAILURE', 'x.catch': 'SUCCESS', y: 'SUCCESS' },
  },
  'P11, R7: a revert that fails inside stops the catch': {
    definition: plain(linear('x', [task('p'), task('q')])),
    script: ({ kind, atom }) =>
      (kind === 'apply' && atom === 'q') || (kind === 'revert' && atom === 'p') ? { fail: 'BROKEN' } : undefined,
    run: 'REVERT_FAILED',
    states: { p: 'REVERT_FAILURE', q: 'REVERTED', y: 'PENDING' },
  },
};

function withCondition(decider: string): FlowDefinition {
  return flow(graph('g', [task('a'), task('x'), task('y')], [link('a', 'x'), onFailure('x', 'y', { decider })]));
}

describe.each(Object.entries(cases))('%s', (_, { run, states, calls, countsAttempts = false, ...checked }) => {
  const straight = runOf(checked).go();

  it('ends as it should', () => {
    expect(straight.states).toMatchObject(states);
    expect(straight.run.state).toBe(run);
    if (calls !== undefined) expect(straight.calls).toEqual(calls);
  });

  checkRun(checked, straight);

  it.skipIf(countsAttempts)('applied again after a rollback, it ends as before, unless the script counts attempts', () => {
    const test = runOf(checked).go();
    if (rollBackAll(test) === null) return;
    test.act({ kind: 'APPLY_AGAIN', reason: '', parameters: {} }).finish();
    expect(test.states).toEqual(straight.states);
    expect(test.run.state).toBe(run);
  });
});
