// P11, S2: problems of links on failure and of bindings to a failure, and valid cases of both.
import { describe, expect, it } from 'vitest';
import { codesOf as codes, descriptorOf, drawnGraph as graph, drawnTask as task, link, onFailure } from '../../testing/drawn.ts';
import { diffDefinitions } from '../diff.ts';
import type { FlowDefinition } from '../schema.ts';
import { problemsOf } from './validate.ts';

const needs = (binding: object) => ({ type: 'strict', bindings: { text: binding } });
const failure = (item: string, path = 'code') => ({ from: 'failure', item, path });
const output = (item: string) => ({ from: 'output', item, path: '' });
const problems = (definition: FlowDefinition) => problemsOf(definition, descriptorOf);
const x = task('x');
const y = task('y');

describe('P11: links on failure', () => {
  it('join two items of one graph', () => {
    expect(codes(graph([x, y], [onFailure('x', 'y')]))).toEqual([]);
    expect(codes(graph([x, y], [onFailure('x', 'y')], { pattern: 'linear' }))).toEqual(['LINK_NOT_ALLOWED']);
    expect(codes(graph([x, y], [onFailure('x', 'z')]))).toEqual(['LINK_UNKNOWN']);
  });

  it('never go back, neither as a loop nor in a circle', () => {
    expect(codes(graph([x, y], [link('x', 'y'), onFailure('y', 'x', { decider: 'true', again: { limit: 3 } })]))).toContain(
      'FAILURE_LINK_INVALID',
    );
    expect(codes(graph([x, y], [link('x', 'y'), onFailure('y', 'x')]))).toEqual(['CYCLE']);
  });

  it('cross no border of a loop', () => {
    const back = link('y', 'x', { id: 'back', decider: 'false', again: { limit: 3 } });
    expect(codes(graph([x, y, task('z')], [link('x', 'y'), back, onFailure('y', 'z')]))).toEqual(['FAILURE_LINK_INVALID']);
    const inside = [link('x', 'y'), link('z', 'y'), back, onFailure('x', 'z')];
    expect(codes(graph([x, task('y', { join: 'live' }), task('z')], inside))).toEqual([]);
  });

  it('can each be taken: no link on failure follows one without a condition or stands beside an ordinary link to the same item', () => {
    const [problem] = problems(graph([x, y, task('z')], [onFailure('x', 'y'), onFailure('x', 'z')]));
    expect(problem).toMatchObject({
      code: 'FAILURE_LINK_INVALID',
      message:
        'The link on failure from "x" to "z" is never taken, because a link on failure before it has no condition. Give that link a condition, or remove this link.',
      fix: { kind: 'removeLink', link: 'x_fails_z' },
    });
    expect(codes(graph([x, y], [link('x', 'y'), onFailure('x', 'y')]))).toEqual(['FAILURE_LINK_INVALID']);
    expect(codes(graph([x, task('y', { join: 'any' })], [link('x', 'y'), onFailure('x', 'y')]))).toEqual([]);
    expect(codes(graph([x, y], [onFailure('x', 'y', { depth: 'atom' })]))).toEqual(['FAILURE_LINK_INVALID']);
  });

  it('have conditions over the failure, which no other expression can use', () => {
    const on = (decider: string) => codes(graph([task('a'), x, y], [onFailure('x', 'y', { decider })]));
    expect(on('failure.code == "A" && failure.data.n > 1 && outputs.a.ok')).toEqual([]);
    expect(on('outputs.x.ok')).toEqual(['BINDING_NOT_BEFORE']);
    expect(on('failure.')).toEqual(['EXPRESSION_INVALID']);
    expect(codes(graph([x, y], [link('x', 'y', { decider: 'failure.code == "A"' })]))).toEqual(['EXPRESSION_INVALID']);
  });

  it('a name that a macro gives hides the failure', () => {
    expect(
      codes(
        graph(
          [
            x,
            task('y', { bindings: { a: { from: 'expression', cel: '[1, 2].map(failure, failure + 1)[0] + [3].map(retry, retry)[0]' } } }),
          ],
          [link('x', 'y')],
        ),
      ),
    ).toEqual([]);
  });
});

