// P11 with people's acts, with the failure as data, and with the end of the run.
import { describe, expect, it } from 'vitest';
import { type FlowDefinition, type FlowItem, type Item, flowItemSchema, taskItemSchema } from '../../../definition/schema.ts';
import { link, onFailure } from '../../../testing/drawn.ts';
import { fakeCatalog, flow, linear, task, unordered } from '../../../testing/flows.ts';
import { type Script, TestRun } from '../../../testing/run-in-memory.ts';
import { planRollback } from '../../plan/plan-rollback.ts';
import type { RollbackChoice } from '../../plan/rollback-choice.ts';

const graph = (items: Item[], links: object[]): FlowItem =>
  flowItemSchema.parse({ kind: 'flow', id: 'g', name: 'g', pattern: 'graph', items, links });
const fails =
  (...addresses: string[]): Script =>
  ({ kind, atom }) =>
    kind === 'apply' && addresses.includes(atom) ? { fail: 'BROKEN' } : undefined;
const start = (definition: FlowDefinition, script: Script = fails('x')) => new TestRun({ definition, catalog: fakeCatalog, script });
const rollBack = (test: TestRun, choice: RollbackChoice) =>
  test.act({ kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(test.run, choice).hash }).finish();
const again = (test: TestRun) => test.act({ kind: 'APPLY_AGAIN', reason: '', parameters: {} }).finish();
const atom = (test: TestRun, address: string) => test.run.atoms.find((one) => one.atom === address);

/** x fails. On failure y runs, then v; w follows x. */
const items = () => graph([task('x'), task('w'), task('y'), task('v')], [link('x', 'w'), onFailure('x', 'y'), link('y', 'v')]);

describe('P11: the failure as data', () => {
  const bound = (bindings: object, more: object = {}): Item => taskItemSchema.parse({ ...task('y'), bindings, ...more });

  it('reaches a binding and an expression', () => {
    const y = bound({
      code: { from: 'failure', item: 'x', path: 'code' },
      all: { from: 'failure', item: 'x', path: '' },
      text: { from: 'expression', cel: 'failures.x.atom + ": " + failures.x.message' },
    });
    const test = start(flow(graph([linear('x', [task('p')]), y], [onFailure('x', 'y')])), fails('p')).go();
    expect(atom(test, 'y')?.input).toEqual({
      code: 'BROKEN',
      all: { code: 'BROKEN', message: 'apply p failed', atom: 'p', data: null },
      text: 'p: apply p failed',
    });
  });

  it('S6: a caught item counts as ignored, and the failure of an item that was not caught is skipped', () => {
    const m = taskItemSchema.parse({
      ...task('m'),
      join: 'any',
      bindings: {
        given: {
          from: 'first',
          of: [
            { from: 'output', item: 'x', path: 'text' },
            { from: 'failure', item: 'x', path: 'code' },
          ],
        },
      },
    });
    const drawing = flow(graph([task('x'), task('y'), m], [onFailure('x', 'y'), link('x', 'm'), link('y', 'm')]));
    const says: Script = ({ kind }) => (kind === 'apply' ? { output: { text: 'given' } } : undefined);
    expect(atom(start(drawing).go(), 'm')?.input).toEqual({ given: 'BROKEN' });
    expect(atom(start(drawing, says).go(), 'm')?.input).toEqual({ given: 'given' });
  });

  it('an atom kept inside a caught item has no output for others', () => {
    const inside = linear('x', [task('p', { type: 'send' }), task('q')]);
    const y = bound({
      given: {
        from: 'first',
        of: [
          { from: 'output', item: 'p', path: '' },
          { from: 'constant', value: 'nothing' },
        ],
      },
    });
    const test = start(flow(graph([inside, y], [onFailure('x', 'y')])), fails('q')).go();
    expect(atom(test, 'p')).toMatchObject({ state: 'SUCCESS', kept: 'it is sent' });
    expect(atom(test, 'y')?.input).toEqual({ given: 'nothing' });
  });

  it('is visible only in the iteration in which it was caught', () => {
    const y = bound({ code: { from: 'expression', cel: 'failures.x.atom' } });
    const each = flowItemSchema.parse({
      ...linear('e', [graph([task('x'), y], [onFailure('x', 'y')])]),
      pattern: 'for_each',
      forEach: { list: { from: 'constant', value: [1, 2] } },
    });
    const test = start(flow(linear('f', [each])), fails('e[0].x', 'e[1].x')).go();
    expect(atom(test, 'e[0].y')?.input).toEqual({ code: 'e[0].x' });
    expect(atom(test, 'e[1].y')?.input).toEqual({ code: 'e[1].x' });
  });
});

