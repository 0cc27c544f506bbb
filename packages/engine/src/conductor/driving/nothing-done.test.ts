// R5: a task whose secret or type is absent, or whose input does not fit, never began. Its revert
// would fail three times for the same reason, and every task before it would stand.
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MemoryStore } from '../../board/memory-store.ts';
import { systemClock } from '../../clock.ts';
import { catalogOf, defineTask } from '../../task/define-task.ts';
import { MemoryFlows } from '../../definition/flows/memory-flows.ts';
import { inProcessRunner } from '../../dispatch/in-process-runner.ts';
import { typesFromCatalog } from '../../run/graph/atom-types.ts';
import { flow, linear, task } from '../../testing/flows.ts';
import { type Conductor, startConductor } from '../conductor.ts';

const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
const started: Conductor[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((conductor) => conductor.stop(50)));
});

const calls: string[] = [];
const note = defineTask({
  ...{ type: 'note', version: 1, title: 'Note', summary: 'Note', icon: 'box', group: 'Test' },
  input: z.object({ text: z.string().max(12) }),
  output: z.object({}),
  effects: { kind: 'reversible', undo: 'takes the note away' },
  repeatable: true,
  async apply({ text }) {
    calls.push(`apply ${text}`);
    return {};
  },
  async revert({ input: { text } }) {
    calls.push(`revert ${text}`);
  },
});
const odd = { ...note, type: 'odd' };

/** Two notes, the second with a secret as its text. The runner knows fewer types than the conductor, as after a deployment. */
async function ended(secrets: { readonly [name: string]: string }, type = 'note') {
  calls.length = 0;
  const store = new MemoryStore();
  const flows = new MemoryFlows();
  const second = { type, parameters: {}, bindings: { text: { from: 'secret', name: 'key' } } } as const;
  const definition = flow(
    linear('root', [
      task('a', { type: 'note', parameters: { text: 'first' } }),
      task('b', { ...second, revertPolicy: { attempts: 3, delayMs: 1 } }),
    ]),
  );
  const { id } = await flows.create(definition, ana, 1);
  await flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
  const conductor = startConductor({
    board: store,
    logbook: store,
    flows,
    typeOf: typesFromCatalog(catalogOf([note, odd])),
    runner: inProcessRunner({
      catalog: catalogOf([note]),
      world: {},
      secrets: { resolve: async (name) => secrets[name] },
      log: () => {},
    }),
    clock: systemClock,
    conductor: { id: 'c1', name: 'c1' },
  });
  started.push(conductor);
  const posted = await conductor.launch({ flow: id, version: 1, inputs: {}, priority: 0, actor: ana, key: null });
  const job = posted.kind === 'posted' ? posted.job : '';
  await expect.poll(async () => (await store.get(job))?.state).toBe('COMPLETE');
  const entries = await store.read(job, { after: 0, limit: 1_000 });
  return { run: (await store.get(job))?.run, entries };
}

describe('a task that failed before its code ran', () => {
  it.each([
    ['its secret is absent', {}, 'note', 'SECRET_ABSENT'],
    ['its type is absent', { key: 'short' }, 'odd', 'TASK_TYPE_ABSENT'],
    ['its input does not fit after the secret is filled in', { key: 'much too long a text' }, 'note', 'INPUT_INVALID'],
  ])('%s: the job ends REVERTED', async (_, secrets, type, code) => {
    const { run, entries } = await ended(secrets, type);
    expect(run).toBe('REVERTED');
    expect(calls).toEqual(['apply first', 'revert first']);
    const ofB = entries.flatMap((entry) => (entry.kind === 'ATOM' && entry.atom === 'b' ? [[entry.to, entry.data?.failure?.code]] : []));
    expect(ofB).toEqual([
      ['RUNNING', undefined],
      ['FAILURE', code],
      ['REVERTED', undefined],
    ]);
  });

  it('S4: an input is not checked against its schema while it contains a placeholder', async () => {
    const { run } = await ended({ key: 'short' });
    expect(run).toBe('SUCCESS');
    expect(calls).toEqual(['apply first', 'apply short']);
  });
});
