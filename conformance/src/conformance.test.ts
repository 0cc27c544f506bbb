import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Case, readCases } from './case.ts';
import { randomFlow } from './random-case.ts';
import { compareReference, runCase } from './run-case.ts';

const document: unknown = JSON.parse(readFileSync(new URL('../cases.json', import.meta.url), 'utf8'));
const cases = readCases(document).flatMap((read) => ('one' in read ? [read.one] : []));

/** A case of a flow that is run once, with nothing recorded but what is given. */
function caseOf(given: Partial<Case>): Case {
  return {
    id: 'made',
    area: '',
    stance: 'same',
    engine_options: {},
    store: {},
    flow: null,
    steps: [{ op: 'run' }],
    expected: {},
    ...given,
  };
}

describe('what was observed on TaskFlow', () => {
  it.for(cases)('$id ($stance)', async (one, { skip }) => {
    const verdict = await runCase(one);
    if (verdict.kind === 'skipped') skip(verdict.reason);
    expect(verdict).toEqual({ kind: 'passed' });
  });

  it('most of it can be run', async () => {
    const verdicts = await Promise.all(cases.map(runCase));
    expect(cases.length).toBe(102);
    expect(verdicts.filter(({ kind }) => kind === 'skipped').length).toBeLessThanOrEqual(7);
  });

  it('the reference, where the stance is the same, gives what was observed', () => {
    const compared = cases.flatMap((one) => {
      const differences = compareReference(one);
      return differences === null ? [] : [{ id: one.id, differences }];
    });
    expect(compared.length).toBeGreaterThan(35);
    expect(compared.filter(({ differences }) => differences.length > 0)).toEqual([]);
  });
});

describe('the runner', () => {
  const failing = { linear: 'f', children: [{ task: 'a' }, { task: 'b', do: 'fail' }] };
  const story = [
    'flow RUNNING',
    'a RUNNING',
    'a SUCCESS',
    'b RUNNING',
    'b FAILURE',
    'b REVERTING',
    'b REVERTED',
    'a REVERTING',
    'a REVERTED',
  ];
  const right = {
    flow_state: 'REVERTED',
    atom_states: { a: 'REVERTED', b: 'REVERTED' },
    calls: [
      ['execute', 'a', {}],
      ['execute', 'b', {}],
      ['revert', 'b', { result: 'Failure', flow_failures: ['b'] }],
      ['revert', 'a', { result: null, flow_failures: ['b'] }],
    ],
    ordered_events: [...story, 'flow REVERTED'],
  };

  it('passes what is right and tells each thing that is not', async () => {
    expect(await runCase(caseOf({ flow: failing, expected: right }))).toEqual({ kind: 'passed' });
    const wrong = [
      { ...right, flow_state: 'SUCCESS' },
      { ...right, atom_states: { a: 'SUCCESS', b: 'REVERTED' } },
      { ...right, atom_states: { a: 'REVERTED' } },
      { ...right, calls: right.calls.slice(0, 3) },
      { ...right, ordered_events: [...story.slice(0, 7), 'flow REVERTED'] },
    ];
    for (const expected of wrong) expect(await runCase(caseOf({ flow: failing, expected }))).toMatchObject({ kind: 'failed' });
  });

  it('holds shuffled runs to every order that the flow forces, and to no other', async () => {
    const flow = { unordered: 'f', children: [{ task: 'a' }, { linear: 'g', children: [{ task: 'b' }, { task: 'c' }] }] };
    const habit = { partial_order: [['a SUCCESS', 'c SUCCESS'] as [string, string]] };
    expect(await runCase(caseOf({ flow, expected: habit }))).toEqual({ kind: 'passed' });
    const forced = { partial_order: [['c RUNNING', 'b SUCCESS'] as [string, string]] };
    expect(await runCase(caseOf({ flow, expected: forced }))).toMatchObject({ kind: 'failed' });
  });

  it('a case that differs is held to the rules, whatever was recorded', async () => {
    const expected = { ...right, flow_state: 'FAILURE', calls: [] };
    expect(await runCase(caseOf({ stance: 'differs', flow: failing, expected }))).toEqual({ kind: 'passed' });
  });

  it.each([
    ['a step', { steps: [{ op: 'jump' }], flow: failing }, 'jump'],
    ['a part of a step', { steps: [{ op: 'run', twice: true }], flow: failing }, 'twice'],
    ['an option', { engine_options: { turbo: true }, flow: failing }, 'turbo'],
    ['a pattern', { flow: { circle: 'f', children: [] } }, 'circle'],
    ['a part of a task', { flow: { task: 'a', colour: 'red' } }, 'colour'],
    ['a retry', { flow: { linear: 'f', children: [], retry: { strategy: 'maybe', name: 'r' } } }, 'maybe'],
    ['an area', { area: 'moon', flow: null }, 'moon'],
    ['an operation', { area: 'jobboard', flow: null, expected: { ordered_events: [['juggle', 'ok']] } }, 'juggle'],
  ])('skips %s that it does not know, and names it', async (_, given, name) => {
    const verdict = await runCase(caseOf({ expected: { flow_state: 'SUCCESS' }, ...given } as Partial<Case>));
    expect(verdict).toMatchObject({ kind: 'skipped', reason: expect.stringContaining(name) });
  });

  it('reads a file whose cases it cannot, one by one', () => {
    const read = readCases({ cases: [{ id: 'odd', stance: 'other' }, 7] });
    expect(read).toMatchObject([
      { id: 'odd', unreadable: expect.any(String) },
      { id: 'case 2', unreadable: expect.any(String) },
    ]);
  });
});

describe('flows drawn by lot', () => {
  it('R1 to R5, P4, P5: come to what the rules say, in whatever order the answers come', async () => {
    for (let seed = 1; seed <= 250; seed += 1) {
      const one = caseOf({ id: `lot ${seed}`, stance: 'differs', flow: randomFlow(seed, 1 + (seed % 9)), expected: { op: 'run' } });
      expect({ seed, verdict: await runCase(one) }).toEqual({ seed, verdict: { kind: 'passed' } });
    }
  });
});