it('P11: the logbook has the taken link and the reason why another condition failed, and no such entry when nothing fails', () => {
  const drawn = (decider: string) =>
    flow(graph([task('x'), task('y'), task('z')], [onFailure('x', 'y', { decider }), onFailure('x', 'z')]));
  const test = start(drawn('failure.data.nothing == 1')).go();
  expect(test.entries.find((entry) => entry.kind === 'MARK')).toMatchObject({
    atom: 'x.catch',
    mark: 'CAUGHT',
    data: { link: 'x_fails_z', to: 'z', atom: 'x', reason: expect.stringMatching(/^The condition of the link to y cannot be evaluated: /) },
  });
  const unasked = start(flow(graph([task('x'), task('y')], [onFailure('x', 'y', { decider: '1 == 2' })]))).go();
  expect(unasked.entries.filter((entry) => entry.kind === 'MARK')).toMatchObject([
    { mark: 'ASKED', data: { decision: 'REVERT', atom: 'x' } },
  ]);
  expect(start(flow(items()), () => undefined).go().story).not.toContain('x.catch CAUGHT');
});

it('P11: a condition that gives neither true nor false counts as no, and the logbook says so', () => {
  const links = [onFailure('x', 'y', { decider: 'failure.code' }), onFailure('x', 'z')];
  const test = start(flow(graph([task('x'), task('y'), task('z')], links))).go();
  expect(test.states).toMatchObject({ y: 'IGNORE', z: 'SUCCESS' });
  expect(test.entries.find((entry) => entry.kind === 'MARK')).toMatchObject({
    data: { to: 'z', reason: 'The condition of the link to y gives neither true nor false.' },
  });
});

it('P11: links that said no are asked once, however long something runs beside', () => {
  const links = [onFailure('x', 'y', { decider: '1 == 2' }), link('p', 'q')];
  const test = start(flow(graph([task('x'), task('y'), task('p'), task('q')], links), { onFailure: 'hold' }))
    .claim()
    .answerNext();
  test.advance(1_000).send({ kind: 'DUE' });
  expect([test.run.state, test.story.filter((entry) => entry === 'x.catch ASKED')]).toEqual(['RUNNING', ['x.catch ASKED']]);
  expect(test.finish().run.state).toBe('FAILURE');
});

it('P11: a link to a target that was ignored already is not taken', () => {
  const links = [link('b', 'c', { decider: '1 == 2' }), link('c', 'y'), onFailure('x', 'y')];
  const test = start(flow(graph([task('b'), task('c'), task('x'), task('y')], links))).go();
  expect([test.run.state, test.states['y'], test.calls.includes('apply y')]).toEqual(['REVERTED', 'IGNORE', false]);
  expect(test.story).not.toContain('x.catch CAUGHT');
});

