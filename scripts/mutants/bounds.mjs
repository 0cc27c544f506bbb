// Faults planted in what bounds a turn, in large values, and in checkpoints that are due. Each `from` stands once in its file.
import { RUN } from './core-tests.mjs';

const CONDUCTOR = 'packages/engine/src/conductor';
const TURNS = [`${RUN}/decide/bounded-turns.test.ts`];
const VALUES = [`${RUN}/state/values/`];

const mutants = [
  {
    name: 'turns: large values do not end a turn',
    tests: TURNS,
    file: `${RUN}/decide/limits.ts`,
    from: `entries >= most || foldedSize >= MOST_FOLDED_SIZE`,
    to: `entries >= most || foldedSize < 0`,
  },
  {
    name: 'turns: a full turn asks for no further one',
    tests: TURNS,
    file: `${RUN}/decide.ts`,
    from: `turn.isFull && wanted.length === 0 && run.job === 'CLAIMED' ? 0 : next`,
    to: `next`,
  },
  {
    name: 'turns: an act is judged although the turn became full before everything due was served',
    tests: TURNS,
    file: `${RUN}/decide/serve-agenda.ts`,
    from: `  while (turn.wanted.length === 0 && serveNext(turn, limits));`,
    to: `  while (!turn.isFull && serveNext(turn, limits));`,
  },
  {
    name: 'turns: the claim is released although the turn is full',
    tests: TURNS,
    file: `${RUN}/decide/advance.ts`,
    from: `  if (!turn.isFull) releaseClaim(turn, limits);`,
    to: `  releaseClaim(turn, limits);`,
  },
  {
    name: 'turns: the turns of one commit have no bound together',
    tests: [`${CONDUCTOR}/driving/run-driver.test.ts`],
    file: `${CONDUCTOR}/driving/run-driver.ts`,
    from: `if (isFull || (run.job`,
    to: `if ((isFull && index < 0) || (run.job`,
  },
  {
    name: 'values: a run whose call holds more than there is room for begins none',
    tests: [`${CONDUCTOR}/driving/call-budget.test.ts`],
    file: `${RUN}/decide/limits.ts`,
    from: `(busySize === 0 || busySize < Math.min(largeRoom, MOST_BUSY_SIZE))`,
    to: `busySize < Math.min(largeRoom, MOST_BUSY_SIZE)`,
  },
  {
    name: 'memory: a driver that has ended still holds its share',
    tests: [`${CONDUCTOR}/driving/call-budget.test.ts`],
    file: `${CONDUCTOR}/driving/run-driver.ts`,
    from: `    this.#options.budget.hold(this, 0);\n`,
    to: '',
  },
  {
    name: 'values: an atom that is due is forgotten while its values are loaded',
    tests: VALUES,
    file: `${RUN}/decide/serve-agenda.ts`,
    from: `  if (turn.wanted.length > 0) noteTime(turn.run, index);\n`,
    to: '',
  },
  {
    name: 'values: an atom whose inputs must be loaded is not ready afterwards',
    tests: VALUES,
    file: `${RUN}/decide/advance.ts`,
    from: `  if (turn.wanted.length > 0) makeReady(run, index);\n`,
    to: '',
  },
  {
    name: 'values: a failure is settled while the values of its retry are loaded',
    tests: VALUES,
    file: `${RUN}/decide/resolve-failure.ts`,
    from: `  return isUnresolved && turn.wanted.length === 0 ?`,
    to: `  return isUnresolved || turn.wanted.length > 0 ?`,
  },
  {
    name: 'values: the values that a decision has loaded are kept',
    tests: VALUES,
    file: `${RUN}/state/values/large-values.ts`,
    from: `    this.#isAbsent = false;\n    this.dropLoaded();\n`,
    to: `    this.#isAbsent = false;\n`,
  },
  {
    name: 'values: each read of one value counts for the limit of a decision',
    tests: VALUES,
    file: `${RUN}/state/values/large-values.ts`,
    from: `    if (!this.#reading.has(key)) {`,
    to: `    {`,
  },
  {
    name: 'values: what a decision has read counts for the next one',
    tests: VALUES,
    file: `${RUN}/state/values/large-values.ts`,
    from: `    this.#readSize = 0;\n    this.#isAbsent`,
    to: `    this.#isAbsent`,
  },
  {
    name: 'values: the edited output of a task is recorded with the whole former one',
    tests: VALUES,
    file: `${RUN}/acts/perform-act.ts`,
    from: `atom.outputAt === null ? { before: atom.output } :`,
    to: `atom.outputAt !== undefined ? { before: atom.output } :`,
  },
  {
    name: 'crash: a field that was left out of a large input has its default',
    tests: [`${RUN}/decide/resume.test.ts`],
    file: 'packages/engine/src/task/repeatable.ts',
    from: `(isPart ? undefined : memberOf(defaults, rule.field))`,
    to: `(isPart ? memberOf(defaults, rule.field) : memberOf(defaults, rule.field))`,
  },
  {
    name: 'checkpoint: one of a running job is due whatever the number of entries and atoms',
    tests: [`${CONDUCTOR}/loading/checkpoints.test.ts`],
    file: `${CONDUCTOR}/loading/checkpoints.ts`,
    from: `run.number * SHARE, run.atoms.length * SHARE)`,
    to: `run.number * SHARE)`,
  },
  {
    name: 'checkpoint: its last entry is compared by the number alone',
    tests: [`${CONDUCTOR}/loading/checkpoints.test.ts`],
    file: `${CONDUCTOR}/loading/load-run.ts`,
    from: `last?.number === loaded.run.number && last.time === loaded.time ?`,
    to: `last?.number === loaded.run.number ?`,
  },
  {
    name: 'checkpoint: the fingerprint of a flow does not cover the order of its nodes',
    tests: [`${RUN}/graph/flow-fingerprint.test.ts`],
    file: `${RUN}/graph/flow-fingerprint.ts`,
    from: `before.length, ...before, after.length, ...after]);`,
    to: `before.length, after.length]);`,
  },
  {
    name: 'loading: a run is driven while a reader still uses it',
    tests: [`${CONDUCTOR}/loading/load-run.test.ts`],
    file: `${CONDUCTOR}/loading/load-run.ts`,
    from: `    await this.#pause();\n    return this.#goOn(run, job.id, Infinity);`,
    to: `    return this.#goOn(run, job.id, Infinity);`,
  },
  {
    name: 'loading: a flow that could not be compiled stays absent',
    tests: [`${CONDUCTOR}/loading/compiled-flows.test.ts`],
    file: `${CONDUCTOR}/loading/compiled-flows.ts`,
    from: `() => this.#kept.get(key) === kept && this.#kept.delete(key),`,
    to: `() => this.#forgetOldest(),`,
  },
];

export const bounds = mutants.map((mutant) => ({ slow: [], ...mutant }));
