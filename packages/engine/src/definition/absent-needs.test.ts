import { describe, expect, it } from 'vitest';
import { flow, linear, task } from '../testing/flows.ts';
import { absentNeeds } from './absent-needs.ts';
import { type FlowDefinition, type Item, subflowItemSchema } from './schema.ts';

const nothing = { secret: () => false, type: () => false };
const of = (items: Item[], subflows: { flow: string; version: number; definition: FlowDefinition }[] = []) => ({
  definition: flow(linear('root', items)),
  subflows,
});

describe('what a flow needs and the server does not have', () => {
  it('S4: names the secrets of all kinds of bindings, each once, with the tasks that use them', () => {
    const uses = of([
      task('a', { bindings: { x: { from: 'secret', name: 'one' }, y: { from: 'expression', cel: '"Bearer " + secrets.two' } } }),
      task('b', {
        bindings: {
          x: { from: 'secret', name: 'one' },
          y: {
            from: 'first',
            of: [
              { from: 'output', item: 'a', path: '' },
              { from: 'secret', name: 'three' },
            ],
          },
          z: { from: 'expression', cel: 'this is no expression (' },
        },
        parameters: { w: '{{secret four}}' },
      }),
    ]);
    expect(absentNeeds(uses, { secret: () => false, type: () => true })).toEqual({
      secrets: [
        { name: 'one', usedBy: ['a', 'b'] },
        { name: 'two', usedBy: ['a'] },
        { name: 'three', usedBy: ['b'] },
      ],
      types: [],
    });
    expect(absentNeeds(uses, { secret: (name) => name !== 'two', type: () => true }).secrets.map(({ name }) => name)).toEqual(['two']);
  });

  it('names task types by version, including the types that undo a container', () => {
    const container = {
      ...linear('c', [task('a', { type: 'gone' })]),
      name: 'Box',
      revert: { mode: 'task', id: 'u', type: 'gone', typeVersion: 2, parameters: {}, bindings: {} } as const,
    };
    const has = { secret: () => true, type: (type: string, version: number) => type === 'gone' && version === 1 };
    expect(absentNeeds(of([container, task('b', { type: 'other' })]), has).types).toEqual([
      { type: 'gone', version: 2, usedBy: ['Box'] },
      { type: 'other', version: 1, usedBy: ['b'] },
    ]);
  });

  it("P8: includes the needs of subflows, with the subflow's name before the item's", () => {
    const inner = {
      ...flow(linear('root', [task('x', { type: 'own', bindings: { k: { from: 'secret', name: 'key' } } })])),
      name: 'Inner',
    };
    const item = subflowItemSchema.parse({ kind: 'subflow', id: 's', name: 's', flow: 'flow_i', version: 3 });
    expect(absentNeeds(of([item], [{ flow: 'flow_i', version: 3, definition: inner }]), nothing)).toEqual({
      secrets: [{ name: 'key', usedBy: ['Inner: x'] }],
      types: [{ type: 'own', version: 1, usedBy: ['Inner: x'] }],
    });
  });
});
