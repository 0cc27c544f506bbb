import { describe, expect, it } from 'vitest';
import {
  codesOf as codes,
  descriptorOf as find,
  drawnFlow as flowOf,
  drawnGraph as graph,
  drawnTask as task,
  link,
} from '../../testing/drawn.ts';
import { coverageOf } from '../coverage.ts';
import { loopsOf, withoutBackLinks } from '../loops.ts';
import type { FlowItem } from '../schema.ts';
import { targeted } from '../targeted.ts';
import { problemsOf } from './validate.ts';

const uses = (item: string, path = '') => ({ bindings: { text: { from: 'output', item, path } } });

describe('S2: an output of an item that may be ignored', () => {
  const choice = (depth: string | undefined, user: object) =>
    graph(
      [task('a'), task('b'), task('c', { type: 'strict', ...uses('b'), ...user })],
      [link('a', 'b', { decider: 'true', ...(depth ? { depth } : {}) })],
    );

  it('is a problem if the item that uses it still runs', () => expect(codes(choice('atom', {}))).toEqual(['BINDING_MAY_BE_IGNORED']));
  it('is no problem if its user is ignored too', () => expect(codes(choice(undefined, {}))).toEqual([]));
  it('is no problem for an optional input', () => expect(codes(choice('atom', { type: 'step' }))).toEqual([]));
  it('is a problem for an item with join "any"', () => {
    const items = [task('a'), task('b'), task('d'), task('c', { type: 'strict', join: 'any', ...uses('b') })];
    const links = [link('a', 'b', { decider: 'true' }), link('a', 'd'), link('b', 'c'), link('d', 'c')];
    expect(codes(graph(items, links))).toEqual(['BINDING_MAY_BE_IGNORED']);
  });
});

describe('P6, P7: the outputs of a for-each and a loop', () => {
  const each = (inside: object, outside: object) =>
    flowOf({
      items: [
        {
          kind: 'flow',
          id: 'p',
          name: 'p',
          pattern: 'for_each',
          forEach: { list: { from: 'constant', value: [] } },
          items: [task('x', inside)],
        },
        task('z', outside),
      ],
    });
  it('are element and index inside, results outside', () => expect(codes(each(uses('p', 'element'), uses('p', 'results')))).toEqual([]));
  it('are no others inside', () => expect(codes(each(uses('p', 'results'), {}))).toEqual(['BINDING_OUTPUT_UNKNOWN']));
  it('cannot be used from outside when they belong to an item inside', () =>
    expect(codes(each({}, uses('x')))).toEqual(['BINDING_NOT_BEFORE']));
  it('are by a key that is CEL over only the element', () => {
    const keyed = (key: string) =>
      flowOf({
        items: [
          { kind: 'flow', id: 'p', name: 'p', pattern: 'for_each', forEach: { list: { from: 'constant', value: [] }, key }, items: [] },
        ],
      });
    expect(codes(keyed('element.id'))).toEqual([]);
    for (const key of ['element.', 'inputs.n', 'outputs.p.element', 'retry.attempt', 'item.id']) {
      expect(problemsOf(keyed(key), find), key).toMatchObject([{ item: 'p', code: 'EXPRESSION_INVALID', field: 'key' }]);
    }
  });
  it('need a list and a condition', () => {
    expect(codes(flowOf({ items: [{ kind: 'flow', id: 'p', name: 'p', pattern: 'for_each', items: [] }] }))).toEqual(['LIST_MISSING']);
    expect(codes(flowOf({ items: [{ kind: 'flow', id: 'l', name: 'l', pattern: 'loop', items: [] }] }))).toEqual(['LOOP_INCOMPLETE']);
  });
});

