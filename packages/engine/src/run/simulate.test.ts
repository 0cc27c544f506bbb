// Random flows, random answers in random order, random acts and crashes; after each turn the laws of a run are checked
// (testing/simulation/run-laws.ts). A failure prints its seed and the smallest flow and number of steps that still fail.
import { expect, it } from 'vitest';
import fc from 'fast-check';
import { drawFlow, lots, withProbes } from '../testing/draw-flow.ts';
import { fakeCatalog } from '../testing/flows.ts';
import { type Script, TestRun } from '../testing/run-in-memory.ts';
import { type Scene, simulateRun } from '../testing/simulation/core-simulation.ts';

const RUNS = Number(process.env['WINDLASS_SIMULATIONS'] ?? 10_000);

const scene = fc.record({
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  steps: fc.integer({ min: 1, max: 80 }),
  width: fc.integer({ min: 2, max: 4 }),
  depth: fc.integer({ min: 0, max: 3 }),
  plain: fc.boolean(),
});

it(
  `keeps I1, I2, I3, I4, I7, I8, T1 and Z1 over ${RUNS} random runs with failures, crashes and acts`,
  () => {
    const seed = Number(process.env['WINDLASS_SEED'] ?? 1);
    fc.assert(fc.property(scene, simulateRun), { numRuns: RUNS, seed });
  },
  600_000 + 60 * RUNS,
);

/** Gives the same answer to the same call of the same attempt, at any time. */
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

/** The end of a run: every fact except times and the entries that a repetition adds. */
function endOf({ run }: TestRun) {
  return {
    state: run.state,
    attention: run.attention,
    outputs: run.outputs,
    forward: run.forward?.kind,
    atoms: run.atoms.map(({ atom, state, attempt, kept, output }) => [atom, state, attempt, kept, output]),
  };
}

/** Runs until the end or until a person is needed; with `kill`, the process dies after that number of turns. */
function toItsEnd(size: Scene, kill = Infinity): TestRun {
  const draw = lots(size.seed);
  const definition = drawFlow(draw, { ...size, serial: true });
  // A task that may not be repeated waits for a person after a crash, so such a run would end differently.
  const test = new TestRun({
    definition: withProbes(definition),
    catalog: fakeCatalog,
    script: fixedScript(size.seed, size.seed % 2 === 0 ? 0.2 : 0.4),
    parallel: 1,
  });
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

it(
  `I5: over ${RUNS / 2} random flows, killed after any turn and resumed, the end is that of the unkilled run`,
  () => {
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
  },
  600_000 + 60 * RUNS,
);
