// S4, R10: outputs that a person gives. A refusal names all that is wrong; `{}` is allowed while nothing certainly needs more.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalogOf, defineTask } from '../../task/define-task.ts';
import type { FlowItem } from '../../definition/schema.ts';
import type { JsonObject } from '../../json.ts';
import { flow, graph, linear, task } from '../../testing/flows.ts';
import { type Script, TestRun } from '../../testing/run-in-memory.ts';

const type = (name: string, more: { input?: z.ZodObject; output?: z.ZodObject }) =>
  defineTask({
    ...{ type: name, version: 1, title: name, summary: name, icon: 'box', group: 'Test', repeatable: false },
    ...{ input: more.input ?? z.looseObject({}), output: more.output ?? z.looseObject({}) },
    ...{ effects: { kind: 'reversible', undo: 'undone' }, apply: async () => ({}), revert: async () => {} },
  });
const catalog = catalogOf([
  type('command', { output: z.object({ exitCode: z.number(), stdout: z.string(), note: z.string().optional() }) }),
  type('reader', { input: z.object({ text: z.string(), more: z.string().optional() }) }),
  type('any', {}),
]);
const command = task('run', { type: 'command' });
const uses = (id: string, input: string, path: string) =>
  task(id, { type: 'reader', parameters: { text: 't' }, bindings: { [input]: { from: 'output', item: 'run', path } } });

/** The run is held at the failed command, or in doubt about it. */
const acts = {
  skip: (root: FlowItem) => {
    const definition = flow(root, { onFailure: 'hold' });
    const script: Script = ({ kind, atom }) => (kind === 'apply' && atom === 'run' ? { fail: 'NO' } : undefined);
    const test = new TestRun({ definition, catalog, script }).go();
    return { test, give: (output: JsonObject) => test.act({ kind: 'SKIP_FAILED', reason: 'by hand', atom: 'run', output }) };
  },
  settle: (root: FlowItem) => {
    const test = new TestRun({ definition: flow(root), catalog }).claim().crash().claim();
    const settle = { kind: 'SETTLE_DOUBT', reason: 'looked', atom: 'run' } as const;
    return { test, give: (output: JsonObject) => test.act({ ...settle, answer: { kind: 'happened', output } }) };
  },
};
const words = ({ answered }: TestRun) => (answered?.kind === 'refused' ? answered.message : answered?.kind);

describe.each(['skip', 'settle'] as const)('the outputs given at a %s', (kind) => {
  it('S4: all that does not fit is named at once', () => {
    const { give } = acts[kind](linear('f', [command]));
    expect(words(give({ stdout: 7 }))).toBe(
      'The given output of “run” does not fit its task type: exitCode (number) is absent; stdout: Invalid input: expected string, received number.',
    );
  });

  it('S4, B7: none need be given where no task needs one', () => {
    const { test, give } = acts[kind](linear('f', [command, uses('b', 'more', 'stdout')]));
    expect(words(give({}))).toBe('done');
    expect(test.finish().run.state).toBe('SUCCESS');
  });

  it('S2: a task that certainly runs and needs an absent one is named, and what does not fit as well', () => {
    const { test, give } = acts[kind](linear('f', [command, uses('b', 'text', 'stdout')]));
    expect(words(give({}))).toBe(
      'Later tasks need outputs of “run” that are not given: “b” needs "stdout" for its input "text". Give them. ' +
        'The given output of “run” does not fit its task type: exitCode (number) is absent; stdout (string) is absent.',
    );
    expect(words(give({ exitCode: 0, stdout: 'given' }))).toBe('done');
    expect(test.finish().run.state).toBe('SUCCESS');
  });

  it('S2: an absent optional output that a task certainly needs is named too', () => {
    const { give } = acts[kind](linear('f', [command, uses('b', 'text', 'note')]));
    expect(words(give({ exitCode: 0, stdout: '' }))).toContain('“b” needs "note" for its input "text"');
  });

  it('S2: a task that may be ignored needs none for certain', () => {
    const root = graph('f', [command, task('ask', { type: 'any' }), uses('b', 'text', 'stdout')], ['run>ask', 'ask>b']);
    const guarded = { ...root, links: root.links.map((link) => (link.to === 'b' ? { ...link, decider: 'false' } : link)) };
    const { test, give } = acts[kind](guarded as FlowItem);
    expect(words(give({}))).toBe('done');
    expect(test.finish().run.state).toBe('SUCCESS');
  });
});

it('R10: an input that a person has edited needs no output of the skipped task', () => {
  const { test, give } = acts.skip(linear('f', [command, uses('b', 'text', 'stdout')]));
  test.act({ kind: 'RETRY_FAILED', reason: '', parameters: { b: { text: 'mine' } } }).finish();
  expect(test.run.state).toBe('FAILURE');
  expect(words(give({}))).toBe('done');
  expect(test.finish().run.state).toBe('SUCCESS');
});

it('R6: the revert of a task of which a person said only that it happened is given no output', () => {
  const { test, give } = acts.settle(linear('f', [command, task('b', { type: 'any' })]));
  give({});
  test.act({ kind: 'CANCEL', reason: '', then: 'revert' });
  while (test.pending.some(({ call }) => call.atom !== 'run')) test.answerNext();
  expect(test.pending.map(({ call }) => [call.kind, call.atom, call.output])).toEqual([['revert', 'run', { value: null }]]);
});
