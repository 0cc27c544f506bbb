// Several conductors on one board: random flows, faults, acts and clocks (testing/simulation/conductor-simulation.ts). A failure
// prints its seed and the smallest scene that still fails.
import { it } from 'vitest';
import fc from 'fast-check';
import { simulateConductors } from '../testing/simulation/conductor-simulation.ts';

const RUNS = Number(process.env['WINDLASS_SIMULATIONS'] ?? 10_000);

const scene = fc.record({
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  steps: fc.integer({ min: 1, max: 150 }),
  width: fc.integer({ min: 2, max: 4 }),
  depth: fc.integer({ min: 0, max: 2 }),
  plain: fc.boolean(),
});

it(
  `I3 to I7, P9: over ${RUNS} random runs with conductors that sleep past their lease, die and get answers late`,
  async () => {
    const seed = Number(process.env['WINDLASS_SEED'] ?? 1);
    await fc.assert(fc.asyncProperty(scene, simulateConductors), { numRuns: RUNS, seed });
  },
  600_000 + 60 * RUNS,
);