describe('P11, T2: outcomes', () => {
  it('the run ends SUCCESS and keeps the caught failure as a fact', () => {
    const test = start(flow(items())).go();
    expect(test.run.forward).toEqual({
      kind: 'succeeded',
      caught: [{ item: 'x', atom: 'x', code: 'BROKEN', message: 'apply x failed' }],
    });
    expect(start(flow(items()), () => undefined).go().run.forward).toEqual({ kind: 'succeeded' });
  });

  it('an atom kept inside a caught item stays listed after a rollback', () => {
    const inside = linear('x', [task('p', { type: 'send' }), task('q')]);
    const test = start(flow(graph([inside, task('y')], [onFailure('x', 'y')])), fails('q')).go();
    rollBack(test, { kind: 'job' });
    expect(test.run.state).toBe('PARTIALLY_REVERTED');
    expect(test.run.standing).toEqual([{ atom: 'p', because: 'it is sent' }]);
  });

  it('a failure on the taken way that no link catches reverts the whole run', () => {
    const test = start(flow(items()), fails('x', 'v')).go();
    expect(test.run.state).toBe('REVERTED');
    expect(test.calls).toEqual(['apply x', 'revert x', 'apply y', 'apply v', 'revert v', 'revert y']);
    expect(test.run.forward).toMatchObject({ kind: 'failed', atom: 'v' });
  });
});

describe('P11: not caught', () => {
  it('a cancel', () => {
    const test = start(flow(items()), () => undefined).claim();
    test.act({ kind: 'CANCEL', reason: 'enough', then: 'revert' }).finish();
    expect(test.states).toMatchObject({ x: 'REVERTED', y: 'PENDING' });
  });

  it('a missed deadline', () => {
    const test = start(flow(items(), { timeLimitMs: 10 }), () => undefined).claim();
    test.passTime().finish();
    expect(test.run.forward).toEqual({ kind: 'overdue' });
    expect(test.states).toMatchObject({ y: 'PENDING' });
  });
});

describe('P11, R10: catch comes before hold', () => {
  it('a caught failure holds nothing', () => {
    expect(start(flow(items(), { onFailure: 'hold' })).go().run.state).toBe('SUCCESS');
  });

  it('the links of a held failure are asked once, and retrying it keeps an earlier catch', () => {
    let isMended = false;
    const script: Script = ({ kind, atom }) =>
      kind === 'apply' && (atom === 'x' || (atom === 'v' && !isMended)) ? { fail: 'BROKEN' } : undefined;
    const test = start(flow(items(), { onFailure: 'hold' }), script).go();
    expect(test.run.state).toBe('FAILURE');
    isMended = true;
    test.act({ kind: 'RETRY_FAILED', reason: '', parameters: {} }).finish();
    expect(test.run.state).toBe('SUCCESS');
    expect(test.states).toMatchObject({ x: 'REVERTED', w: 'IGNORE', y: 'SUCCESS', v: 'SUCCESS' });
    expect(test.calls).toEqual(['apply x', 'revert x', 'apply y', 'apply v', 'revert v', 'apply v']);
  });

  it('an atom skipped by hand on the taken way counts as done', () => {
    const test = start(flow(items(), { onFailure: 'hold' }), fails('x', 'y')).go();
    test.act({ kind: 'SKIP_FAILED', reason: 'by hand', atom: 'y', output: {} }).finish();
    expect(test.run.state).toBe('SUCCESS');
    expect(test.states).toMatchObject({ y: 'IGNORE', v: 'SUCCESS' });
  });

  it('a failure beside a catch holds the run after the caught item is undone, and the retry goes on with the catch', () => {
    const drawing = flow(graph([task('x'), task('y'), task('z')], [onFailure('x', 'y')]), { onFailure: 'hold' });
    const test = start(drawing, fails('x', 'z')).go();
    expect(test.run.state).toBe('FAILURE');
    expect(test.states).toMatchObject({ x: 'REVERTED', z: 'FAILURE', y: 'PENDING' });
    test.act({ kind: 'SKIP_FAILED', reason: 'by hand', atom: 'z', output: {} }).finish();
    expect(test.states).toMatchObject({ x: 'REVERTED', y: 'SUCCESS' });
  });

  it('the retry of a held failure begins no atom again that is being caught', () => {
    const drawing = flow(graph([task('x'), task('y'), task('z')], [onFailure('x', 'y')]), { onFailure: 'hold' });
    let isMended = false;
    const script: Script = ({ kind, atom }) =>
      kind === 'apply' && (atom === 'x' || (atom === 'z' && !isMended)) ? { fail: 'BROKEN' } : undefined;
    const test = start(drawing, script).go();
    isMended = true;
    test.act({ kind: 'RETRY_FAILED', reason: '', parameters: {} }).finish();
    expect(test.run.state).toBe('SUCCESS');
    expect(test.calls.filter((call) => call === 'apply x')).toHaveLength(1);
    expect(test.states).toMatchObject({ x: 'REVERTED', y: 'SUCCESS', z: 'SUCCESS' });
  });
});

