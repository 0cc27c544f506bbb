import { describe, expect, it } from 'vitest';
import { fakeCatalog, flow, graph, linear, task, unordered } from '../testing/flows.ts';
import { type Script, TestRun } from '../testing/run-in-memory.ts';
import type { FlowDefinition } from '../definition/schema.ts';
import { atomIndex } from './graph/index-spaces.ts';

const failing =
  (...atoms: string[]): Script =>
  ({ kind, atom }) =>
    kind === 'apply' && atoms.includes(atom) ? { fail: 'BROKEN' } : undefined;

function run(definition: FlowDefinition, script?: Script, parallel?: number): TestRun {
  return new TestRun({ definition, catalog: fakeCatalog, ...(script ? { script } : {}), ...(parallel ? { parallel } : {}) });
}

const abc = () => linear('f', [task('a'), task('b'), task('c')]);

describe('applying', () => {
  it('P1: applies the children of a linear flow strictly in order', () => {
    const test = run(flow(abc())).go();
    expect(test.story).toEqual([
      'run RUNNING',
      'a RUNNING',
      'a SUCCESS',
      'b RUNNING',
      'b SUCCESS',
      'c RUNNING',
      'c SUCCESS',
      'run SUCCESS',
    ]);
    expect(test.run.job).toBe('COMPLETE');
  });

  it('P2: applies the children of an unordered flow together', () => {
    const test = run(flow(unordered('f', [task('a'), task('b'), task('c')]))).claim();
    expect(test.states).toEqual({ a: 'RUNNING', b: 'RUNNING', c: 'RUNNING' });
    expect(test.finish().run.state).toBe('SUCCESS');
  });

  it('P2: begins at most `limit` children of an unordered flow, in definition order, a container counting as one', () => {
    const inner = linear('in', [task('b1'), task('b2')]);
    const test = run(flow(unordered('f', [task('a'), inner, task('c'), task('d')], 2))).claim();
    expect(test.states).toEqual({ a: 'RUNNING', b1: 'RUNNING', b2: 'PENDING', c: 'PENDING', d: 'PENDING' });
    test.answerNext();
    expect(test.states).toMatchObject({ a: 'SUCCESS', b1: 'RUNNING', c: 'RUNNING', d: 'PENDING' });
    test.answerNext();
    expect(test.states).toMatchObject({ b2: 'RUNNING', c: 'RUNNING', d: 'PENDING' });
    expect(test.finish().run.state).toBe('SUCCESS');
  });

  it('P3: orders a graph by links, and an item after a container waits for all of it', () => {
    const test = run(
      flow(graph('f', [task('last'), unordered('box', [task('x'), task('y')]), task('first')], ['first>box', 'box>last'])),
      undefined,
      1,
    ).go();
    expect(test.calls).toEqual(['apply first', 'apply x', 'apply y', 'apply last']);
  });

  it('S1: a binding to an output is an ordering', () => {
    const uses = task('a', { bindings: { x: { from: 'output', item: 'b', path: 'n' } } });
    const test = run(flow(graph('f', [uses, task('b')], [])), ({ atom }) => (atom === 'b' ? { output: { n: 7 } } : undefined)).go();
    expect(test.calls).toEqual(['apply b', 'apply a']);
    expect(test.run.atoms[atomIndex(0)]?.input).toEqual({ x: 7 });
  });

  it('A1: of the ready atoms, higher priority begins first, then definition order', () => {
    const test = run(flow(unordered('f', [task('a'), task('b', { priority: 5 }), task('c')])), undefined, 1).go();
    expect(test.calls).toEqual(['apply b', 'apply a', 'apply c']);
  });

  it('an empty flow succeeds at once', () => {
    expect(run(flow(linear('f', []))).go().story).toEqual(['run RUNNING', 'run SUCCESS']);
  });

  it('A2: the result of a step and the intention of the next are entries of one decision', () => {
    const test = run(flow(abc())).claim();
    const before = test.entries.length;
    test.answerNext();
    expect(test.story.slice(-2)).toEqual(['a SUCCESS', 'b RUNNING']);
    expect(test.entries.length - before).toBe(2);
  });
});

