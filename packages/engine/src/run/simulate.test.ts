// Random flows, random answers in random order, random acts and crashes; after each step the invariants of a run are
// checked. A failure prints its seed and the smallest drawing and number of steps that still fail.
import { expect, it } from 'vitest';
import fc from 'fast-check';
import { drawAct } from '../testing/draw-act.ts';
import { type Size, drawFlow, lots } from '../testing/draw-flow.ts';
import { fakeCatalog } from '../testing/flows.ts';
import { type Script, TestRun } from '../testing/run-in-memory.ts';
import { droppedFrom } from './graph/graph.ts';
import { planRollback } from './plan/plan-rollback.ts';
import { refusalOf } from './acts/refuse.ts';
import type { RollbackPlan } from './plan/rollback-plan.ts';
import type { Run } from './state/run.ts';
import { restoreRun, snapshotOf } from './state/snapshot-of.ts';

const RUNS = Number(process.env['WINDLASS_SIMULATIONS'] ?? 10_000);

/** Numbers of the atoms that come after an atom. */
function after(run: Run, index: number): Set<number> {
  const found = new Set<number>();
  const seen = new Set<number>();
  const reached = [run.flow.atoms[index]?.node ?? -1];
  for (let node = reached.pop(); node !== undefined; node = reached.pop()) {
    for (const next of run.flow.nodes[node]?.after ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      reached.push(next);
      const atom = run.flow.nodes[next]?.atom ?? -1;
      if (atom >= 0) found.add(atom);
    }
  }
  return found;
}

function check(test: TestRun, seen: number): void {
  const { run } = test;
  for (const entry of test.entries.slice(seen)) {
    if (entry.kind !== 'ATOM') continue;
    const index = run.flow.atomByAddress.get(entry.atom)?.index ?? -1;
    if (entry.to === 'RUNNING' && entry.from === 'PENDING' && run.atoms[index]?.state === 'RUNNING') {
      // I1: nothing is applied before what comes before it is finished; what takes any of its links waits for one alone.
      if (!run.flow.atoms.some(({ guard }) => guard?.any))
        run.atoms.forEach((before, at) => {
          if (at !== index && droppedFrom(run.flow, at) === null && after(run, at).has(index))
            expect(['SUCCESS', 'IGNORE'], `I1 ${entry.atom} after ${before.atom}`).toContain(before.state);
        });
    }
    if (entry.to === 'REVERTING' && run.state === 'REVERTING') {
      // I2: nothing is reverted while something of the rollback after it is not settled.
      for (const later of after(run, index)) expect(run.undo?.open[later], `I2 ${entry.atom} before ${run.atoms[later]?.atom}`).toBe(0);
    }
  }
  const flying = run.atoms.filter(
    ({ state, notBefore, stopping, inDoubt }) =>
      state === 'RUNNING' || (state === 'REVERTING' && notBefore === 0) || stopping > 0 || inDoubt !== null,
  );
  expect(run.busy, 'busy').toBe(flying.length);
  expect(run.failed.size, 'failures').toBe(run.atoms.filter(({ state }) => state === 'FAILURE').length);
  expect(run.doubts + run.overdue, 'doubts').toBe(run.atoms.filter(({ inDoubt }) => inDoubt !== null).length);
  // I7: a run that waits for nobody has ended, or says what it waits for, and has let go of its job.
  if (test.pending.length === 0 && test.wakeAt === null && run.job === 'CLAIMED')
    throw new Error(`I7: nothing is pending, the run is ${run.state}`);
  // T1: REVERTED says that nothing with an effect stands.
  if (run.state === 'REVERTED') {
    const standing = run.atoms.filter(
      ({ state, applied, kept }, at) =>
        applied &&
        kept === null &&
        state === 'SUCCESS' &&
        run.flow.atoms[at]?.kind === 'task' &&
        run.flow.atoms[at]?.type?.effects.kind !== 'none',
    );
    expect(standing, 'T1').toEqual([]);
  }
  // I3, Z1: one destroy takes back all stages, so none of them stands beside one that is undone.
  if (run.state === 'REVERTED' || run.state === 'PARTIALLY_REVERTED') {
    for (const { stages } of run.flow.containers) {
      if (run.flow.atoms[stages[0] ?? -1]?.type?.destroys !== true) continue;
      const atoms = stages.flatMap((stage) => run.atoms[stage] ?? []);
      if (!atoms.some(({ state }) => state === 'REVERTED')) continue;
      expect(
        atoms.filter(({ state, applied, kept }) => applied && kept === null && state === 'SUCCESS'),
        'I3 destroyed',
      ).toEqual([]);
    }
  }
}

