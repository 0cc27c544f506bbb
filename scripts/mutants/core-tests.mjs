// Where the core stands, and its tests: by example, and the slow ones that draw whole jobs or build very large ones.
export const RUN = 'packages/engine/src/run';
export const tests = [`${RUN}/`];
export const slow = [
  `${RUN}/simulate.test.ts`,
  `${RUN}/state/iterations-at-random.test.ts`,
  `${RUN}/decide/controls/limits.test.ts`,
  `${RUN}/decide/bounded-turns.test.ts`,
  `${RUN}/state/checkpoint/checkpoint.test.ts`,
];