describe('P7: links that go back', () => {
  const back = link('c', 'b', { id: 'back', decider: 'true', again: { limit: 3 } });
  const items = [task('a'), task('b'), task('c'), task('d')];

  it('form loops of the items between their ends', () => {
    const { root } = graph(items, [link('a', 'b'), link('b', 'c'), link('c', 'd'), back]);
    expect(loopsOf(root).map((loop) => loop.items)).toEqual([['b', 'c']]);
    const { root: drawn } = withoutBackLinks(graph(items, [link('a', 'b'), link('b', 'c'), link('c', 'd'), back]));
    expect(drawn.items.map(({ id }) => id)).toEqual(['a', 'back', 'd']);
    expect((drawn.items[1] as FlowItem).loop).toEqual({ again: 'true', limit: 3 });
    expect(drawn.links.map(({ from, to }) => `${from}>${to}`)).toEqual(['a>back', 'back>d']);
  });
  it('that can be entered in two places are a problem', () => {
    expect(codes(graph(items, [link('a', 'b'), link('a', 'c'), link('b', 'c'), back]))).toEqual(['LOOP_TWO_ENTRIES']);
  });
  it('can lie inside one another', () => {
    const outer = link('d', 'a', { id: 'outer', decider: 'true', again: { limit: 2 } });
    const definition = graph(items, [link('a', 'b'), link('b', 'c'), link('c', 'd'), back, outer]);
    expect(codes(definition)).toEqual([]);
    expect(withoutBackLinks(definition).root.items.map(({ id }) => id)).toEqual(['outer']);
  });
  it('that overlap are a problem', () => {
    const outer = link('d', 'c', { id: 'outer', decider: 'true', again: { limit: 2 } });
    const inner = link('c', 'b', { id: 'inner', decider: 'true', again: { limit: 2 } });
    expect(codes(graph(items, [link('a', 'b'), link('b', 'c'), link('c', 'd'), inner, outer]))).toContain('LOOP_TWO_ENTRIES');
  });
  it('without a condition are a problem', () => {
    const bare = link('c', 'b', { id: 'back', again: { limit: 3 } });
    expect(codes(graph(items, [link('a', 'b'), link('b', 'c'), bare]))).toEqual(['LOOP_INCOMPLETE']);
  });
});

it("R1: a retry's value exists only inside its container", () => {
  const retry = { id: 'r', strategy: { kind: 'times', attempts: 2 } };
  const flow = (inside: object, outside: object) =>
    flowOf({ items: [{ kind: 'flow', id: 'c', name: 'c', pattern: 'linear', retry, items: [task('x', inside)] }, task('z', outside)] });
  expect(codes(flow(uses('r', 'value'), {}))).toEqual([]);
  expect(codes(flow({}, uses('r', 'value')))).toEqual(['BINDING_NOT_BEFORE']);
});

it('R1: a retry that decides by an expression needs a limit, and the fix gives it one', () => {
  const retrying = (more: object) => task('x', { retry: { id: 'r', strategy: { kind: 'expression', cel: '"RETRY"', ...more } } });
  expect(problemsOf(flowOf({ items: [retrying({})] }), find)).toMatchObject([
    { item: 'x', code: 'RETRY_UNLIMITED', severity: 'error', fix: { kind: 'limitRetry', item: 'x', attempts: 10 } },
  ]);
  expect(codes(flowOf({ items: [retrying({ attempts: 10 })] }))).toEqual([]);
});

it('P10: a target keeps only the items that it needs', () => {
  const definition = graph([task('a'), task('b', uses('a')), task('c'), task('d')], [link('b', 'd'), link('c', 'd')]);
  expect(targeted(definition, 'b').root.items.map(({ id }) => id)).toEqual(['a', 'b']);
  expect(() => targeted(definition, 'nothing')).toThrow(/no item "nothing"/);
});

it('R9: the tasks of a container that is never undone count as irreversible', () => {
  const definition = flowOf({
    items: [
      { kind: 'flow', id: 'c', name: 'c', pattern: 'linear', revert: { mode: 'none', reason: 'signed' }, items: [task('x')] },
      task('z'),
    ],
  });
  expect(coverageOf(definition, find)).toEqual({ share: 0.5, irreversible: [{ item: 'x', name: 'x', reason: 'signed' }] });
});
