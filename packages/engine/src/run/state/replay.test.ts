// L1, I4, I5: every story is run straight, and again killed after each of its entries and resumed.
import { describe, expect, it } from 'vitest';
import { fakeCatalog, flow, graph, linear, task, unordered } from '../../testing/flows.ts';
import { type Script, TestRun } from '../../testing/run-in-memory.ts';
import type { FlowDefinition } from '../../definition/schema.ts';
import { typesFromCatalog } from '../graph/atom-types.ts';
import { compileFlow } from '../graph/compiler.ts';
import { replay } from './fold.ts';
import { emptyRun } from './run.ts';
import { restoreRun, snapshotOf } from './snapshot-of.ts';

const fail =
  (...wanted: string[]): Script =>
  ({ kind, atom }) =>
    wanted.includes(`${kind} ${atom}`) ? { fail: 'BROKEN' } : undefined;

const nested = () =>
  flow(
    linear('f', [
      task('start'),
      graph('g', [task('a'), unordered('u', [task('u1'), task('u2'), task('u3')], 2), task('z')], ['a>u', 'u>z']),
      task('end'),
    ]),
  );

const cases: Record<string, { definition: FlowDefinition; script?: Script }> = {
  'a success': { definition: nested() },
  'a failure in the middle': { definition: nested(), script: fail('apply u2') },
  'a failure at the end': { definition: nested(), script: fail('apply end') },
  'a revert that fails': { definition: nested(), script: fail('apply end', 'revert a') },
  'something irreversible': { definition: flow(linear('f', [task('a'), task('m', { type: 'send' }), task('c')])), script: fail('apply c') },
  'a hold': { definition: { ...nested(), onFailure: 'hold' }, script: fail('apply z') },
};

describe.each(Object.entries(cases))('%s', (_, { definition, script }) => {
  const make = () => new TestRun({ definition, catalog: fakeCatalog, ...(script ? { script } : {}) });
  const straight = make().go();

  it('L1: the fold of the entries is the live state', () => {
    const flowOf = compileFlow(definition, typesFromCatalog(fakeCatalog));
    expect(snapshotOf(replay(emptyRun(flowOf), straight.entries))).toEqual(snapshotOf(straight.run));
  });

  it('a snapshot restored goes on exactly as the original', () => {
    const flowOf = compileFlow(definition, typesFromCatalog(fakeCatalog));
    for (let at = 0; at <= straight.entries.length; at += 1) {
      const half = replay(emptyRun(flowOf), straight.entries.slice(0, at));
      const restored = replay(restoreRun(flowOf, structuredClone(snapshotOf(half))), straight.entries.slice(at));
      expect(snapshotOf(restored)).toEqual(snapshotOf(straight.run));
    }
  });

  it('I5: killed after each turn and resumed, it ends as the unkilled one, and no result is recorded twice', () => {
    for (let kill = 0; kill < 60; kill += 1) {
      const test = make().claim();
      for (let turn = 0; turn < kill && test.pending.length > 0; turn += 1) test.answerNext();
      test.crash();
      if (test.run.job === 'CLAIMED') test.claim();
      test.finish();
      expect(test.states).toEqual(straight.states);
      expect(test.run.state).toBe(straight.run.state);
      const results = test.entries.flatMap((entry) => (entry.kind === 'ATOM' && entry.to === 'SUCCESS' ? [entry.atom] : []));
      expect(new Set(results).size).toBe(results.length);
    }
  });
});
