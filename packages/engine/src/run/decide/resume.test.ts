// A4: a call that a lost conductor left is probed, repeated, or left to a person, for apply and for revert.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalogOf, defineTask } from '../../task/define-task.ts';
import type { JsonObject } from '../../json.ts';
import { fakeCatalog, flow, linear, task, unordered } from '../../testing/flows.ts';
import { type Script, TestRun } from '../../testing/run-in-memory.ts';
import { planRollback } from '../plan/plan-rollback.ts';

const callsOf = (test: TestRun) => test.pending.map(({ call }) => `${call.kind} ${call.atom}`);
const marksOf = (test: TestRun) => test.entries.flatMap((entry) => (entry.kind === 'MARK' ? [entry.mark] : []));

describe('an apply that was under way (A4)', () => {
  const asked = () => {
    const definition = flow(linear('f', [task('a', { type: 'probed' }), task('b')]));
    const test = new TestRun({
      definition,
      catalog: fakeCatalog,
      script: ({ kind }) => (kind === 'probe' ? { happened: 'unknown' } : undefined),
    });
    return test.claim().crash().claim().answerNext();
  };

  it('is in doubt if its probe answers unknown, and is not called again', () => {
    const test = asked();
    expect([test.states['a'], test.pending, test.run.job, test.run.attention]).toEqual(['RUNNING', [], 'WAITING', 'in_doubt']);
  });

  it('needs attention as a doubt, also while another task waits for an approval', () => {
    const definition = flow(unordered('f', [task('a', { type: 'once' }), task('b', { type: 'ask', parameters: { then: 'fail' } })]));
    const test = new TestRun({ definition, catalog: fakeCatalog }).claim().crash().claim();
    expect([test.states, test.run.job, test.run.attention]).toEqual([{ a: 'RUNNING', b: 'WAITING' }, 'WAITING', 'in_doubt']);
  });

  it('is not applied again by a person who settles its doubt while the job is rolled back', () => {
    const test = asked().act({ kind: 'CANCEL', reason: 'wrong town', then: 'revert' });
    const settle = { kind: 'SETTLE_DOUBT', reason: 'looked', atom: 'a' } as const;
    test.act({ ...settle, answer: { kind: 'repeat' } });
    expect([test.run.state, test.answered?.kind, callsOf(test)]).toEqual(['REVERTING', 'refused', []]);
    expect(test.act({ ...settle, answer: { kind: 'failed' } }).finish().run.state).toBe('REVERTED');
  });

  it('stays in doubt at the next claim, which probes and repeats nothing', () => {
    const test = asked().act({ kind: 'SIGNAL', reason: '', name: 'x', data: null });
    expect([test.sent.at(-1)?.decision.commands, marksOf(test), test.run.attention]).toEqual([[], ['IN_DOUBT'], 'in_doubt']);
    test.act({ kind: 'SETTLE_DOUBT', reason: 'looked', atom: 'a', answer: { kind: 'repeat' } }).finish();
    expect([test.run.state, test.calls]).toEqual(['SUCCESS', ['probe a', 'apply a', 'apply b']]);
  });
});

it('A4, R4: an apply that a rollback awaits is repeated, and then undone', () => {
  const script: Script = ({ kind, atom }) => (kind === 'apply' && atom === 'b' ? { fail: 'BROKEN' } : undefined);
  const test = new TestRun({ definition: flow(unordered('f', [task('a'), task('b')])), catalog: fakeCatalog, script }).claim();
  test.answer(test.pending.findIndex(({ call }) => call.atom === 'b'));
  expect([test.run.state, test.states['a']]).toEqual(['REVERTING', 'RUNNING']);
  test.crash().claim();
  expect(callsOf(test)).toContain('apply a');
  expect([test.finish().run.state, test.calls.filter((call) => call.endsWith(' a'))]).toEqual(['REVERTED', ['apply a', 'revert a']]);
});

describe('a rule by a field of the input (A4)', () => {
  const type = defineTask({
    ...{ type: 'request', version: 1, title: 'own', summary: 'own', icon: 'box', group: 'Test' },
    input: z.object({ method: z.string().default('GET'), body: z.string() }),
    output: z.looseObject({}),
    effects: { kind: 'reversible', undo: 'undone' },
    repeatable: { field: 'method', in: ['GET'] },
    revertRepeatable: { field: 'method', in: ['GET'] },
    apply: async () => ({}),
    revert: async () => {},
  });
  const found = (parameters: JsonObject) => {
    const definition = flow(linear('f', [task('a', { type: 'request', parameters })]));
    const test = new TestRun({ definition, catalog: catalogOf([type]) }).claim().crash().claim();
    return test.run.attention ?? callsOf(test).join();
  };

  it.each([10, 9_000])('judges a call with %i characters of input by that field', (size) => {
    const body = 'b'.repeat(size);
    expect(found({ method: 'POST', body })).toBe('in_doubt');
    expect(found({ method: 'GET', body })).toBe('apply a');
  });

  it('never takes a default for a field that may be among the large ones', () => {
    expect(found({ body: 'b' })).toBe('apply a');
    expect(found({ method: 'P'.repeat(300), body: 'b'.repeat(9_000) })).toBe('in_doubt');
  });
});

describe('a revert that was under way (A4)', () => {
  const undone = (more: { revertRepeatable?: boolean; probed?: true }, script: Script = () => undefined) => {
    const type = defineTask({
      ...{ type: 'own', version: 1, title: 'own', summary: 'own', icon: 'box', group: 'Test' },
      ...{ input: z.looseObject({}), output: z.looseObject({}), effects: { kind: 'reversible', undo: 'undone' }, repeatable: true },
      apply: async () => ({}),
      revert: async () => {},
      ...(more.revertRepeatable === undefined ? {} : { revertRepeatable: more.revertRepeatable }),
      ...(more.probed ? { probeRevert: async () => ({ undone: 'no' }) as const } : {}),
    });
    const definition = flow(linear('f', [task('a', { type: 'own' })]));
    const test = new TestRun({ definition, catalog: catalogOf([type]), script }).go();
    const choice = { kind: 'job' } as const;
    test.act({ kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(test.run, choice).hash });
    return test.crash().claim();
  };
  const says =
    (happened: 'yes' | 'no' | 'unknown'): Script =>
    ({ kind }) =>
      kind === 'probeRevert' ? { happened } : undefined;

  it('is left to a person if it may not be repeated', () => {
    const test = undone({ revertRepeatable: false });
    expect([callsOf(test), test.states['a'], test.run.attention]).toEqual([[], 'REVERTING', 'in_doubt']);
    test.act({ kind: 'SETTLE_DOUBT', reason: 'looked', atom: 'a', answer: { kind: 'repeat' } }).finish();
    expect([test.run.state, test.calls]).toEqual(['REVERTED', ['apply a', 'revert a']]);
  });

  it.each<['yes' | 'no', string[]]>([
    ['yes', ['apply a', 'probeRevert a']],
    ['no', ['apply a', 'probeRevert a', 'revert a']],
  ])('is asked about first: %s', (happened, calls) => {
    const test = undone({ revertRepeatable: false, probed: true }, says(happened)).finish();
    expect([test.run.state, test.calls]).toEqual(['REVERTED', calls]);
  });

  it('is in doubt if its probe answers unknown', () => {
    const test = undone({ probed: true }, says('unknown')).finish();
    expect([test.states['a'], test.calls, test.run.attention]).toEqual(['REVERTING', ['apply a', 'probeRevert a'], 'in_doubt']);
  });
});
