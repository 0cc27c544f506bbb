import { catalogOf } from '@windlass/engine/task';
import { TestRun, flow, linear, task } from '@windlass/engine/testing';
import { describe, expect, it } from 'vitest';
import { approval } from './approval.ts';
import { delay } from './delay.ts';
import { signal } from './signal.ts';

const NOW = Date.parse('2030-01-01T00:00:00Z');

describe('delay', () => {
  it('J6: waits for as long as it is told, as a time that the engine keeps', () => {
    expect(delay.waits?.({ ms: 80 }, NOW)).toEqual({ on: 'timer', until: NOW + 80, output: { waitedMs: 80 } });
  });

  it('waits until a time, and not at all for one that is past', () => {
    expect(delay.waits?.({ until: '2030-01-01T01:00:00+01:00' }, NOW - 60)).toMatchObject({ until: NOW });
    expect(delay.waits?.({ until: '2001-01-01T00:00:00Z' }, NOW)).toMatchObject({ until: NOW, output: { waitedMs: 0 } });
  });

  it('waits by the wall clock for a time that a person gave, and by the time that passes for a duration', () => {
    const ahead = NOW + 3_600_000;
    const given = { on: 'timer', until: NOW + 60, byWallClock: true, output: { waitedMs: 60 } };
    expect(delay.waits?.({ until: '2030-01-01T00:00:00.060Z' }, ahead, NOW)).toEqual(given);
    expect(delay.waits?.({ ms: 80 }, ahead, NOW)).toEqual({ on: 'timer', until: ahead + 80, output: { waitedMs: 80 } });
  });

  it.each(['tomorrow', '2027-02-29T08:00:00Z'])('S3: a job whose delay is until %j fails with TIME_INVALID', (until) => {
    const definition = flow(linear('f', [task('wait', { type: 'delay', parameters: { until } })]));
    const test = new TestRun({ definition, catalog: catalogOf([delay]) }).go();
    expect(test.run.state).toBe('REVERTED');
    expect(test.run.forward).toMatchObject({ kind: 'failed', atom: 'wait', failure: { code: 'TIME_INVALID' } });
  });
});

it('an approval waits for a person, with a time and what then', () => {
  const wait = approval.waits?.({ question: 'Ship?', by: ['ana'], withinMs: 5_000, otherwise: 'approve' }, NOW);
  expect(wait).toEqual({ on: 'approval', question: 'Ship?', by: ['ana'], until: NOW + 5_000, then: 'approve' });
});

it('a signal waits by name', () => {
  expect(signal.waits?.({ name: 'deployed' }, NOW)).toEqual({ on: 'signal', name: 'deployed', until: null, then: 'fail' });
});

describe('S4: every answer of a wait fits the schema of its built-in type', () => {
  const started = (type: string, parameters: { [name: string]: unknown }) =>
    new TestRun({
      definition: flow(linear('f', [task('a', { type, parameters: parameters as never })])),
      catalog: catalogOf([approval, delay, signal]),
    }).claim();
  const question = 'Ship?';

  it.each<[string, TestRun]>([
    ['a delay that ends', started('delay', { ms: 80_000 }).wake()],
    ['a time that has come', started('delay', { until: '1970-01-01T00:01:00Z' }).wake()],
    ['an approval', started('approval', { question }).act({ kind: 'ANSWER_APPROVAL', reason: '', atom: 'a', approved: true })],
    ['an approval that no person gave', started('approval', { question, withinMs: 5_000, otherwise: 'approve' }).wake()],
    ['a signal', started('signal', { name: 'go' }).act({ kind: 'SIGNAL', reason: '', name: 'go', data: [1, { two: null }] })],
    ['a signal that did not come', started('signal', { name: 'go', withinMs: 5_000, otherwise: 'go_on' }).wake()],
  ])('%s', (_, test) => {
    expect(test.run.atoms.map(({ failure }) => failure)).toEqual([null]);
    expect(test.run.state).toBe('SUCCESS');
  });
});
