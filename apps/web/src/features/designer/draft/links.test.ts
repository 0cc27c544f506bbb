import { type FlowDefinition, flowDefinitionSchema, problemsOf } from '@windlass/engine/definition';
import { describe, expect, it } from 'vitest';
import { newFlow, newRetry, newRevert, withPattern, withStrategy } from './constructs.ts';
import { addItem, itemOf, newId, removeItems, updateItem } from './edits.ts';
import { connect, linkOf, updateLink, withWay } from './links.ts';

const task = (id: string, more: object = {}) => ({ kind: 'task', id, name: id, type: 'message', ...more });
const drawing = (more: object, outputs: object = {}): FlowDefinition =>
  flowDefinitionSchema.parse({ schemaVersion: 1, name: 'x', outputs, root: { kind: 'flow', id: 'root', name: 'root', ...more } });
const row = () =>
  drawing({
    pattern: 'graph',
    items: [task('a'), task('b'), task('c', { bindings: { text: { from: 'output', item: 'b', path: 'text' } } })],
    links: [{ id: 'ab', from: 'a', to: 'b' }],
  });
const isStorable = (definition: FlowDefinition) => flowDefinitionSchema.safeParse(definition).success;

describe('drawing links', () => {
  it('P7: a link that would make a circle is recognised, and can be drawn as a link that goes back', () => {
    const answer = connect(row(), { from: 'c', to: 'a' });
    if (answer.kind !== 'circle') throw new Error(answer.kind);
    expect(linkOf(answer.definition, answer.link)?.link).toMatchObject({ from: 'c', to: 'a', again: { limit: 10 } });
    expect(problemsOf(answer.definition, () => undefined).map(({ code }) => code)).not.toContain('CYCLE');
  });

  it('a second link that goes back is no circle for what is linked on', () => {
    const answer = connect(row(), { from: 'c', to: 'a' });
    if (answer.kind !== 'circle') throw new Error(answer.kind);
    expect(connect(answer.definition, { from: 'a', to: 'c' }).kind).toBe('linked');
  });

  it('a link becomes one that goes back and again one that goes on, and keeps its condition', () => {
    const withCondition = updateLink(row(), 'ab', (link) => ({ ...link, decider: 'true', depth: 'atom' }));
    const back = updateLink(withCondition, 'ab', (link) => withWay(link, 'back'));
    expect(linkOf(back, 'ab')?.link).toEqual({ id: 'ab', from: 'a', to: 'b', decider: 'true', again: { limit: 10 } });
    expect(
      linkOf(
        updateLink(back, 'ab', (link) => withWay(link, 'on')),
        'ab',
      )?.link,
    ).toEqual({
      id: 'ab',
      from: 'a',
      to: 'b',
      decider: 'true',
    });
  });
});

describe('P11: links on failure', () => {
  it('are drawn beside an ordinary link, once, and never back', () => {
    const answer = connect(row(), { from: 'a', to: 'b', way: 'failure' });
    if (answer.kind !== 'linked') throw new Error(answer.kind);
    expect(linkOf(answer.definition, answer.link)?.link).toMatchObject({ from: 'a', to: 'b', onFailure: true });
    expect(isStorable(answer.definition)).toBe(true);
    expect(connect(answer.definition, { from: 'a', to: 'b', way: 'failure' })).toMatchObject({ kind: 'refused' });
    expect(connect(row(), { from: 'b', to: 'a', way: 'failure' })).toMatchObject({
      kind: 'refused',
      why: '“a” comes before “b”, and a link on failure never goes back.',
    });
  });

  it('are made of an ordinary link, which keeps its condition and loses its depth', () => {
    const withCondition = updateLink(row(), 'ab', (link) => ({ ...link, decider: 'true', depth: 'atom' }));
    const failing = updateLink(withCondition, 'ab', (link) => withWay(link, 'failure'));
    expect(linkOf(failing, 'ab')?.link).toEqual({ id: 'ab', from: 'a', to: 'b', decider: 'true', onFailure: true });
  });
});

