import { flowItemSchema } from '@windlass/engine/definition';
import { type RollbackChoice, planRollback } from '@windlass/engine/run';
import { TestRun, fakeCatalog, flow, linear, task } from '@windlass/engine/testing';
import { expect, test } from 'vitest';
import { droppedOf, droppedWords } from './dropped.ts';
import { membersOf } from './members.ts';

test('P6: effects of an iteration that the list has no longer are counted, and an iteration without effects belongs to no item', async () => {
  const each = flowItemSchema.parse({
    ...linear('p', [task('x')]),
    pattern: 'for_each',
    forEach: { list: { from: 'output', item: 'src', path: 'list' } },
  });
  const job = new TestRun({
    definition: flow(linear('root', [task('src'), each])),
    catalog: fakeCatalog,
    script: ({ kind, atom, attempt }) =>
      kind === 'apply' && atom === 'src' ? { output: { list: attempt === 1 ? ['a', 'b', 'c'] : ['b'] } } : undefined,
  }).go();
  const choice: RollbackChoice = { kind: 'atoms', atoms: ['src'], leaveOut: [{ atom: 'p[0].x', reason: 'in use' }] };
  job.act({ kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(job.run, choice).hash }).finish();
  job.act({ kind: 'APPLY_AGAIN', reason: '', parameters: {} }).finish();

  const dropped = droppedOf(job.run);
  expect(dropped.touched).toEqual(new Map([['p[0].x', 'for_each']]));
  expect(membersOf(job.run.flow, new Map(), dropped.empty).get('x')).toMatchObject({ tasks: ['p[0].x', 'p[1].x'], gone: ['p[2].x'] });
  expect(droppedWords(dropped.touched, { atom: 'p[0].x', state: 'SUCCESS' })).toBe('No longer in the list, stands from an earlier pass');
  expect(droppedWords(dropped.touched, { atom: 'p[0].x', state: 'REVERTED' })).toBeNull();
  expect(droppedWords(dropped.touched, { atom: 'p[1].x', state: 'SUCCESS' })).toBeNull();
});
