import { type FlowDefinition, flowDefinitionSchema } from '@windlass/engine/definition';
import { describe, expect, it } from 'vitest';
import { createDraftStore, isUnsaved } from './draft-store.ts';
import { addItem, bind, containerOf, itemOf, moveItem, newId, removeItems, setParameter } from './edits.ts';
import { connect } from './links.ts';

const task = (id: string, more: object = {}) => ({ kind: 'task', id, name: id, type: 'message', ...more });
const flow = (id: string, pattern: string, items: object[], links: object[] = []) => ({
  kind: 'flow',
  id,
  name: id,
  pattern,
  items,
  links,
});
const drawing = (root: object): FlowDefinition => flowDefinitionSchema.parse({ schemaVersion: 1, name: 'x', root });

const graph = () =>
  drawing(
    flow(
      'root',
      'graph',
      [
        task('a'),
        flow('box', 'linear', [task('b'), task('c')]),
        task('d', { bindings: { text: { from: 'output', item: 'b', path: 'text' } } }),
      ],
      [{ id: 'l', from: 'a', to: 'box' }],
    ),
  );
const ids = (definition: FlowDefinition, container: string) => {
  const item = itemOf(definition, container);
  return item?.kind === 'flow' ? item.items.map(({ id }) => id) : [];
};

describe('editing a drawing', () => {
  it('moves within a linear container to the place between two others', () => {
    expect(ids(moveItem(graph(), 'b', { container: 'box', index: 2 }), 'box')).toEqual(['c', 'b']);
  });

  it('moves between containers and takes the links of the old one away', () => {
    const moved = moveItem(graph(), 'a', { container: 'box', index: 1 });
    expect(ids(moved, 'box')).toEqual(['b', 'a', 'c']);
    expect(containerOf(moved, 'a')?.id).toBe('box');
    expect(moved.root.links).toEqual([]);
  });

  it('does not move a container into itself', () => {
    const definition = graph();
    expect(moveItem(definition, 'box', { container: 'box' })).toBe(definition);
  });

  it('removes an item with its links, and unbinds what used it', () => {
    const left = removeItems(graph(), new Set(['box']));
    expect(ids(left, 'root')).toEqual(['a', 'd']);
    expect(left.root.links).toEqual([]);
    expect(itemOf(left, 'd')).toMatchObject({ bindings: {} });
  });

  it('links items of a graph, through their containers where they are nested', () => {
    const linked = connect(graph(), { from: 'b', to: 'd' });
    expect(linked.kind === 'linked' && linked.definition.root.links.at(-1)).toMatchObject({ from: 'box', to: 'd' });
  });

  it('says why it does not link in a linear container', () => {
    expect(connect(graph(), { from: 'b', to: 'c' })).toMatchObject({ kind: 'refused', why: expect.stringContaining('linear') });
  });

  it('binding takes the constant away and the other way round', () => {
    const bound = bind(graph(), 'a', { field: 'text', binding: { from: 'input', name: 'x' } });
    expect(itemOf(bound, 'a')).toMatchObject({ parameters: {}, bindings: { text: { from: 'input' } } });
    expect(itemOf(setParameter(bound, 'a', { field: 'text', value: 'hi' }), 'a')).toMatchObject({
      parameters: { text: 'hi' },
      bindings: {},
    });
  });

  it('makes ids that an expression can name', () => {
    const definition = graph();
    expect(newId(definition, 'Write file')).toBe('write_file');
    expect(newId(definition, '1 a')).toBe('a_2');
  });

  it('keeps a position only in a graph', () => {
    const item = itemOf(graph(), 'a');
    if (!item) throw new Error('no item');
    const placed = { ...item, id: 'n', position: { x: 1, y: 1 } };
    expect(itemOf(addItem(graph(), placed, { container: 'root', position: { x: 5.4, y: 6 } }), 'n')?.position).toEqual({ x: 5, y: 6 });
    expect(itemOf(addItem(graph(), placed, { container: 'box', position: { x: 5, y: 6 } }), 'n')?.position).toBeUndefined();
  });
});

describe('undo', () => {
  it('is one entry an action, joins the edits of a field, and is clean when back at what was saved', () => {
    const store = createDraftStore('f', { definition: graph(), revision: 1 });
    const rename = (name: string) => store.getState().change('Rename', (definition) => ({ ...definition, name }), 'name');
    rename('a');
    rename('ab');
    store.getState().change('Remove', (definition) => removeItems(definition, new Set(['d'])));
    expect(store.getState().past.map(({ label }) => label)).toEqual(['Rename', 'Remove']);
    expect(isUnsaved(store.getState())).toBe(true);
    store.getState().undo();
    expect(store.getState().definition.name).toBe('ab');
    store.getState().undo();
    expect(isUnsaved(store.getState())).toBe(false);
    store.getState().redo();
    expect(store.getState().definition.name).toBe('ab');
  });
});
