import { flowDefinitionSchema } from '@windlass/engine/definition';
import { type AtomSnapshot, compileFlow, emptyRun, snapshotOf, typesFromDescriptors } from '@windlass/engine/run';
import { describe, expect, it } from 'vitest';
import {
  aggregateIn,
  aggregateOf,
  aliasesOf,
  iterationOf,
  membersOf,
  ownerOf,
  shortIteration,
  shownMember,
  stepsOf,
  wholeLine,
} from './members.ts';

const atom = (address: string, state: AtomSnapshot['state'], attempt = 1) =>
  ({ atom: address, state, attempt, inDoubt: null, kept: null, failure: null }) as AtomSnapshot;
const task = (id: string, more: object = {}) => ({ kind: 'task', id, name: id, type: 'message', ...more });
const definition = flowDefinitionSchema.parse({
  schemaVersion: 1,
  name: 'x',
  root: {
    kind: 'flow',
    id: 'root',
    name: 'root',
    pattern: 'linear',
    items: [
      task('first', { retry: { id: 'first_retry', strategy: { kind: 'times', attempts: 2 } } }),
      {
        kind: 'flow',
        id: 'rounds',
        name: 'rounds',
        pattern: 'loop',
        loop: { again: 'false', limit: 3 },
        items: [task('poll')],
      },
    ],
  },
});

describe('atoms and the items that they belong to', () => {
  it('reads iterations and subflows off an address', () => {
    expect(stepsOf('provision[3].sub.attach')).toEqual([
      { id: 'provision', iteration: 3 },
      { id: 'sub', iteration: null },
      { id: 'attach', iteration: null },
    ]);
    expect(iterationOf('provision[3].inner[0].attach')).toBe('provision[3].inner[0].');
    expect(shortIteration('provision[3].inner[0].attach')).toBe('[3][0]');
    expect(iterationOf('attach')).toBe('');
  });

  it('P6, P8: the item of the drawing is the first that is no iteration', () => {
    const none = new Map<string, string>();
    expect(
      ['attach', 'provision[3].attach', 'sub.attach', 'provision', 'rounds[2]', 'attach.gate'].map((one) => ownerOf(one, none)),
    ).toEqual(['attach', 'attach', 'sub', 'provision', 'rounds', 'attach']);
    expect(ownerOf('provision[1].first_retry', aliasesOf(definition))).toBe('first');
  });

  it('separates tasks that are applied from the controls of the run', () => {
    const flow = compileFlow(
      definition,
      typesFromDescriptors(() => undefined),
    );
    const members = membersOf(flow, aliasesOf(definition), new Set());
    expect(members.get('first')).toEqual({ tasks: ['first'], controls: ['first_retry'] });
    expect(members.get('poll')?.tasks).toEqual(['rounds[0].poll']);
    expect(members.get('rounds')?.controls).toEqual(['rounds[0]']);
    expect(snapshotOf(emptyRun(flow)).atoms).toEqual([]);
  });

  it('shows the worst of many, and counts those that are done', () => {
    const many = [atom('a[0].b', 'SUCCESS'), atom('a[1].b', 'IGNORE'), atom('a[2].b', 'FAILURE'), undefined];
    expect(aggregateOf(many)).toMatchObject({ state: 'FAILURE', done: 2, total: 4 });
    expect(aggregateOf([atom('a', 'SUCCESS'), undefined]).state).toBe('RUNNING');
    expect(aggregateOf([undefined]).state).toBe('PENDING');
    const [nothing, undone] = [0, 1].map((revertAttempt) => ({ ...atom('a[0].b', 'REVERTED'), revertAttempt }));
    expect(aggregateOf([nothing, undone]).look.word).toBe('Reverted');
    expect(aggregateOf([nothing]).look.word).toBe('Nothing to undo');
    const failed = { ...atom('a[1].b', 'REVERTED'), failure: { code: 'NO', message: 'no' } };
    expect(aggregateOf([atom('a[0].b', 'REVERTED'), failed]).look).toMatchObject({ hue: 'failed', word: 'Reverted, 1 failed' });
  });

  it('P6: iterations that the list has no longer are counted apart from those of this pass', () => {
    const tasks = ['a[0].b', 'a[1].b', 'a[2].b'];
    const lineOf = (last: AtomSnapshot['state']) => {
      const atoms = new Map([atom('a[0].b', 'SUCCESS'), atom('a[1].b', 'SUCCESS'), atom('a[2].b', last)].map((one) => [one.atom, one]));
      return wholeLine(aggregateIn(tasks, { atoms, dropped: new Map([['a[2].b', 'for_each']]) }), false);
    };
    expect(lineOf('SUCCESS')).toBe('2/2 · Succeeded · 1 earlier');
    expect(lineOf('REVERTED')).toBe('2/2 · Succeeded');
    // A call of an earlier iteration is under way, so it is shown among the others.
    expect(lineOf('REVERTING')).toBe('1/3 · Reverting');
    const stands = new Map([[tasks[0] ?? '', atom('a[0].b', 'SUCCESS')]]);
    expect(wholeLine(aggregateIn(tasks.slice(0, 1), { atoms: stands, dropped: new Map([['a[0].b', 'for_each']]) }), false)).toBe(
      '1/1 · Succeeded',
    );
  });

  it('a node shows the iteration that is selected anywhere, else the newest that began', () => {
    const tasks = ['a[0].b', 'a[1].b', 'a[2].b'];
    const atoms = new Map([atom('a[0].b', 'SUCCESS'), atom('a[1].b', 'RUNNING')].map((one) => [one.atom, one]));
    expect(shownMember(tasks, { selected: null, atoms })).toBe('a[1].b');
    expect(shownMember(tasks, { selected: 'a[2].b', atoms })).toBe('a[2].b');
    expect(shownMember(tasks, { selected: 'a[0].c', atoms })).toBe('a[0].b');
  });
});