it('P11, R10: an item that was being undone at a cancel is undone further when the failure beside it is retried', () => {
  const inside = linear('x', [task('o'), task('p'), task('q')]);
  const drawing = flow(graph([inside, task('y'), task('z')], [onFailure('x', 'y')]), { onFailure: 'hold' });
  const script: Script = ({ kind, atom, attempt }) =>
    kind === 'apply' && attempt === 1 && (atom === 'q' || atom === 'z') ? { fail: 'BROKEN' } : undefined;
  const test = start(drawing, script).claim();
  for (const address of ['o', 'p', 'q', 'q', 'z']) test.answer(test.pending.findIndex(({ call }) => call.atom === address));
  test.act({ kind: 'CANCEL', reason: '', then: 'hold' }).finish();
  expect([test.run.state, test.states]).toMatchObject(['FAILURE', { o: 'SUCCESS', p: 'REVERTED', z: 'FAILURE', y: 'PENDING' }]);
  test.act({ kind: 'RETRY_FAILED', reason: '', parameters: {} }).finish();
  expect([test.run.state, test.states]).toMatchObject(['SUCCESS', { o: 'REVERTED', p: 'REVERTED', z: 'SUCCESS', y: 'SUCCESS' }]);
});

it('P11: what had not begun in a caught item does not begin later', () => {
  const test = start(flow(graph([unordered('x', [task('p'), task('q')]), task('y')], [onFailure('x', 'y')])), fails('p'));
  // One task at a time: q is ready, and waits for p.
  test.limits = { parallel: 1 };
  test.go();
  expect([test.run.state, test.calls]).toEqual(['SUCCESS', ['apply p', 'revert p', 'apply y']]);
  expect(test.states).toMatchObject({ p: 'REVERTED', q: 'PENDING' });
});

it('P11, R10: a failure that was kept counts again once its catch is undone, and may be retried', () => {
  const inside = graph([task('x', { type: 'send' }), task('y'), task('v')], [onFailure('x', 'y'), link('y', 'v')]);
  const outer = flowItemSchema.parse({
    ...linear('outer', [task('s'), inside]),
    retry: { id: 'r', strategy: { kind: 'times', attempts: 2 } },
  });
  const script: Script = ({ kind, atom, attempt }) =>
    kind === 'apply' && attempt === 1 && 'xv'.includes(atom) ? { fail: 'BROKEN' } : undefined;
  const test = start(flow(linear('f', [outer]), { onFailure: 'hold' }), script).claim();
  while (test.states['s'] !== 'REVERTING') test.answerNext();
  expect(test.states).toMatchObject({ x: 'FAILURE', 'x.catch': 'REVERTED' });
  test.act({ kind: 'CANCEL', reason: '', then: 'hold' }).finish();
  expect(test.run.state).toBe('FAILURE');
  test.act({ kind: 'RETRY_FAILED', reason: '', parameters: {} }).finish();
  expect([test.answered?.kind, test.run.state, test.states['x']]).toEqual(['done', 'SUCCESS', 'SUCCESS']);
});

