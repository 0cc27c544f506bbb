// A turn costs as much as it begins or ends, however many atoms wait beside it.
import { expect, it } from 'vitest';
import { fakeCatalog, flow, task, unordered } from '../../testing/flows.ts';
import { TestRun } from '../../testing/run-in-memory.ts';
import type { Run } from '../state/run.ts';

/** Counts how often the state of an atom is read. */
function counting(run: Run): { reads: number } {
  const counted = { reads: 0 };
  const get: ProxyHandler<Run['atoms']>['get'] = (atoms, field, receiver) => {
    counted.reads += 1;
    return Reflect.get(atoms, field, receiver) as unknown;
  };
  (run as { atoms: Run['atoms'] }).atoms = new Proxy(run.atoms, { get });
  return counted;
}

/** A run in which all tasks have begun to wait, with the number of reads per task. */
function begun(type: string, count: number) {
  const items = Array.from({ length: count }, (_, at) => task(`t${at}`, { type, parameters: { then: 'fail' } }));
  const test = new TestRun({ definition: flow(unordered('f', items)), catalog: fakeCatalog, parallel: 1_000_000 });
  const counted = counting(test.run);
  test.claim();
  while (test.wakeAt === 0) test.send({ kind: 'DUE' });
  expect([test.run.waiting, test.run.job]).toEqual([count, 'WAITING']);
  return { test, reads: counted.reads / count };
}

it.each(['pause', 'ask', 'listen'])('J6: waits of type %s that begin together are read as often each, however many they are', (type) => {
  for (const count of [1_000, 10_000]) expect(begun(type, count).reads).toBeLessThan(12);
});

it('J6: waits that end together are read as often each, however many they are', () => {
  const readsOf = (count: number) => {
    const { test } = begun('pause', count);
    const counted = counting(test.run);
    test.wake();
    while (test.wakeAt === 0) test.send({ kind: 'DUE' });
    expect(test.run.state).toBe('SUCCESS');
    return counted.reads / count;
  };
  const few = readsOf(1_000);
  expect(readsOf(10_000)).toBeLessThan(1.5 * few);
});
