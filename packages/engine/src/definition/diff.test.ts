import { expect, test } from 'vitest';
import { flowDefinitionSchema, type FlowDefinition } from './schema.ts';
import { diffDefinitions } from './diff.ts';

const task = (id: string, more: object = {}) => ({ kind: 'task', id, name: id.toUpperCase(), type: 'file.write', ...more });
function drawing(items: object[], { root = {}, ...more }: { root?: object; [field: string]: unknown } = {}): FlowDefinition {
  const container = { kind: 'flow', id: 'root', name: 'root', pattern: 'linear', items, ...root };
  return flowDefinitionSchema.parse({ schemaVersion: 1, name: 'test', root: container, ...more });
}
const NONE = { added: [], removed: [], changed: [], flow: [] };

test('the same definition with its keys in another order has no difference', () => {
  const one = drawing([task('a', { parameters: { path: 'x', content: { b: 1, c: 2 } } })]);
  const other = drawing([task('a', { parameters: { content: { c: 2, b: 1 }, path: 'x' } })]);
  expect(diffDefinitions(one, other)).toEqual(NONE);
});

test('a different position on the canvas is no difference', () => {
  const [one, other] = [1, 99].map((x) => drawing([task('a', { position: { x, y: 0 } })]));
  expect(one && other && diffDefinitions(one, other)).toEqual(NONE);
});

test('items are added, removed and changed by their id, nested ones too', () => {
  const box = (items: object[]) => ({ kind: 'flow', id: 'box', name: 'Box', pattern: 'unordered', items });
  const diff = diffDefinitions(drawing([task('a'), box([task('b')])]), drawing([task('a', { name: 'Anew' }), box([task('c')])]));
  expect(diff.added).toEqual([{ item: 'c', name: 'C' }]);
  expect(diff.removed).toEqual([{ item: 'b', name: 'B' }]);
  expect(diff.changed).toEqual([{ item: 'a', name: 'Anew', fields: [{ field: 'name', before: 'A', after: 'Anew' }] }]);
});

test('each constant and each binding is listed by itself', () => {
  const before = drawing([task('a', { parameters: { path: 'x', content: 'same' } })]);
  const after = drawing([task('a', { parameters: { content: 'same' }, bindings: { path: { from: 'input', name: 'where' } } })]);
  expect(diffDefinitions(before, after).changed[0]?.fields).toEqual([
    { field: 'parameters.path', before: 'x', after: undefined },
    { field: 'bindings.path', before: undefined, after: { from: 'input', name: 'where' } },
  ]);
});

test('a changed order is a change of the container, and leaves out added items', () => {
  const diff = diffDefinitions(drawing([task('a'), task('b')]), drawing([task('b'), task('new'), task('a')]));
  expect(diff.changed).toEqual([
    { item: 'root', name: 'root', fields: [{ field: 'order of its items', before: ['a', 'b'], after: ['b', 'a'] }] },
  ]);
});

test('an item moved into another container shows that change', () => {
  const box = (items: object[]) => ({ kind: 'flow', id: 'box', name: 'Box', pattern: 'linear', items });
  const diff = diffDefinitions(drawing([task('a'), box([])]), drawing([box([task('a')])]));
  expect(diff.changed).toContainEqual({ item: 'a', name: 'A', fields: [{ field: 'stands in', before: 'root', after: 'box' }] });
});

test('links are named by their ends and listed with their changed fields', () => {
  const graph = (links: object[]) => drawing([task('a'), task('b'), task('c')], { root: { pattern: 'graph', links } });
  const diff = diffDefinitions(
    graph([
      { id: 'l1', from: 'a', to: 'b' },
      { id: 'l2', from: 'b', to: 'c' },
    ]),
    graph([{ id: 'l1', from: 'a', to: 'b', decider: 'true' }]),
  );
  expect(diff.changed[0]?.fields).toEqual([
    { field: 'link a → b', before: {}, after: { decider: 'true' } },
    { field: 'link b → c', before: {}, after: undefined },
  ]);
});

test('changes of the flow itself are listed apart from those of its items', () => {
  const diff = diffDefinitions(drawing([task('a')]), drawing([task('a')], { onFailure: 'hold', timeLimitMs: 1_000 }));
  expect(diff).toEqual({
    ...NONE,
    flow: [
      { field: 'onFailure', before: 'revert', after: 'hold' },
      { field: 'timeLimitMs', before: undefined, after: 1_000 },
    ],
  });
});