interface Scene extends Size {
  readonly seed: number;
  readonly steps: number;
}

/** A rollback that was confirmed, and the number of entries by then. */
interface Confirmed {
  readonly plan: RollbackPlan;
  readonly since: number;
}

/** I8: once it has come to its end, what was called and what was kept is what the plan said. */
function checkCarriedOut({ run, entries }: TestRun, { plan, since }: Confirmed): void {
  const undone = entries.slice(since);
  const planned = (action: string) => plan.waves.flat().flatMap((one) => (one.action === action ? [one.atom] : []));
  const called = undone.flatMap((entry) =>
    entry.kind === 'ATOM' && entry.to === 'REVERTING' && !plan.controls.includes(entry.atom) ? [entry.atom] : [],
  );
  const kept = undone.flatMap((entry) => (entry.kind === 'MARK' && entry.mark === 'KEPT' ? [entry.atom] : []));
  const sorted = (atoms: readonly string[]) => [...new Set(atoms)].sort();
  if (run.state === 'REVERTED' || run.state === 'PARTIALLY_REVERTED') {
    expect(sorted(called), 'I8 reverts').toEqual(sorted(planned('revert')));
    expect(sorted(kept), 'I8 kept').toEqual(sorted(planned('keep')));
  } else {
    expect(planned('revert'), 'I8 reverts so far').toEqual(expect.arrayContaining(sorted(called)));
  }
}

function run(size: Scene): void {
  const draw = lots(size.seed);
  const failing = draw.chance(0.6) ? 0.15 : 0;
  const script: Script = ({ kind }) => {
    if (kind === 'probe') return { happened: draw.pick(['yes', 'no', 'unknown'] as const) };
    return draw.chance(kind === 'apply' ? failing : failing * 1.5) ? { fail: 'BROKEN' } : undefined;
  };
  const test = new TestRun({ definition: drawFlow(draw, size), catalog: fakeCatalog, script, parallel: draw.pick([1, 2, 1_000]) });
  test.claim();
  let confirmed: Confirmed | null = null;
  const act = () => {
    const wanted = drawAct(draw, test.run);
    if (refusalOf(test.run, wanted) !== null) return;
    confirmed = wanted.kind === 'ROLL_BACK' ? { plan: planRollback(test.run, wanted.choice), since: test.entries.length } : null;
    test.act(wanted);
  };
  for (let step = 0; step < size.steps; step += 1) {
    const seen = test.entries.length;
    const lot = draw.below(20);
    if (lot === 0 && test.run.number > 1) {
      test.crash();
      // I4: replay is the live state, and a snapshot goes on from it.
      expect(snapshotOf(restoreRun(test.flow, structuredClone(snapshotOf(test.run)))), 'I4').toEqual(snapshotOf(test.run));
      if (test.run.job === 'CLAIMED' || test.run.job === 'UNCLAIMED') test.claim();
    } else if (lot < 4) {
      act();
    } else if (test.pending.length > 0) {
      // Answers come in any order.
      test.answer(draw.below(test.pending.length));
    } else if (test.wakeAt !== null && lot < 14) {
      test.passTime();
    } else if (test.run.job === 'WAITING' && test.run.wakeAt !== null && lot < 14) {
      test.wake();
    } else if (lot < 8) {
      act();
    }
    check(test, seen);
    if (confirmed !== null) checkCarriedOut(test, confirmed);
  }
  const results = test.entries.flatMap((entry) =>
    entry.kind === 'ATOM' && entry.to === 'SUCCESS' ? [`${entry.atom} ${entry.attempt}`] : [],
  );
  expect(new Set(results).size, 'a result recorded twice').toBe(results.length);
}

