import { describe, expect, it } from 'vitest';
import type { PlannedUndo } from '../run/plan/rollback-plan.ts';
import { stagesOf } from './joint-stages.ts';
import { givenBy, useIn } from './uses.ts';

const undo = (atom: string, parts: Partial<PlannedUndo>): PlannedUndo => ({
  ...{ atom, attempt: 1, action: 'revert', because: '', output: null, input: {}, checked: false, editable: false, dependant: false },
  ...parts,
});

describe('jobs that used an output that would be undone', () => {
  const plan = {
    waves: [
      [
        undo('create', { output: { id: 'tenant-42', ok: 'yes', where: 'eu-north' } }),
        undo('look', { action: 'nothing', output: { found: 'tenant-43' } }),
      ],
    ],
  };
  const given = givenBy(plan, { region: 'eu-north' });

  it('are found by a value of a task, at any depth of their inputs', () => {
    expect(useIn({ hosts: [{ tenant: 'tenant-42' }] }, given)).toEqual({ atom: 'create', value: 'tenant-42' });
  });

  it.each([
    ['an input of the job itself', { region: 'eu-north' }],
    ['a short and common value', { answer: 'yes' }],
    ['an output of a task without effect', { tenant: 'tenant-43' }],
    ['a part of a value', { tenant: 'tenant-421' }],
  ])('are not found by %s', (_, inputs) => {
    expect(useIn(inputs, given)).toBeNull();
  });
});

describe('the order of a joint rollback', () => {
  it('a job that used another job, or was launched by it, goes before that job', () => {
    const jobs = [
      { job: 'base', parent: null, users: ['site', 'elsewhere'] },
      { job: 'site', parent: null, users: [] },
      { job: 'child', parent: 'site', users: [] },
      { job: 'apart', parent: null, users: [] },
    ];
    expect(stagesOf(jobs)).toEqual([['child', 'apart'], ['site'], ['base']]);
  });

  it('jobs that use each other are rolled back together, and none is left out', () => {
    const jobs = [
      { job: 'a', parent: null, users: ['b'] },
      { job: 'b', parent: null, users: ['a'] },
      { job: 'c', parent: null, users: [] },
    ];
    expect(stagesOf(jobs)).toEqual([['c'], ['a', 'b']]);
  });
});
