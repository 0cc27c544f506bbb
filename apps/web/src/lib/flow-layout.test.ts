import { type FlowDefinition, type FlowItem, type Item, flowDefinitionSchema } from '@windlass/engine/definition';
import { expect, test } from 'vitest';
import { GAP, HEAD, INSET, TASK_SIZE, layoutFlow } from './flow-layout.ts';

const task = (id: string, more: object = {}) => ({ kind: 'task', id, name: id, type: 'step', ...more }) as Item;
const box = (id: string, pattern: FlowItem['pattern'], items: Item[], links: FlowItem['links'] = []): FlowItem => ({
  kind: 'flow',
  id,
  name: id,
  pattern,
  items,
  links,
});
const flow = (root: FlowItem): FlowDefinition => flowDefinitionSchema.parse({ schemaVersion: 1, name: 'f', root });
const node = (definition: FlowDefinition, id: string) => {
  const found = layoutFlow(definition).nodes.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no node ${id}`);
  return found;
};

test('linear children stand left to right, one gap apart', () => {
  const definition = flow(box('root', 'linear', [task('a'), task('b')]));
  expect(node(definition, 'a')).toMatchObject({ x: 0, y: 0, parent: null, ...TASK_SIZE });
  expect(node(definition, 'b').x).toBe(TASK_SIZE.width + GAP.x);
  expect(layoutFlow(definition).edges).toEqual([{ id: 'order:a>b', from: 'a', to: 'b' }]);
});

test('a nested container is a box with a head and an inset, its neighbours centred on it', () => {
  const definition = flow(box('root', 'linear', [task('a'), box('inner', 'unordered', [task('b'), task('c')])]));
  const inner = node(definition, 'inner');
  expect(inner).toMatchObject({
    kind: 'flow',
    width: TASK_SIZE.width + 2 * INSET,
    height: HEAD + 2 * INSET + 2 * TASK_SIZE.height + GAP.y,
  });
  expect(node(definition, 'b')).toMatchObject({ parent: 'inner', x: INSET, y: HEAD + INSET });
  expect(node(definition, 'a').y + TASK_SIZE.height / 2).toBe(inner.y + inner.height / 2);
});

test('parents come before their children', () => {
  const definition = flow(box('root', 'linear', [box('outer', 'linear', [box('inner', 'graph', [task('a')])])]));
  expect(layoutFlow(definition).nodes.map(({ id }) => id)).toEqual(['outer', 'inner', 'a']);
});

test('many unordered children stand in a grid without overlap and without links', () => {
  const definition = flow(
    box(
      'root',
      'unordered',
      Array.from({ length: 12 }, (_, index) => task(`t${index}`)),
    ),
  );
  const { nodes, edges } = layoutFlow(definition);
  expect(edges).toEqual([]);
  expect(new Set(nodes.map(({ x, y }) => `${x},${y}`)).size).toBe(12);
  expect(new Set(nodes.map(({ x }) => x)).size).toBe(2);
});

test('a graph is layered by its links and by what bindings order', () => {
  const uses = { bindings: { value: { from: 'output', item: 'b', path: '' } } };
  const definition = flow(box('root', 'graph', [task('c', uses), task('b'), task('a')], [{ id: 'l1', from: 'a', to: 'b' }]));
  expect(node(definition, 'a').x).toBeLessThan(node(definition, 'b').x);
  expect(node(definition, 'b').x).toBeLessThan(node(definition, 'c').x);
  expect(layoutFlow(definition).edges.map(({ id }) => id)).toEqual(['l1', 'data:b>c']);
});

test('drawn positions win when every child of a graph has one', () => {
  const all = flow(box('root', 'graph', [task('a', { position: { x: 7, y: 9 } }), task('b', { position: { x: 400, y: 50 } })]));
  expect(node(all, 'a')).toMatchObject({ x: 7, y: 9 });
  const some = flow(box('root', 'graph', [task('a', { position: { x: 7, y: 9 } }), task('b')]));
  expect(node(some, 'a')).not.toMatchObject({ x: 7, y: 9 });
});

test('an empty container still has room to be seen', () => {
  expect(node(flow(box('root', 'linear', [box('inner', 'graph', [])])), 'inner').width).toBeGreaterThan(TASK_SIZE.width);
});

test('a cycle in a half drawn graph does not break the layout', () => {
  const links = [
    { id: 'l1', from: 'a', to: 'b' },
    { id: 'l2', from: 'b', to: 'a' },
  ];
  expect(layoutFlow(flow(box('root', 'graph', [task('a'), task('b')], links))).nodes).toHaveLength(2);
});

test('P4: between items that a condition stands between there is room to read it', () => {
  const link = { id: 'l1', from: 'a', to: 'b' };
  const apart = (one: FlowItem['links'][number]) => {
    const definition = flow(box('root', 'graph', [task('a'), task('b')], [one]));
    return node(definition, 'b').x - node(definition, 'a').x - TASK_SIZE.width;
  };
  expect(apart(link)).toBe(GAP.x);
  expect(apart({ ...link, decider: 'outputs.a.ok' })).toBe(GAP.label);
});

test('P11: a link on failure is a line of its own beside an ordinary link', () => {
  const links = [
    { id: 'fails', from: 'a', to: 'b', onFailure: true } as const,
    { id: 'goes', from: 'a', to: 'b' },
    { id: 'twice', from: 'a', to: 'b' },
  ];
  const definition = flow(box('root', 'graph', [task('a'), task('b')], links));
  expect(layoutFlow(definition).edges.map(({ id }) => id)).toEqual(['fails', 'goes']);
});