const scene = fc.record({
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  steps: fc.integer({ min: 1, max: 80 }),
  width: fc.integer({ min: 2, max: 4 }),
  depth: fc.integer({ min: 0, max: 3 }),
  plain: fc.boolean(),
});

it(`keeps I1, I2, I3, I4, I7, I8, T1 and Z1 over ${RUNS} random runs with failures, crashes and acts`, () => {
  const seed = Number(process.env['WINDLASS_SEED'] ?? 1);
  fc.assert(fc.property(scene, run), { numRuns: RUNS, seed });
}, 600_000);

/** The same answer to the same call of the same attempt, whenever it comes. */
function fixedScript(seed: number, failing: number): Script {
  return ({ kind, atom, attempt, revertAttempt }) => {
    const fails = (what: string, share: number) => {
      const mixed = [...what].reduce((sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 16_777_619), seed);
      return lots(mixed).chance(share);
    };
    const applyFails = fails(`apply ${atom} ${attempt}`, failing);
    if (kind === 'probe') return { happened: applyFails ? 'no' : 'yes' };
    const isBroken = kind === 'apply' ? applyFails : fails(`revert ${atom} ${attempt} ${revertAttempt}`, failing / 2);
    return isBroken ? { fail: 'BROKEN' } : undefined;
  };
}

/** What is left of a run when it has come to its end: every fact but the times and the entries that a repetition adds. */
function endOf({ run }: TestRun) {
  return {
    state: run.state,
    attention: run.attention,
    outputs: run.outputs,
    forward: run.forward?.kind,
    atoms: run.atoms.map(({ atom, state, attempt, kept, output }) => [atom, state, attempt, kept, output]),
  };
}

/** Runs to the end or to where a person is needed; killed after so many turns, if that is given. */
function toItsEnd(size: Scene, kill = Infinity): TestRun {
  const draw = lots(size.seed);
  const definition = drawFlow(draw, { ...size, serial: true });
  // What must not be repeated blindly waits for a person after a crash, and so would not end alike.
  const repeatable = JSON.parse(JSON.stringify(definition).replaceAll('"type":"once"', '"type":"probed"')) as typeof definition;
  const test = new TestRun({ definition: repeatable, catalog: fakeCatalog, script: fixedScript(size.seed, 0.2), parallel: 1 });
  test.claim();
  for (let turn = 0; turn < 3_000; turn += 1) {
    if (turn === kill) {
      test.crash();
      if (test.run.job === 'CLAIMED') test.claim();
    }
    if (test.pending.length > 0 || test.wakeAt !== null) test.answerNext();
    else if (test.run.job === 'WAITING' && test.run.wakeAt !== null) test.wake();
    else return test;
  }
  throw new Error('it does not end');
}

it(`I5: over ${RUNS / 2} random flows, killed after any turn and resumed, the end is that of the unkilled run`, () => {
  const seed = Number(process.env['WINDLASS_SEED'] ?? 1);
  const killed = fc.property(scene, fc.nat({ max: 40 }), (size, kill) => {
    const again = toItsEnd(size, kill);
    expect(endOf(again)).toEqual(endOf(toItsEnd(size)));
    const results = again.entries.flatMap((entry) =>
      entry.kind === 'ATOM' && entry.to === 'SUCCESS' ? [`${entry.atom} ${entry.attempt}`] : [],
    );
    expect(new Set(results).size, 'a result recorded twice').toBe(results.length);
  });
  fc.assert(killed, { numRuns: RUNS / 2, seed });
}, 600_000);
