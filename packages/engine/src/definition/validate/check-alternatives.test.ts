// S6: when a binding to the first of several is certain, and which of these bindings are invalid.
import { describe, expect, it } from 'vitest';
import { codesOf as codes, drawnGraph as graph, drawnTask as task, link } from '../../testing/drawn.ts';
import { bindingSchema } from '../schema.ts';
import { orderingsOf } from '../tree.ts';

const output = (item: string) => ({ from: 'output', item, path: 'text' });
const merge = (of: object[], more: object = {}) => task('d', { type: 'strict', bindings: { text: { from: 'first', of } }, ...more });

/** a decides between b and c, and d joins them. */
const choice = (d: object, { one = {}, other = {} }: { one?: object; other?: object } = {}) =>
  graph(
    [task('a'), task('b'), task('c'), d],
    [
      link('a', 'b', { decider: 'outputs.a.ok', ...one }),
      link('a', 'c', { decider: '!outputs.a.ok', ...other }),
      link('b', 'd'),
      link('c', 'd'),
    ],
  );

describe('S6: the first of several bindings feeds a required input', () => {
  const any = { join: 'any' };
  it('if an item with join "any" has an alternative for each of its links', () =>
    expect(codes(choice(merge([output('b'), output('c')], any)))).toEqual([]));
  it('but not if one way has no alternative', () => expect(codes(choice(merge([output('b')], any)))).toEqual(['BINDING_MAY_BE_IGNORED']));
  it('if a constant is last', () => expect(codes(choice(merge([output('b'), { from: 'constant', value: 'x' }], any)))).toEqual([]));
  it('if an alternative comes before the choice', () => expect(codes(choice(merge([output('b'), output('a')], any)))).toEqual([]));
  it("if one condition is the negation of the other, whatever the join of the item's own links", () => {
    const atom = { one: { depth: 'atom' }, other: { depth: 'atom' } };
    expect(codes(choice(merge([output('b'), output('c')]), atom))).toEqual([]);
    expect(codes(choice(merge([output('b'), output('c')]), { ...atom, other: { depth: 'atom', decider: 'true' } }))).toEqual([
      'BINDING_MAY_BE_IGNORED',
    ]);
  });
  it('if an alternative is in a container that leads here, unless the alternative may be ignored after a condition inside', () => {
    const inner = (links: object[]) => ({ kind: 'flow', id: 'g', name: 'g', pattern: 'graph', items: [task('x'), task('y')], links });
    const flow = (links: object[]) =>
      graph(
        [task('a'), inner(links), task('c'), merge([output('y'), output('c')], any)],
        [link('a', 'g', { decider: 'true' }), link('a', 'c', { decider: 'true' }), link('g', 'd'), link('c', 'd')],
      );
    expect(codes(flow([link('x', 'y')]))).toEqual([]);
    expect(codes(flow([link('x', 'y', { decider: 'true' })]))).toEqual(['BINDING_MAY_BE_IGNORED']);
  });
  it('an optional input needs no certainty', () => expect(codes(choice(merge([output('b')], { ...any, type: 'step' })))).toEqual([]));
});

describe('S6: alternatives', () => {
  it('are a problem after one that always has a value, because they are never used', () =>
    expect(codes(choice(merge([{ from: 'constant', value: 'x' }, output('b')], { join: 'any' })))).toEqual(['BINDING_NEVER_USED']));
  it('are each checked like a single binding', () =>
    expect(codes(choice(merge([output('nothing'), { from: 'input', name: 'nothing' }, { from: 'constant', value: 1 }])))).toEqual([
      'BINDING_ITEM_UNKNOWN',
      'BINDING_INPUT_UNKNOWN',
    ]));
  it('each add an ordering (S1)', () => {
    const definition = graph([merge([output('b'), output('c')]), task('b'), task('c')], []);
    expect(orderingsOf(definition).get(definition.root)).toEqual([
      [1, 0],
      [2, 0],
    ]);
  });
  it('cannot contain alternatives; there are 1 to 32 of them', () => {
    const isShape = (of: object[]) => bindingSchema.safeParse({ from: 'first', of }).success;
    expect(isShape([output('b')])).toBe(true);
    expect(isShape([])).toBe(false);
    expect(isShape([{ from: 'first', of: [output('b')] }])).toBe(false);
    expect(isShape(Array.from({ length: 33 }, () => output('b')))).toBe(false);
  });
});
