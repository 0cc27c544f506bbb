// Where the core stands, and its tests: by example, and its simulator.
export const RUN = 'packages/engine/src/run';
export const tests = [
  `${RUN}/decide.test.ts`,
  `${RUN}/constructs.test.ts`,
  `${RUN}/resources.test.ts`,
  `${RUN}/iterations.test.ts`,
  `${RUN}/nothing-done.test.ts`,
  `${RUN}/limits.test.ts`,
  `${RUN}/found-by-simulation.test.ts`,
  `${RUN}/acts/`,
  `${RUN}/state/old-logbooks.test.ts`,
  `${RUN}/state/replay.test.ts`,
  `${RUN}/simulate.test.ts`,
];