describe('data', () => {
  it('S3: an absent required input is a failure of the atom that needs it, and the whole run reverts', () => {
    const needs = task('b', { type: 'needs_text', bindings: { text: { from: 'output', item: 'a', path: 'nothing' } } });
    const test = run(flow(linear('f', [task('a'), needs]))).go();
    expect(test.run.forward).toMatchObject({ kind: 'failed', atom: 'b', failure: { code: 'INPUT_ABSENT' } });
    expect(test.states).toEqual({ a: 'REVERTED', b: 'REVERTED' });
    expect(test.calls).toEqual(['apply a', 'revert a']);
    expect(test.run.state).toBe('REVERTED');
  });

  it("S4: an output that does not fit its type's schema is a failure of that atom", () => {
    const test = run(flow(linear('f', [task('a', { type: 'needs_text', parameters: { text: 'x' } })])), () => ({
      output: { text: 3 },
    })).go();
    expect(test.run.forward).toMatchObject({ kind: 'failed', failure: { code: 'OUTPUT_INVALID' } });
  });

  it('S4: an output over 1 MiB is a failure', () => {
    const test = run(flow(linear('f', [task('a')])), () => ({ output: { text: 'x'.repeat(1_100_000) } })).go();
    expect(test.run.forward).toMatchObject({ kind: 'failed', failure: { code: 'PAYLOAD_TOO_LARGE' } });
  });

  it('S4: the logbook has only a placeholder for a secret', () => {
    const uses = task('a', { bindings: { token: { from: 'expression', cel: '"Bearer " + secrets.api' } } });
    const test = run(flow(linear('f', [uses]))).go();
    expect(test.run.atoms[atomIndex(0)]?.input).toEqual({ token: 'Bearer {{secret api}}' });
    expect(test.run.atoms[atomIndex(0)]?.secrets).toEqual({ token: ['api'] });
  });

  it('S5: an endless expression fails its atom, not the process', () => {
    const cel = 'inputs.list.map(x, inputs.list.map(y, inputs.list.map(z, x)))';
    const test = new TestRun({
      definition: flow(linear('f', [task('a', { bindings: { x: { from: 'expression', cel } } })]), {
        inputs: { type: 'object', properties: { list: {} } },
      }),
      catalog: fakeCatalog,
      inputs: { list: Array.from({ length: 1_000 }, (_, index) => index) },
    }).go();
    expect(test.run.forward).toMatchObject({ kind: 'failed', failure: { code: 'EXPRESSION_FAILED' } });
  });

  it('gives the flow outputs when it succeeds', () => {
    const definition = flow(linear('f', [task('a')]), { outputs: { n: { from: 'expression', cel: 'outputs.a.n + 1' } } });
    expect(run(definition, () => ({ output: { n: 2 } })).go().run.outputs).toEqual({ n: 3 });
  });
});