describe('constructs', () => {
  it('every new container, retry and revert can be stored at once', () => {
    const definition = row();
    for (const pattern of ['linear', 'unordered', 'graph', 'for_each', 'loop'] as const)
      expect(isStorable(addItem(definition, newFlow(definition, pattern), { container: 'root' }))).toBe(true);
    for (const kind of ['always_revert', 'always_revert_all', 'times', 'for_each', 'parameterised', 'expression'] as const) {
      const retry = withStrategy(newRetry(definition, 'a'), kind);
      expect(isStorable(updateItem(definition, 'a', (item) => ({ ...item, retry })))).toBe(true);
    }
    for (const mode of ['each', 'task', 'none'] as const) {
      const revert = newRevert(definition, { item: 'root', mode, type: 'message' });
      expect(isStorable({ ...definition, root: { ...definition.root, revert } })).toBe(true);
    }
  });

  it('another pattern takes away what only the old one has', () => {
    const { root } = row();
    const each = withPattern({ ...root, limit: 3 }, 'for_each');
    expect(each).toMatchObject({ pattern: 'for_each', links: [], limit: 3, forEach: { list: { from: 'constant', value: [] } } });
    expect(withPattern(each, 'graph')).not.toHaveProperty('forEach');
    expect(withPattern(each, 'loop')).toMatchObject({ loop: { limit: 10 } });
    expect(withPattern(each, 'loop')).not.toHaveProperty('limit');
  });

  it('ids of retries are taken: nothing else gets them', () => {
    const definition = updateItem(row(), 'a', (item) => ({ ...item, retry: newRetry(row(), 'a') }));
    expect(newId(definition, 'a retry')).toBe('a_retry_2');
  });

  it('what is removed is unbound wherever it was used: lists, retries, reverts, outputs', () => {
    const used = { from: 'output', item: 'a', path: 'text' };
    const definition = drawing(
      {
        pattern: 'linear',
        items: [
          task('a'),
          {
            kind: 'flow',
            id: 'each',
            name: 'each',
            pattern: 'for_each',
            items: [task('b')],
            forEach: { list: used, collect: 'b' },
            retry: { id: 'r', strategy: { kind: 'parameterised', values: used } },
            revert: { mode: 'task', id: 'u', type: 'message', bindings: { text: used } },
          },
          { kind: 'subflow', id: 'sub', name: 'sub', flow: 'flow_x', version: 1, bindings: { x: used } },
        ],
      },
      { last: used, kept: { from: 'output', item: 'r', path: 'value' } },
    );
    const left = removeItems(definition, new Set(['a', 'b']));
    expect(itemOf(left, 'each')).toMatchObject({
      forEach: { list: { from: 'constant', value: [] } },
      retry: { strategy: { values: { from: 'constant', value: [] } } },
      revert: { bindings: {} },
    });
    expect(itemOf(left, 'each')).not.toHaveProperty('forEach.collect');
    expect(itemOf(left, 'sub')).toMatchObject({ bindings: {} });
    expect(Object.keys(left.outputs)).toEqual(['kept']);
    expect(Object.keys(removeItems(left, new Set(['each'])).outputs)).toEqual([]);
  });

  it('S6: of the first of several bindings only the alternatives that are gone are taken away', () => {
    const of = [{ from: 'output', item: 'a', path: '' } as const, { from: 'output', item: 'b', path: '' } as const];
    const definition = drawing(
      { pattern: 'linear', items: [task('a'), task('b'), task('c', { bindings: { text: { from: 'first', of } } })] },
      { last: { from: 'first', of: [of[0]] } },
    );
    const left = removeItems(definition, new Set(['a']));
    expect(itemOf(left, 'c')).toMatchObject({ bindings: { text: { from: 'first', of: [of[1]] } } });
    expect(left.outputs).toEqual({});
  });
});