describe('P11, S2: the failure of an item', () => {
  it('may be required by an item that only links on failure from there lead to, and by items that follow only that item', () => {
    expect(codes(graph([x, task('y', needs(failure('x')))], [onFailure('x', 'y')]))).toEqual([]);
    expect(codes(graph([x, y, task('z', needs(failure('x', 'data.deep')))], [onFailure('x', 'y'), link('y', 'z')]))).toEqual([]);
  });

  it('may not be required by an item that also runs without the failure', () => {
    const merge = task('m', { ...needs(failure('x')), join: 'any' });
    expect(codes(graph([x, y, merge], [onFailure('x', 'y'), link('y', 'm'), link('x', 'm')]))).toEqual(['BINDING_MAY_BE_IGNORED']);
    expect(codes(graph([x, task('w'), task('y', needs(failure('x')))], [onFailure('x', 'y'), onFailure('w', 'y')]))).toEqual([
      'BINDING_MAY_BE_IGNORED',
    ]);
  });

  it("S6: can be one alternative and the item's output the other", () => {
    const merge = (of: object[]) => task('m', { ...needs({ from: 'first', of }), join: 'any' });
    const links = [onFailure('x', 'm'), link('x', 'm')];
    expect(codes(graph([x, merge([output('x'), failure('x')])], links))).toEqual([]);
    expect(codes(graph([x, merge([output('x')])], links))).toEqual(['BINDING_MAY_BE_IGNORED']);
  });

  it('exists only if a link on failure leaves the item, and has the fields of a failure', () => {
    expect(codes(graph([x, task('y', { bindings: { text: failure('x') } })], [link('x', 'y')]))).toEqual(['BINDING_NEVER_USED']);
    expect(codes(graph([x, task('y', { bindings: { text: failure('nothing') } })], []))).toEqual(['BINDING_ITEM_UNKNOWN']);
    expect(codes(graph([x, task('y', { bindings: { text: failure('x', 'reason') } })], [onFailure('x', 'y')]))).toEqual([
      'BINDING_OUTPUT_UNKNOWN',
    ]);
    const cel = (source: string) =>
      codes(graph([x, task('y', { bindings: { text: { from: 'expression', cel: source } } })], [onFailure('x', 'y')]));
    expect(cel('failures.x.message')).toEqual([]);
    expect(cel('failures.x.reason')).toEqual(['BINDING_OUTPUT_UNKNOWN']);
    expect(cel('failures.y.code')).toEqual(['BINDING_NEVER_USED']);
  });
});

describe('P11, S2: outputs beside a catch', () => {
  it('an item after a catchable item can require its output, because after a catch both are ignored', () =>
    expect(codes(graph([x, y, task('w', needs(output('x')))], [onFailure('x', 'y'), link('x', 'w')]))).toEqual([]));
  it('a target cannot use the output of the failed item', () =>
    expect(codes(graph([x, task('y', needs(output('x')))], [onFailure('x', 'y')]))).toEqual(['BINDING_MAY_BE_IGNORED']));
  it("an item that follows only a target can require the target's output", () =>
    expect(codes(graph([x, y, task('z', needs(output('y')))], [onFailure('x', 'y'), link('y', 'z')]))).toEqual([]));
  it('an item that joins a target and another item cannot', () =>
    expect(codes(graph([x, y, task('m', needs(output('y')))], [onFailure('x', 'y'), link('y', 'm'), link('x', 'm')]))).toEqual([
      'MERGE_NEVER_RUNS',
      'BINDING_MAY_BE_IGNORED',
    ]));
  it('an item outside the graph cannot require an output of an item that may be ignored after a catch inside', () => {
    const inner = { kind: 'flow', id: 'g', name: 'g', pattern: 'graph', items: [x, y], links: [onFailure('x', 'y')] };
    for (const item of ['x', 'y'])
      expect(codes(graph([inner, task('z', needs(output(item)))], [link('g', 'z')])), item).toEqual(['BINDING_MAY_BE_IGNORED']);
  });
});

it('the differences between two versions include links on failure', () => {
  const [before, after] = [graph([x, y], [link('x', 'y')]), graph([x, y], [{ ...onFailure('x', 'y'), id: 'x_y' }])];
  expect(diffDefinitions(before, after).changed).toEqual([
    { item: 'root', name: 'root', fields: [{ field: 'link x → y', before: {}, after: { onFailure: true } }] },
  ]);
});
