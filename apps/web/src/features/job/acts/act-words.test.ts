import type { ActEntry, Entry } from '@windlass/engine/run';
import { TestRun, fakeCatalog, flow, linear, task } from '@windlass/engine/testing';
import { describe, expect, it } from 'vitest';
import { actLine, actWords, confirmedIn, givenIn, retriedTasks } from './act-words.ts';
import { byHandWords } from '../run/by-hand.ts';
import { factsOf } from '../run/run-facts.ts';

const nameOf = (id: string) => id.toUpperCase();

/** Held at b; then b is retried with another input, fails again, and is skipped with outputs. */
function held() {
  const test = new TestRun({
    definition: flow(linear('root', [task('a'), task('b', { parameters: { size: 1 } }), task('c')]), { onFailure: 'hold' }),
    catalog: fakeCatalog,
    script: ({ atom, kind }) => (atom === 'b' && kind === 'apply' ? { fail: 'NO' } : undefined),
  }).go();
  test.act({ kind: 'RETRY_FAILED', reason: 'smaller', parameters: { b: { size: 2 } } }).finish();
  return test.act({ kind: 'SKIP_FAILED', reason: 'not today', atom: 'b', output: { body: 'x' } }).finish();
}

const actsOf = (entries: readonly Entry[]) => entries.flatMap((entry) => (entry.kind === 'ACT' ? [entry] : []));

describe('L2: the acts of people', () => {
  it('read as acts, with the task and what was given', () => {
    const { entries } = held();
    const retried = retriedTasks(entries);
    expect(actsOf(entries).map((act) => actLine(act, nameOf, retried.get(act.number)))).toEqual([
      'retried from B, with another input of B',
      'skipped B, gave {"body":"x"}',
    ]);
  });

  it('show what was given beside what it replaced', () => {
    const { entries } = held();
    const [retry, skip] = actsOf(entries);
    if (retry === undefined || skip === undefined) throw new Error('There are two acts.');
    expect(givenIn(retry, entries, nameOf)).toEqual([{ title: 'Input of B', before: { size: 1 }, after: { size: 2 } }]);
    expect(givenIn(skip, entries, nameOf)).toEqual([{ title: 'Outputs of B', before: undefined, after: { body: 'x' } }]);
  });

  it('an input named constructor had no value before, if none was given', () => {
    const { entries } = held();
    const [retry] = actsOf(entries);
    if (retry === undefined) throw new Error('There is an act.');
    const given: ActEntry = { ...retry, data: { parameters: { b: { constructor: 'Ana & sons' } } } };
    expect(givenIn(given, entries, nameOf)).toEqual([{ title: 'Input of B', before: undefined, after: { constructor: 'Ana & sons' } }]);
  });

  it('of a rollback say what was left out and why, and which differences were confirmed', () => {
    const choice = { kind: 'atoms', atoms: ['a'], leaveOut: [{ atom: 'b', reason: 'in use' }] };
    const [act] = actsOf(held().entries);
    if (act === undefined) throw new Error('There is an act.');
    const rollBack: ActEntry = { ...act, act: 'ROLL_BACK', data: { choice, drift: [{ atom: 'a', difference: 'it is gone' }] } };
    expect(actWords(rollBack, nameOf)).toBe('rolled back A');
    expect(confirmedIn(rollBack)).toEqual({
      leftOut: [{ atom: 'b', reason: 'in use' }],
      drift: [{ atom: 'a', difference: 'it is gone' }],
    });
  });

  it('R10: a run that people helped along says so beside its outcome', () => {
    const { run, entries } = held();
    expect([run.state, byHandWords(factsOf(run), entries, nameOf)]).toEqual(['SUCCESS', ['B skipped', 'input of B given']]);
    const alone = new TestRun({ definition: flow(linear('root', [task('a')])), catalog: fakeCatalog }).go();
    expect(byHandWords(factsOf(alone.run), alone.entries, nameOf)).toEqual([]);
  });
});