describe('failing and reverting', () => {
  it('R1: a failure that no retry answers reverts the whole run, from any depth', () => {
    const deep = linear('f', [task('a'), unordered('u', [task('b'), linear('l', [task('c'), task('d')])])]);
    const test = run(flow(deep), failing('d')).go();
    expect(new Set(Object.values(test.states))).toEqual(new Set(['REVERTED']));
    expect(test.run.state).toBe('REVERTED');
  });

  it('R4, R5: the failed atom reverts first, then strictly reverse order; atoms that never ran stay PENDING', () => {
    const test = run(flow(linear('f', [task('a'), task('b'), task('c'), task('d')])), failing('c')).go();
    expect(test.story.slice(-9)).toEqual([
      'c FAILURE',
      'run REVERTING',
      'c REVERTING',
      'c REVERTED',
      'b REVERTING',
      'b REVERTED',
      'a REVERTING',
      'a REVERTED',
      'run REVERTED',
    ]);
    expect(test.states['d']).toBe('PENDING');
  });

  it('R4: independent branches of a graph revert together, and the items before them after both', () => {
    const g = graph('f', [task('a'), task('b'), task('c'), task('d')], ['a>b', 'a>c', 'b>d', 'c>d']);
    const test = run(flow(g), failing('d')).claim();
    while (!test.story.includes('d REVERTED')) test.answerNext();
    expect(test.states).toMatchObject({ b: 'REVERTING', c: 'REVERTING', a: 'SUCCESS' });
    test.answerNext();
    expect(test.states['a']).toBe('SUCCESS');
    expect(test.finish().states).toEqual({ a: 'REVERTED', b: 'REVERTED', c: 'REVERTED', d: 'REVERTED' });
  });

  it('R5: tasks that still run when another fails are awaited and then reverted', () => {
    const test = run(flow(linear('f', [task('first'), unordered('box', [task('bad'), task('slow')])])), failing('bad')).claim();
    test.answerNext().answerNext();
    expect(test.states).toEqual({ first: 'SUCCESS', bad: 'REVERTING', slow: 'RUNNING' });
    expect(test.finish().states).toEqual({ first: 'REVERTED', bad: 'REVERTED', slow: 'REVERTED' });
  });

  it('R6: revert gets the input and the saved output of the apply that it undoes; the failed one gets its failure', () => {
    const test = run(flow(linear('f', [task('a', { parameters: { x: 1 } }), task('b')])), ({ kind, atom }) =>
      kind === 'apply' ? (atom === 'b' ? { fail: 'BROKEN' } : { output: { made: 'it' } }) : undefined,
    ).claim();
    test.answerNext().answerNext();
    expect(test.pending[0]).toMatchObject({ call: { kind: 'revert', atom: 'b', output: { value: null }, failure: { code: 'BROKEN' } } });
    test.answerNext();
    expect(test.pending[0]).toMatchObject({
      call: { kind: 'revert', atom: 'a', input: { value: { x: 1 } }, output: { value: { made: 'it' } }, failure: null },
    });
  });

  it('R7: a failing revert is tried as often as its policy says, then waits for a person; independent branches go on', () => {
    const stubborn = task('b', { revertPolicy: { attempts: 3, delayMs: 10 } });
    const g = graph('f', [task('a'), stubborn, task('c'), task('d')], ['a>b', 'b>d', 'c>d']);
    const script: Script = ({ kind, atom }) => {
      if (kind === 'apply' && atom === 'd') return { fail: 'BROKEN' };
      return kind === 'revert' && atom === 'b' ? { fail: 'STUCK' } : undefined;
    };
    const test = run(flow(g), script).go();
    expect(test.calls.filter((call) => call === 'revert b')).toHaveLength(3);
    expect(test.states).toEqual({ a: 'SUCCESS', b: 'REVERT_FAILURE', c: 'REVERTED', d: 'REVERTED' });
    expect(test.run.state).toBe('REVERT_FAILED');
    expect(test.run.attention).toBe('revert_failed');
    expect(test.run.standing.map(({ atom }) => atom)).toEqual(['a', 'b']);
  });

  it('R9, T1: an irreversible effect is kept, and the run ends PARTIALLY_REVERTED and lists it', () => {
    const test = run(flow(linear('f', [task('a'), task('mail', { type: 'send' }), task('c')])), failing('c')).go();
    expect(test.states).toEqual({ a: 'REVERTED', mail: 'SUCCESS', c: 'REVERTED' });
    expect(test.run.state).toBe('PARTIALLY_REVERTED');
    expect(test.run.standing).toEqual([{ atom: 'mail', because: 'it is sent' }]);
  });

  it('T2: the forward outcome and the rollback outcome are both kept', () => {
    const test = run(flow(abc()), failing('b')).go();
    expect(test.run.forward).toMatchObject({ kind: 'failed', atom: 'b' });
    expect(test.run.rollback).toMatchObject({ atoms: 'all', by: 'c1' });
  });

  it('R10: a flow that holds stops at the failure with nothing undone', () => {
    const test = run(flow(abc(), { onFailure: 'hold' }), failing('b')).go();
    expect(test.run.state).toBe('FAILURE');
    expect(test.run.attention).toBe('held');
    expect(test.states).toEqual({ a: 'SUCCESS', b: 'FAILURE', c: 'PENDING' });
  });

  it('R10: retrying a failed task undoes it first and applies it again with edited parameters', () => {
    const script: Script = ({ kind, input }) => (kind === 'apply' && (input as { bad?: boolean }).bad ? { fail: 'BROKEN' } : undefined);
    const held = linear('f', [task('a'), task('b', { parameters: { bad: true } }), task('c')]);
    const test = run(flow(held, { onFailure: 'hold' }), script).go();
    test.act({ kind: 'RETRY_FAILED', reason: '', parameters: { b: { bad: false } } }).finish();
    expect(test.run.state).toBe('SUCCESS');
    expect(test.calls).toEqual(['apply a', 'apply b', 'revert b', 'apply b', 'apply c']);
    expect(test.run.atoms[atomIndex(1)]).toMatchObject({ attempt: 2, input: { bad: false } });
  });

  it('R10: skipping a failed task goes on with the given outputs', () => {
    const held = linear('f', [task('a'), task('b'), task('c', { bindings: { x: { from: 'output', item: 'b', path: 'n' } } })]);
    const test = run(flow(held, { onFailure: 'hold' }), failing('b')).go();
    test.act({ kind: 'SKIP_FAILED', reason: 'done by hand', atom: 'b', output: { n: 4 } }).finish();
    expect(test.run.state).toBe('SUCCESS');
    expect(test.states['b']).toBe('IGNORE');
    expect(test.run.atoms[atomIndex(2)]?.input).toEqual({ x: 4 });
  });
});
