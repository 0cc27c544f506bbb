import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Case, readCases } from './case.ts';
import { randomFlow } from './random-case.ts';
import { compareReference, runCase } from './run-case.ts';

function casesIn(file: string): Case[] {
  const document: unknown = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
  return readCases(document).flatMap((read) => ('one' in read ? [read.one] : []));
}
const cases = casesIn('../cases.json');
const further = casesIn('../further-cases.json');

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
  it.for([...cases, ...further])('$id ($stance)', async (one, { skip }) => {
    const verdict = await runCase(one);
    if (verdict.kind === 'skipped') skip(verdict.reason);
    expect(verdict).toEqual({ kind: 'passed' });
  });

  it('most of it can be run', async () => {
    const verdicts = await Promise.all(cases.map(runCase));
    expect(cases.length).toBe(102);
    expect(verdicts.filter(({ kind }) => kind === 'skipped').length).toBeLessThanOrEqual(7);
  });

  it('targets, presets, revert arguments, names given by several and crashes beside others are all run', async () => {
    const verdicts = await Promise.all(further.map(runCase));
    expect(further.length).toBe(57);
    expect(verdicts.filter(({ kind }) => kind !== 'passed')).toEqual([]);
  });

  it('the reference, where the stance is the same, gives what was observed', () => {
    const compared = [...cases, ...further].flatMap((one) => {
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

  it('passes a right case and names each difference of a wrong one', async () => {
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

  it('holds a run that a process died in to what the rules allow beside it, and to nothing else', async () => {
    const flow = { unordered: 'f', children: [{ task: 'a' }, { task: 'b', do: { crash_times: 1 } }, { task: 'c' }] };
    const steps = [{ op: 'crash_run' }, { op: 'run', fresh_engine: true }];
    const left = (persisted: object) => [
      { op: 'crash_run', persisted },
      { op: 'run', flow_state: 'SUCCESS' },
    ];
    const crash = (recorded: object[]) => runCase(caseOf({ flow, steps, expected: { steps: recorded } as unknown as Case['expected'] }));
    const states = { a: 'PENDING', b: 'RUNNING', c: 'PENDING' };
    expect(await crash(left({ flow_state: 'RUNNING', atom_states: states }))).toEqual({ kind: 'passed' });
    expect(await crash(left({ flow_state: 'SUCCESS', atom_states: states }))).toMatchObject({ kind: 'failed' });
    const [first] = left({ flow_state: 'RUNNING', atom_states: states });
    expect(await crash([first ?? {}, { op: 'run', flow_state: 'REVERTED' }])).toMatchObject({ kind: 'failed' });
    // In a flow of one order every state is compared.
    const linear = { linear: 'f', children: flow.children };
    const inOrder = {
      flow: linear,
      steps,
      expected: { steps: left({ flow_state: 'RUNNING', atom_states: states }) } as unknown as Case['expected'],
    };
    expect(await runCase(caseOf(inOrder))).toMatchObject({ kind: 'failed' });
  });

  it('goes on from a preset as its intention says', async () => {
    const flow = { linear: 'f', children: [{ task: 'a' }, { task: 'b' }], retry: { strategy: 'times', attempts: 2, name: 'r' } };
    const preset = (intention: string) => ({
      flow,
      steps: [
        {
          op: 'preset',
          flow_state: 'RUNNING',
          atoms: { r: { result: 1, intention }, a: { result: 3, intention: 'REVERT' }, b: { failure: true, state: 'REVERTED' } },
        },
        { op: 'run', fresh_engine: true },
      ],
      expected: { steps: [{ op: 'preset' }, { op: 'run', flow_state: 'SUCCESS' }] } as unknown as Case['expected'],
    });
    expect(await runCase(caseOf(preset('RETRY')))).toEqual({ kind: 'passed' });
  });

  it.each([
    [
      'a preset that no run comes to',
      {
        steps: [{ op: 'preset', atoms: { b: { result: 1 } } }, { op: 'run' }],
        flow: failing,
        expected: { steps: [{ op: 'preset' }, { op: 'run', flow_state: 'REVERTED' }] },
      },
      'b SUCCESS',
    ],
    ['a kind of record', { flow: failing, expected: { flow_state: 'REVERTED', moods: [] } }, 'moods'],
    ['a case of which nothing was recorded', { flow: failing, expected: { atom_intentions: {} } }, 'nothing was recorded'],
  ])('counts %s as skipped, never as passed', async (_, given, name) => {
    expect(await runCase(caseOf(given as Partial<Case>))).toMatchObject({ kind: 'skipped', reason: expect.stringContaining(name) });
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

describe('random flows', () => {
  it('R1 to R5, P4, P5: come to what the rules say, in whatever order the answers come', async () => {
    for (let seed = 1; seed <= 250; seed += 1) {
      const one = caseOf({ id: `lot ${seed}`, stance: 'differs', flow: randomFlow(seed, 1 + (seed % 9)), expected: { op: 'run' } });
      expect({ seed, verdict: await runCase(one) }).toEqual({ seed, verdict: { kind: 'passed' } });
    }
  });
});