describe('P11, B1, B5: by hand', () => {
  it('the target depends on what comes before the item', () => {
    const drawing = flow(graph([task('a'), task('x'), task('y')], [link('a', 'x'), onFailure('x', 'y')]));
    const plan = planRollback(start(drawing).go().run, { kind: 'atoms', atoms: ['a'], leaveOut: [] });
    expect(plan.waves.map((wave) => wave.map(({ atom: address }) => address))).toEqual([['y'], ['a']]);
  });

  it('applied again, the item stays caught while an effect on the taken way stands', () => {
    const test = start(flow(items())).go();
    rollBack(test, { kind: 'atoms', atoms: ['v'], leaveOut: [] });
    expect(again(test).run.state).toBe('SUCCESS');
    expect(test.calls).toEqual(['apply x', 'revert x', 'apply y', 'apply v', 'revert v', 'apply v']);
    expect(test.states).toMatchObject({ x: 'REVERTED', w: 'IGNORE', y: 'SUCCESS', v: 'SUCCESS' });
  });

  it('applied again, the item begins again when no effect on the taken way stands', () => {
    let isMended = false;
    const script: Script = ({ kind, atom: address }) => (kind === 'apply' && address === 'x' && !isMended ? { fail: 'BROKEN' } : undefined);
    const test = start(flow(items()), script).go();
    rollBack(test, { kind: 'atoms', atoms: ['y'], leaveOut: [] });
    isMended = true;
    expect(again(test).run.state).toBe('SUCCESS');
    expect(test.states).toMatchObject({ x: 'SUCCESS', w: 'SUCCESS', y: 'IGNORE', v: 'IGNORE' });
  });

  it('R2: applied again, an item that begins again has all attempts of its retry', () => {
    const x = taskItemSchema.parse({ ...task('x'), retry: { id: 'r', strategy: { kind: 'times', attempts: 2 } } });
    const script: Script = ({ kind, atom, attempt }) => (kind === 'apply' && atom === 'x' && attempt <= 3 ? { fail: 'BROKEN' } : undefined);
    const test = start(flow(graph([x, task('y')], [onFailure('x', 'y')])), script).go();
    expect([test.states['y'], atom(test, 'x')?.attempt]).toEqual(['SUCCESS', 2]);
    rollBack(test, { kind: 'atoms', atoms: ['y'], leaveOut: [] });
    again(test);
    expect([test.run.state, test.states['x'], test.states['y'], atom(test, 'x')?.attempt]).toEqual(['SUCCESS', 'SUCCESS', 'IGNORE', 4]);
  });

  it('applied again after a whole rollback, the item begins again and can be caught again', () => {
    const test = start(flow(items())).go();
    rollBack(test, { kind: 'job' });
    expect(again(test).run.state).toBe('SUCCESS');
    expect(test.calls.filter((call) => call === 'apply x')).toHaveLength(2);
    expect(test.states).toMatchObject({ x: 'REVERTED', y: 'SUCCESS' });
  });

  it('R7: a failed revert inside that is kept lets the catch go on', () => {
    const script: Script = ({ kind, atom: address }) =>
      (kind === 'apply' && address === 'q') || (kind === 'revert' && address === 'p') ? { fail: 'BROKEN' } : undefined;
    const test = start(flow(graph([linear('x', [task('p'), task('q')]), task('y')], [onFailure('x', 'y')])), script).go();
    expect(test.run.state).toBe('REVERT_FAILED');
    test.act({ kind: 'KEEP', reason: 'it may stay', atom: 'p' }).finish();
    expect(test.run.state).toBe('SUCCESS');
    expect(test.states).toMatchObject({ p: 'REVERT_FAILURE', y: 'SUCCESS' });
    rollBack(test, { kind: 'job' });
    expect(test.run.standing).toEqual([{ atom: 'p', because: 'it may stay' }]);
  });

  it('a rollback confirmed while the item is undone undoes everything, and applying again forgets the catch', () => {
    const test = start(flow(graph([unordered('x', [task('p'), task('q')]), task('y')], [onFailure('x', 'y')])), fails('p')).claim();
    test.answer(test.pending.findIndex((command) => command.kind === 'CALL' && command.call.atom === 'p'));
    expect(test.story).toContain('x.catch CAUGHT');
    test.act({ kind: 'SUSPEND', reason: '' }).finish();
    rollBack(test, { kind: 'job' });
    expect(test.run.state).toBe('REVERTED');
    again(test);
    expect(test.run.state).toBe('SUCCESS');
    expect(test.states).toMatchObject({ p: 'REVERTED', q: 'REVERTED', y: 'SUCCESS' });
  });
});
