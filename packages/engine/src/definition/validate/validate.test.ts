import { describe, expect, it } from 'vitest';
import { describeTask } from '../../task/define-task.ts';
import type { JsonObject } from '../../json.ts';
import { fakeCatalog, flow, graph, linear, task, unordered } from '../../testing/flows.ts';
import { coverageOf } from '../coverage.ts';
import type { FlowItem } from '../schema.ts';
import { problemsOf, validateDefinition } from './validate.ts';

const descriptors = new Map(fakeCatalog.list().map((type) => [type.type, describeTask(type)]));
const find = (type: string) => descriptors.get(type);
const codes = (root: FlowItem, options = {}) => problemsOf(flow(root, options), find).map(({ item, code }) => `${item ?? 'flow'} ${code}`);
const uses = (item: string, path = '') => ({ bindings: { x: { from: 'output' as const, item, path } } });

describe('validation', () => {
  it('finds no problem in a valid flow', () => {
    expect(codes(linear('root', [task('a'), unordered('u', [task('b', uses('a')), task('c')]), task('d', uses('b'))]))).toEqual([]);
  });

  it('S2: a binding to a step that comes later is a problem, with a fix', () => {
    const [problem] = problemsOf(flow(linear('root', [task('a', uses('b')), task('b')])), find);
    expect(problem).toMatchObject({
      item: 'a',
      code: 'BINDING_NOT_BEFORE',
      field: 'x',
      fix: { kind: 'removeBinding', item: 'a', field: 'x' },
    });
  });

  it('S2: a binding to an unordered sibling is a problem, also through an expression and from deeper inside', () => {
    const deep = linear('deep', [task('c', { bindings: { x: { from: 'expression', cel: 'outputs.a.n + 1' } } })]);
    expect(codes(unordered('root', [task('a'), deep]))).toEqual(['c BINDING_NOT_BEFORE']);
  });

  it('S1: a binding within a graph is an ordering, and a circle of a link and a binding is found', () => {
    expect(codes(graph('root', [task('a', uses('b')), task('b')], []))).toEqual([]);
    expect(codes(graph('root', [task('a', uses('b')), task('b')], ['a>b']))).toEqual(['a CYCLE']);
  });

  it('names the circle and offers to remove a link of it', () => {
    const [problem] = problemsOf(flow(graph('root', [task('a'), task('b'), task('c'), task('d')], ['a>b', 'b>c', 'c>b', 'c>d'])), find);
    expect(problem?.message).toContain('"b" → "c" → "b"');
    expect(problem?.fix).toMatchObject({ kind: 'removeLink' });
  });

  it.each([
    ['an unknown type', linear('root', [task('a', { type: 'nope' })]), 'a TYPE_UNKNOWN'],
    ['a missing input', linear('root', [task('a', { type: 'needs_text' })]), 'a INPUT_MISSING'],
    ['a value of the wrong kind', linear('root', [task('a', { type: 'needs_text', parameters: { text: 3 } })]), 'a PARAMETER_INVALID'],
    [
      'an input that the type does not have',
      linear('root', [task('a', { type: 'needs_text', parameters: { text: '', nope: 1 } })]),
      'a PARAMETER_UNKNOWN',
    ],
    ['an unknown step', linear('root', [task('a', uses('ghost'))]), 'a BINDING_ITEM_UNKNOWN'],
    [
      'an output that the step does not have',
      linear('root', [task('a', { type: 'needs_text', parameters: { text: '' } }), task('b', uses('a', 'nope'))]),
      'b BINDING_OUTPUT_UNKNOWN',
    ],
    ['an unknown flow input', linear('root', [task('a', { bindings: { x: { from: 'input', name: 'nope' } } })]), 'a BINDING_INPUT_UNKNOWN'],
    [
      'an expression that cannot be read',
      linear('root', [task('a', { bindings: { x: { from: 'expression', cel: '1 +' } } })]),
      'a EXPRESSION_INVALID',
    ],
    ['two items with one id', linear('root', [task('a'), task('a')]), 'a ID_DUPLICATE'],
    ['a link to an unknown item', graph('root', [task('a')], ['a>ghost']), 'root LINK_UNKNOWN'],
    [
      'links in a linear flow',
      { ...linear('root', [task('a'), task('b')]), links: [{ id: 'l', from: 'a', to: 'b' }] },
      'root LINK_NOT_ALLOWED',
    ],
    ['nothing to do', linear('root', []), 'flow EMPTY'],
  ])('finds %s', (_, root, wanted) => {
    expect(codes(root)).toEqual([wanted]);
  });

  it.each([null, 7, 'x', [], {}, { schemaVersion: 9 }, { schemaVersion: 1, name: 'x', root: { kind: 'task' } }])(
    'answers %j with problems and stores nothing',
    (document) => {
      const { definition, problems } = validateDefinition(document, find);
      expect(definition).toBeNull();
      expect(problems[0]?.code).toBe('SHAPE_INVALID');
    },
  );

  it('answers a document nested 100,000 deep with a sentence', () => {
    let document: JsonObject = {};
    for (let depth = 0; depth < 100_000; depth += 1) document = { items: document };
    expect(validateDefinition(document, find).problems).toMatchObject([{ code: 'TOO_DEEP' }]);
  });

  it('validates 10,000 tasks with links between all neighbours', () => {
    const items = Array.from({ length: 10_000 }, (_, index) => task(`t${index}`));
    expect(
      codes(
        graph(
          'root',
          items,
          items.slice(1).map(({ id }, index) => `t${index}>${id}`),
        ),
      ),
    ).toEqual([]);
  });

  it('R9: coverage counts the tasks that can be undone and names the point of no return', () => {
    const { share, irreversible } = coverageOf(
      flow(linear('root', [task('a'), task('look', { type: 'pure' }), task('mail', { type: 'send' })])),
      find,
    );
    expect(share).toBe(0.5);
    expect(irreversible).toEqual([{ item: 'mail', name: 'mail', reason: 'it is sent' }]);
  });
});
