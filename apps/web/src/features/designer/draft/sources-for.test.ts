import { type FlowDefinition, flowDefinitionSchema } from '@windlass/engine/definition';
import { describe, expect, it } from 'vitest';
import { sourcesFor, type Viewpoint } from './sources-for.ts';

const task = (id: string, more: object = {}) => ({ kind: 'task', id, name: id, type: 'message', ...more });
const box = (id: string, pattern: string, items: object[], more: object = {}) => ({ kind: 'flow', id, name: id, pattern, items, ...more });
const retry = (id: string) => ({ id, strategy: { kind: 'times', attempts: 3 } });
const drawing = (items: object[], pattern = 'linear'): FlowDefinition =>
  flowDefinitionSchema.parse({ schemaVersion: 1, name: 'x', root: box('root', pattern, items) });
const offered = (definition: FlowDefinition, from: Viewpoint) =>
  Object.fromEntries(sourcesFor(definition, from, (item) => [`of_${item.kind}`]).map(({ id, fields }) => [id, fields.join()]));

describe('what may be bound to', () => {
  it('S2: what comes before in a row, not what comes after, and not itself', () => {
    expect(offered(drawing([task('a'), task('b'), task('c')]), { at: 'item', id: 'b' })).toEqual({ a: 'of_task' });
  });

  it('P2: nothing beside it in an unordered container', () => {
    expect(offered(drawing([box('u', 'unordered', [task('a'), task('b')])]), { at: 'item', id: 'b' })).toEqual({});
  });

  it('P6: inside a for-each its element and index; outside it its results and nothing from inside', () => {
    const definition = drawing([box('each', 'for_each', [task('a'), task('b')]), task('c')]);
    expect(offered(definition, { at: 'item', id: 'b' })).toEqual({ each: 'element,index', a: 'of_task' });
    expect(offered(definition, { at: 'item', id: 'c' })).toEqual({ each: 'results' });
    expect(offered(definition, { at: 'end' })).toEqual({ each: 'results', c: 'of_task' });
  });

  it('P6: the list of a for-each sees what is before it, not its own elements', () => {
    const definition = drawing([task('a'), box('each', 'for_each', [task('b')])]);
    expect(offered(definition, { at: 'item', id: 'each' })).toEqual({ a: 'of_task' });
  });

  it('P7: inside a loop the round and the last one; outside it the rounds and the items of the last', () => {
    const definition = drawing([box('loop', 'loop', [task('a')]), task('c')]);
    expect(offered(definition, { at: 'item', id: 'a' })).toEqual({ loop: 'round,previous' });
    expect(offered(definition, { at: 'item', id: 'c' })).toEqual({ loop: 'rounds', a: 'of_task' });
  });

  it('R1: the value of a retry inside what it is around, its own task included, but not in its own list', () => {
    const definition = drawing([box('part', 'linear', [task('a', { retry: retry('r2') })], { retry: retry('r1') })]);
    expect(offered(definition, { at: 'item', id: 'a' })).toEqual({ r1: 'value,attempt', r2: 'value,attempt' });
    expect(offered(definition, { at: 'retry', id: 'a' })).toEqual({ r1: 'value,attempt' });
  });

  it('P8: the outputs of a subflow', () => {
    const definition = drawing([{ kind: 'subflow', id: 'sub', name: 'sub', flow: 'flow_x', version: 1 }, task('a')]);
    expect(offered(definition, { at: 'item', id: 'a' })).toEqual({ sub: 'of_subflow' });
  });

  it("R8: a container's own revert sees everything inside and what came before", () => {
    const definition = drawing([task('a'), box('part', 'unordered', [task('b'), task('c')]), task('d')]);
    expect(offered(definition, { at: 'revert', id: 'part' })).toEqual({ a: 'of_task', b: 'of_task', c: 'of_task' });
  });
});
