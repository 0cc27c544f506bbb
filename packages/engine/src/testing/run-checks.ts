// Checks that a run of any flow must pass (I4, I5, I8). Apart from run-in-memory.ts, because they need the test runner.
import { expect, it } from 'vitest';
import type { FlowDefinition } from '../definition/schema.ts';
import { typesFromCatalog } from '../run/graph/atom-types.ts';
import { compileFlow } from '../run/graph/compiler.ts';
import { planRollback } from '../run/plan/plan-rollback.ts';
import { replay } from '../run/state/fold/fold.ts';
import { emptyRun } from '../run/state/run.ts';
import { restoreRun, snapshotOf } from '../run/state/snapshot/snapshot-of.ts';
import { fakeCatalog } from './flows.ts';
import { type Script, TestRun } from './run-in-memory.ts';

export interface CheckedFlow {
  readonly definition: FlowDefinition;
  readonly script?: Script;
  readonly inputs?: { readonly list: string[] };
}

/** A run of the flow that has not begun. */
export function runOf({ definition, script, inputs }: CheckedFlow): TestRun {
  return new TestRun({ definition, catalog: fakeCatalog, ...(script ? { script } : {}), ...(inputs ? { inputs } : {}) });
}

/** Registers the checks of I4, I5 and I8. `straight` is the run of the flow that was driven to its end without a crash. */
export function checkRun(flow: CheckedFlow, straight: TestRun): void {
  it('I4, L1: replaying all entries, and restoring a snapshot at any entry, give the original state', () => {
    const compiled = compileFlow(flow.definition, typesFromCatalog(fakeCatalog));
    expect(snapshotOf(replay(emptyRun(compiled), straight.entries))).toEqual(snapshotOf(straight.run));
    for (let at = 0; at <= straight.entries.length; at += 1) {
      const half = replay(emptyRun(compiled), straight.entries.slice(0, at));
      const restored = replay(restoreRun(compiled, structuredClone(snapshotOf(half))), straight.entries.slice(at));
      expect(snapshotOf(restored), `entry ${at}`).toEqual(snapshotOf(straight.run));
    }
  });

  it('I5: killed after each turn and resumed, it ends as the unkilled run, and no result is recorded twice', () => {
    let turns = 0;
    for (let kill = 0; turns === kill; kill += 1) {
      const test = runOf(flow).claim();
      for (turns = 0; turns < kill && test.pending.length > 0; turns += 1) test.answerNext();
      test.crash();
      if (test.run.job === 'CLAIMED') test.claim();
      test.finish();
      expect(test.states, `kill ${kill}`).toEqual(straight.states);
      expect(test.run.state).toBe(straight.run.state);
      expect(resultsOf(test), `kill ${kill}`).toEqual(resultsOf(straight));
    }
  });

  it('I8: the reverts that a rollback carries out equal its plan', () => {
    const test = runOf(flow).go();
    const before = test.calls.length;
    const planned = rollBackAll(test);
    if (planned === null) return;
    expect(test.calls.slice(before).sort()).toEqual(planned.map((atom) => `revert ${atom}`).sort());
    expect(['REVERTED', 'PARTIALLY_REVERTED']).toContain(test.run.state);
  });
}

/** Rolls the whole job back and returns the atoms whose revert was planned; null when the plan is blocked. */
export function rollBackAll(test: TestRun): readonly string[] | null {
  const plan = planRollback(test.run, { kind: 'job' });
  if (plan.blocked !== null) return null;
  test.act({ kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash: plan.hash }).finish();
  return plan.waves.flat().flatMap(({ atom, action }) => (action === 'revert' ? [atom] : []));
}

/** The attempts that succeeded, each as often as its result was recorded. */
function resultsOf(test: TestRun): readonly string[] {
  return test.entries
    .flatMap((entry) => (entry.kind === 'ATOM' && entry.to === 'SUCCESS' ? [`${entry.atom} ${entry.attempt}`] : []))
    .sort();
}
