// B6: before a rollback by hand, types with a check compare their effects with what apply left.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MemoryStore } from '../board/memory-store.ts';
import { systemClock } from '../clock.ts';
import { MemoryFlows } from '../definition/flows/memory-flows.ts';
import type { TaskCall, TaskOutcome } from '../dispatch/task-runner.ts';
import { typesFromCatalog } from '../run/graph/atom-types.ts';
import { fakeCatalog, flow, linear, task } from '../testing/flows.ts';
import { type Conductor, startConductor } from './conductor.ts';

const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
const whole = { kind: 'job' } as const;
const done = (output: string | null | object): TaskOutcome => ({ kind: 'done', output: output as never });
const started: Conductor[] = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(started.splice(0).map((conductor) => conductor.stop(50)));
});

/** A job that has succeeded; `look` gives the answer of an atom's check. */
async function finished(look: (atom: string) => Promise<TaskOutcome>) {
  const store = new MemoryStore();
  const flows = new MemoryFlows();
  const calls: TaskCall[] = [];
  const definition = flow(linear('root', [task('a', { type: 'checked' }), task('b'), task('c', { type: 'checked' })]));
  const { id } = await flows.create(definition, ana, 1);
  await flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
  const conductor = startConductor({
    board: store,
    logbook: store,
    flows,
    typeOf: typesFromCatalog(fakeCatalog),
    runner: {
      run: async (call) => {
        calls.push(call);
        return call.kind === 'check' ? look(call.atom) : done({ made: call.atom });
      },
    },
    clock: systemClock,
    conductor: { id: 'c1', name: 'c1' },
  });
  started.push(conductor);
  const posted = await conductor.launch({ flow: id, version: 1, inputs: {}, priority: 0, actor: ana, key: null });
  const job = posted.kind === 'posted' ? posted.job : '';
  const state = async () => (await store.get(job))?.run;
  await expect.poll(state).toBe('SUCCESS');
  const { hash } = await conductor.plan(job, whole);
  const rollBack = (more: object = {}) => conductor.act(job, { kind: 'ROLL_BACK', reason: '', choice: whole, hash, ...more }, ana);
  return { conductor, store, job, calls, state, rollBack };
}

describe('B6: drift', () => {
  it('calls only the checks of types that have one, with the output of apply', async () => {
    const { conductor, job, calls } = await finished(async () => done(null));
    const plan = await conductor.plan(job, whole);
    expect(plan.waves.flat().map(({ atom, checked }) => [atom, checked])).toEqual([
      ['c', true],
      ['b', false],
      ['a', true],
    ]);
    expect(calls.filter(({ kind }) => kind === 'check')).toEqual([]);
    expect(await conductor.drift(job, whole)).toEqual([]);
    expect(calls.filter(({ kind }) => kind === 'check').map(({ atom, output }) => [atom, output])).toEqual([
      ['c', { made: 'c' }],
      ['a', { made: 'a' }],
    ]);
  });

  it('a rollback that does not name the drift is refused; with the drift and a reason it is carried out and logged', async () => {
    const { conductor, store, job, calls, state, rollBack } = await finished(async (atom) => done(atom === 'a' ? 'a is gone.' : null));
    const drift = [{ atom: 'a', difference: 'a is gone.' }];
    expect(await conductor.drift(job, whole)).toEqual(drift);
    const before = (await store.read(job, { after: 0, limit: 1_000 })).length;
    const refused = await rollBack();
    expect(refused).toMatchObject({ kind: 'refused', code: 'DRIFTED' });
    expect(refused.kind === 'refused' && refused.message).toContain('a is no longer as apply left it: a is gone.');
    expect(await rollBack({ drift: [{ atom: 'a', difference: 'a was renamed.' }], reason: 'so be it' })).toMatchObject({ code: 'DRIFTED' });
    expect(await rollBack({ drift })).toMatchObject({ kind: 'refused', code: 'ACT_REFUSED' });
    expect(await store.read(job, { after: 0, limit: 1_000 })).toHaveLength(before);
    expect(await rollBack({ drift, reason: 'it is to go anyway' })).toMatchObject({ kind: 'done' });
    await expect.poll(state).toBe('REVERTED');
    // Each revert gets the confirmed drift of its own task.
    expect(calls.flatMap(({ kind, atom, drift: told }) => (kind === 'revert' ? [[atom, told]] : []))).toEqual([
      ['c', undefined],
      ['b', undefined],
      ['a', 'a is gone.'],
    ]);
    const act = (await store.read(job, { after: before, limit: 1_000 })).find(({ kind }) => kind === 'ACT');
    expect(act).toMatchObject({ act: 'ROLL_BACK', reason: 'it is to go anyway', data: { drift } });
  });

  it('a check that fails, or never answers, counts as drift', async () => {
    const { conductor, job } = await finished(async (atom) => {
      if (atom === 'a') return { kind: 'failed', failure: { code: 'REFUSED', message: 'the service is down' } };
      return new Promise(() => {});
    });
    vi.useFakeTimers();
    const asked = conductor.drift(job, whole);
    await vi.advanceTimersByTimeAsync(10_001);
    expect(await asked).toEqual([
      { atom: 'c', difference: 'It could not be checked: no answer within 10 s.' },
      { atom: 'a', difference: 'It could not be checked: the service is down' },
    ]);
  });

  it('a difference of 2 MB is cut to 2,000 characters with a mark, and can be confirmed as it was shown', async () => {
    const { conductor, store, job, state, rollBack } = await finished(async (atom) => {
      if (atom === 'a') return done('d'.repeat(2_000_000));
      return { kind: 'failed', failure: { code: 'REFUSED', message: 'f'.repeat(2_000_000) } };
    });
    const drift = await conductor.drift(job, whole);
    expect(drift).toEqual([
      { atom: 'c', difference: `${`It could not be checked: ${'f'.repeat(2_000)}`.slice(0, 2_000)}…` },
      { atom: 'a', difference: `${'d'.repeat(2_000)}…` },
    ]);
    expect(await rollBack({ drift: [...drift], reason: 'undo it anyway' })).toMatchObject({ kind: 'done' });
    await expect.poll(state).toBe('REVERTED');
    expect(JSON.stringify(await store.read(job, { after: 0, limit: 1_000 })).length).toBeLessThan(30_000);
  });
});
