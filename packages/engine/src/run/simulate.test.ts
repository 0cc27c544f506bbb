// Random flows, random answers in random order, random acts and crashes; after each step the invariants of a run are
// checked. A failure prints its seed and the smallest drawing and number of steps that still fail.
import { expect, it } from 'vitest';
import fc from 'fast-check';
import { type Lots, type Size, drawFlow, lots } from '../testing/draw-flow.ts';
import { fakeCatalog } from '../testing/flows.ts';
import { type Script, TestRun } from '../testing/run-in-memory.ts';
import type { Act, RollbackChoice } from './act.ts';
import { planRollback } from './plan-rollback.ts';
import { refusalOf } from './refuse.ts';
import type { Run } from './run.ts';
import { restoreRun, snapshotOf } from './snapshot-of.ts';

const RUNS = Number(process.env['WINDLASS_SIMULATIONS'] ?? 10_000);

function randomAct(draw: Lots, run: Run): Act {
  const atoms = run.atoms.map(({ atom }) => atom);
  const atom = draw.pick(atoms.length > 0 ? atoms : ['none']);
  const choice: RollbackChoice = draw.pick<RollbackChoice>([
    { kind: 'job' },
    { kind: 'toEntry', number: 1 + draw.below(run.number) },
    {
      kind: 'atoms',
      atoms: [atom],
      leaveOut: draw.chance(0.3) ? [{ atom: draw.pick(atoms.length > 0 ? atoms : ['none']), reason: 'left' }] : [],
    },
  ]);
  return draw.pick<Act>([
    { kind: 'SUSPEND', reason: '' },
    { kind: 'RESUME', reason: '' },
    { kind: 'RESUME', reason: '' },
    { kind: 'CANCEL', reason: '', then: draw.pick(['revert', 'hold'] as const) },
    { kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(run, choice).hash },
    { kind: 'APPLY_AGAIN', reason: '' },
    { kind: 'RETRY_FAILED', reason: '', parameters: {} },
    { kind: 'SKIP_FAILED', reason: 'skip', atom, output: {} },
    { kind: 'RETRY_REVERT', reason: '', atom },
    { kind: 'MARK_REVERTED', reason: 'by hand', atom },
    { kind: 'KEEP', reason: 'keep', atom },
    {
      kind: 'SETTLE_DOUBT',
      reason: 'looked',
      atom,
      answer: draw.pick([{ kind: 'happened', output: {} }, { kind: 'repeat' }, { kind: 'failed' }] as const),
    },
  ]);
}

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
          if (at !== index && after(run, at).has(index))
            expect(['SUCCESS', 'IGNORE'], `I1 ${entry.atom} after ${before.atom}`).toContain(before.state);
        });
    }
    if (entry.to === 'REVERTING' && run.state === 'REVERTING') {
      // I2: nothing is reverted while something of the rollback after it is not settled.
      for (const later of after(run, index)) expect(run.undo?.open[later], `I2 ${entry.atom} before ${run.atoms[later]?.atom}`).toBe(0);
    }
  }
  const flying = run.atoms.filter(({ state, notBefore }) => state === 'RUNNING' || (state === 'REVERTING' && notBefore === 0));
  expect(run.busy, 'busy').toBe(flying.length);
  expect(run.failed.size, 'failures').toBe(run.atoms.filter(({ state }) => state === 'FAILURE').length);
  expect(run.doubts, 'doubts').toBe(run.atoms.filter(({ inDoubt }) => inDoubt !== null).length);
  // I7: a run that waits for nobody has ended, or says what it waits for, and has let go of its job.
  if (test.pending.filter(({ kind }) => kind !== 'ABORT').length === 0 && run.job === 'CLAIMED')
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
}

interface Scene extends Size {
  readonly seed: number;
  readonly steps: number;
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
  for (let step = 0; step < size.steps; step += 1) {
    const seen = test.entries.length;
    const lot = draw.below(20);
    if (lot === 0 && test.run.number > 1) {
      test.crash();
      // I4: replay is the live state, and a snapshot goes on from it.
      expect(snapshotOf(restoreRun(test.flow, structuredClone(snapshotOf(test.run)))), 'I4').toEqual(snapshotOf(test.run));
      if (test.run.job === 'CLAIMED' || test.run.job === 'UNCLAIMED') test.claim();
    } else if (lot < 4) {
      const act = randomAct(draw, test.run);
      if (refusalOf(test.run, act) === null) test.act(act);
    } else if (test.pending.length > 0) {
      // Answers come in any order.
      test.answer(draw.below(test.pending.length));
    } else if (test.run.job === 'WAITING' && test.run.wakeAt !== null && lot < 14) {
      test.wake();
    } else if (lot < 8) {
      const act = randomAct(draw, test.run);
      if (refusalOf(test.run, act) === null) test.act(act);
    }
    check(test, seen);
  }
  const results = test.entries.flatMap((entry) =>
    entry.kind === 'ATOM' && entry.to === 'SUCCESS' ? [`${entry.atom} ${entry.attempt}`] : [],
  );
  expect(new Set(results).size, 'a result recorded twice').toBe(results.length);
}

const size = fc.record({
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  steps: fc.integer({ min: 1, max: 80 }),
  width: fc.integer({ min: 2, max: 4 }),
  depth: fc.integer({ min: 0, max: 3 }),
  plain: fc.boolean(),
});

it(`keeps I1, I2, I4, I7 and T1 over ${RUNS} random runs with failures, crashes and acts`, () => {
  const seed = Number(process.env['WINDLASS_SEED'] ?? 1);
  fc.assert(fc.property(size, run), { numRuns: RUNS, seed });
}, 600_000);
