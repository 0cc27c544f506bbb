// S6: at run time the first alternative whose item is SUCCESS, or was skipped with outputs, is taken.
import { describe, expect, it } from 'vitest';
import { type FlowDefinition, type Item, flowItemSchema, retrySchema, taskItemSchema } from '../../definition/schema.ts';
import { fakeCatalog, flow, linear, task } from '../../testing/flows.ts';
import { type Script, TestRun } from '../../testing/run-in-memory.ts';
import { compileBinding } from '../graph/definition-plan.ts';
import { atomIndex } from '../graph/index-spaces.ts';
import { secretsOf } from './names.ts';

const link = (from: string, to: string, decider?: string) => ({
  id: `${from}_${to}`,
  from,
  to,
  ...(decider === undefined ? {} : { decider }),
});
const output = (item: string, path = 'text') => ({ from: 'output', item, path });
const graph = (items: unknown[], links: object[]) =>
  flow(flowItemSchema.parse({ kind: 'flow', id: 'f', name: 'f', pattern: 'graph', items, links }), {
    inputs: { type: 'object', properties: { given: {} } },
  });
const merge = (of: object[], more: object = {}): Item =>
  taskItemSchema.parse({ ...task('d'), bindings: { text: { from: 'first', of } }, join: 'any', ...more });

/** a, then b or c by `takes`, then d with the first output of the two. */
const choice = (takes: 'b' | 'c', of: object[], b: Item = task('b')) =>
  graph(
    [task('a'), b, task('c'), merge(of)],
    [link('a', 'b', String(takes === 'b')), link('a', 'c', String(takes === 'c')), link('b', 'd'), link('c', 'd')],
  );
const says: Script = ({ kind, atom }) => (kind === 'apply' ? { output: { text: atom } } : undefined);

function inputOf(definition: FlowDefinition, script: Script = says, inputs = {}): unknown {
  const test = new TestRun({ definition, catalog: fakeCatalog, script, inputs }).go();
  expect(test.run.state).toBe('SUCCESS');
  return test.run.atoms.find(({ atom }) => atom === 'd')?.input['text'];
}

describe('S6', () => {
  it('takes the output of the way that ran', () => {
    const both = [output('b'), output('c')];
    expect(inputOf(choice('b', both))).toBe('b');
    expect(inputOf(choice('c', both))).toBe('c');
  });

  it('takes the earlier alternative if both have a value', () => {
    const definition = flow(linear('f', [task('b'), task('c'), merge([output('c'), output('b')], { join: undefined })]));
    expect(inputOf(definition)).toBe('c');
  });

  it('takes a constant if no other alternative has a value', () => {
    expect(inputOf(choice('c', [output('b'), { from: 'constant', value: 'none' }]))).toBe('none');
  });

  it('skips an alternative that has not finished, and begins without it', () => {
    const of = [output('b'), output('c')];
    const definition = graph([task('b'), task('c'), merge(of)], [link('b', 'd'), link('c', 'd')]);
    const test = new TestRun({ definition, catalog: fakeCatalog, script: says }).claim();
    test.answer(test.pending.findIndex((command) => command.kind === 'CALL' && command.call.atom === 'c'));
    expect(test.run.atoms.find(({ atom }) => atom === 'd')).toMatchObject({ state: 'RUNNING', input: { text: 'c' } });
  });

  it('takes the outputs of a skipped item, and passes over an item skipped without outputs', () => {
    const definition = { ...choice('b', [output('b'), { from: 'constant', value: 'none' }]), onFailure: 'hold' } as FlowDefinition;
    const skipped = (given: { [name: string]: string }) => {
      const test = new TestRun({ definition, catalog: fakeCatalog, script: ({ atom }) => (atom === 'b' ? { fail: 'BROKEN' } : undefined) });
      test.go().act({ kind: 'SKIP_FAILED', reason: 'by hand', atom: 'b', output: given }).finish();
      return test.run.atoms.find(({ atom }) => atom === 'd')?.input['text'];
    };
    expect(skipped({ text: 'by hand' })).toBe('by hand');
    expect(skipped({})).toBe('none');
  });

  it('skips a for-each, a loop, a resource and a retried task that were ignored', () => {
    const items = {
      each: { ...linear('b', [task('x')]), pattern: 'for_each', forEach: { list: { from: 'constant', value: [1] } } },
      loop: { ...linear('b', [task('x')]), pattern: 'loop', loop: { again: 'false', limit: 2 } },
      leased: task('b', { type: 'leased' }),
      retried: taskItemSchema.parse({ ...task('b'), retry: retrySchema.parse({ id: 'r', strategy: { kind: 'times', attempts: 2 } }) }),
    };
    for (const [name, item] of Object.entries(items)) {
      expect(inputOf(choice('c', [output('b', ''), output('c')], item as Item)), name).toBe('c');
      expect(inputOf(choice('b', [output('b', ''), output('c')], item as Item)), name).not.toBe('c');
    }
  });

  it('skips an expression with an absent value, and a flow input that was not given', () => {
    const of = [{ from: 'expression', cel: 'outputs.b.text + "!"' }, { from: 'input', name: 'given' }, output('c')];
    expect(inputOf(choice('b', of))).toBe('b!');
    expect(inputOf(choice('c', of))).toBe('c');
    expect(inputOf(choice('c', of), says, { given: 'g' })).toBe('g');
    const ofBoth = { from: 'expression', cel: 'outputs.a.text + outputs.b.text' };
    expect(inputOf(choice('b', [ofBoth, output('c')]))).toBe('ab');
    expect(inputOf(choice('c', [ofBoth, output('c')]))).toBe('c');
  });

  it('P11: skips a task that stands in an item whose failure was caught', () => {
    const box = linear('box', [task('mail', { type: 'send' }), task('b')]);
    const caught = { ...link('box', 'c'), onFailure: true };
    const definition = graph([box, task('c'), merge([output('mail'), output('c')])], [caught, link('c', 'd')]);
    expect(inputOf(definition, (call) => (call.kind === 'apply' && call.atom === 'b' ? { fail: 'BROKEN' } : says(call)))).toBe('c');
  });

  it('resolves the secrets of every alternative', () => {
    const binding = compileBinding('text', {
      from: 'first',
      of: [
        { from: 'secret', name: 'one' },
        { from: 'expression', cel: 'secrets.two' },
      ],
    });
    const scope = new TestRun({ definition: choice('b', [output('b')]), catalog: fakeCatalog }).flow.atoms[atomIndex(0)]?.scope;
    expect(scope && secretsOf(scope, binding)).toEqual(['one', 'two']);
  });
});
