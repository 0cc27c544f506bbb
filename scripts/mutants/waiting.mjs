// Faults planted in waits, in clocks that differ, and in parked jobs. Each `from` stands once in its file.
import { RUN } from './core-tests.mjs';

const CONDUCTOR = 'packages/engine/src/conductor';
const SET_CLOCK = [`${CONDUCTOR}/set-clock.test.ts`, `${CONDUCTOR}/steady-time.test.ts`];
const PARKED = [`${CONDUCTOR}/parked-clocks.test.ts`];
const SIGNALS = [`${RUN}/acts/answers.test.ts`, `${RUN}/decide/stopped-and-stuck.test.ts`];
const AGENDA = [`${RUN}/state/agenda.test.ts`];

const mutants = [
  {
    name: 'clock: a run does not know the jumps from before it was driven',
    tests: SET_CLOCK,
    file: `${CONDUCTOR}/steady-time.ts`,
    from: `jumps: this.#steady.jumps });`,
    to: `jumps: [] });`,
  },
  {
    name: 'clock: a sleep of the machine counts as a jump',
    tests: SET_CLOCK,
    file: `${CONDUCTOR}/steady-time.ts`,
    from: `    const expected = this.#anchor + passed;`,
    to: `    const expected = this.#anchor + Math.min(passed, LOOK_EVERY_MS);`,
  },
  {
    name: 'clock: the shared clock of a board is not followed when it is set back',
    tests: SET_CLOCK,
    file: `${CONDUCTOR}/steady-time.ts`,
    from: `    return this.#isShared ? this.#clock.now() : steady;`,
    to: `    return steady;`,
  },
  {
    name: 'clock: the wait of a call ends by the clock of its process',
    tests: PARKED,
    file: `${RUN}/decide/waits.ts`,
    from: `  const until = read.wait.until + turn.time - wallTime;`,
    to: `  const until = read.wait.until + 0 * wallTime;`,
  },
  {
    name: 'clock: a time that a person gave comes late while the clock catches up',
    tests: SET_CLOCK,
    file: `${RUN}/state/agenda.ts`,
    from: `  return ahead > 0 && due > time ?`,
    to: `  return ahead < 0 && due > time ?`,
  },
  {
    name: 'parked: a job that was offered too early is parked by the clock that is behind',
    tests: AGENDA,
    file: `${RUN}/decide/park.ts`,
    from: `isEarlyClaim(turn) && rest.until !== undefined ?`,
    to: `isEarlyClaim(turn) && rest.until === undefined ?`,
  },
  {
    name: 'parked: a claim for an act counts as an early one',
    tests: AGENDA,
    file: `${RUN}/decide/park.ts`,
    from: `  return !isForAct && parkedUntil`,
    to: `  return (isForAct || !isForAct) && parkedUntil`,
  },
  {
    name: 'parked: a job that waits for less than a second is parked',
    tests: [`${RUN}/decide/stopped-and-stuck.test.ts`],
    file: `${RUN}/decide/park.ts`,
    from: `  if (due !== null && due - turn.time < PARK_AFTER_MS) return null;\n`,
    to: '',
  },
  {
    name: 'parked: a draining conductor parks a job that others could go on with',
    tests: [`${RUN}/decide/stopped-and-stuck.test.ts`],
    file: `${RUN}/decide/park.ts`,
    from: `  return parallel === 0 && (progress`,
    to: `  return parallel < 0 && (progress`,
  },
  {
    name: 'parked: a job in doubt that waits for an approval is shown as asked alone',
    tests: [`${RUN}/decide/resume.test.ts`],
    file: `${RUN}/decide/park.ts`,
    from: `run.doubts > 0 ? 'in_doubt' : isAsked ? 'approval' : null`,
    to: `isAsked ? 'approval' : run.doubts > 0 ? 'in_doubt' : null`,
  },
  {
    name: 'waits: a signal whose data does not fit ends the next wait too',
    tests: [`${RUN}/decide/end-wait.test.ts`],
    file: `${RUN}/decide/end-wait.ts`,
    from: `{ failure: checked.failure, ...taken }`,
    to: `{ failure: checked.failure }`,
  },
  {
    name: 'waits: one that is being undone takes a signal',
    tests: SIGNALS,
    file: `${RUN}/state/signals.ts`,
    from: ` && scopeOf(run, waiter.atom) === undefined)?.atom;`,
    to: `)?.atom;`,
  },
  {
    name: 'waits: one of an earlier attempt keeps its place',
    tests: SIGNALS,
    file: `${RUN}/state/signals.ts`,
    from: `waiting.name === name && startNumber === since;`,
    to: `waiting.name === name && startNumber >= since;`,
  },
  {
    name: 'waits: a signal ends a wait while a rollback is paused',
    tests: SIGNALS,
    file: `${RUN}/decide/waits.ts`,
    from: `      return resumeTo === 'RUNNING';`,
    to: `      return resumeTo !== null;`,
    survives:
      'A rollback of a run has the scope of the whole run, and a wait in a scope takes no signal (firstWaiter), so the line is a second guard.',
  },
  {
    name: 'waits: a task that begins to wait in its apply does not take a kept signal',
    tests: SIGNALS,
    file: `${RUN}/decide.ts`,
    from: `      if (read.wait.on === 'signal') giveSignal(turn, read.wait.name);\n`,
    to: '',
  },
  {
    name: 'waits: what a task waits for is not checked where its revert waits',
    tests: [`${RUN}/decide/waits-in-revert.test.ts`, `${RUN}/decide/odd-waits.test.ts`],
    file: `${RUN}/decide/revert.ts`,
    from: `  if (waiting.on !== 'job') {`,
    to: `  if (waiting.on === 'approval') {`,
  },
  {
    name: 'waits: a revert that waits uses up an attempt',
    tests: [`${RUN}/decide/waits-in-revert.test.ts`],
    file: `${RUN}/decide/revert.ts`,
    from: `{ revertAttempt: atom.revertAttempt, notBefore, waiting }`,
    to: `{ revertAttempt: atom.revertAttempt + 1, notBefore, waiting }`,
  },
  {
    name: 'waits: the end of any job calls all that wait for jobs',
    tests: [`${RUN}/decide/odd-waits.test.ts`],
    file: `${RUN}/decide/waits.ts`,
    from: ` || ended?.has(waiting.job) === false) return;`,
    to: `) return;`,
  },
  {
    name: 'launch: after a claim all that wait for jobs are called',
    tests: [`${CONDUCTOR}/wake-parent.test.ts`],
    file: `${RUN}/decide.ts`,
    from: `takeUpWaits(turn, atRest);`,
    to: `takeUpWaits(turn);`,
  },
  {
    name: 'launch: a job that ended before its parent waited for it is not looked at',
    tests: [`${CONDUCTOR}/wake-parent.test.ts`],
    file: `${CONDUCTOR}/driving/run-driver.ts`,
    from: `    this.#atRest.set(job, hasEnded);\n`,
    to: '',
  },
  {
    name: 'waits: a task that waits for the end of a job is called for its need of a person',
    tests: [`${RUN}/decide/odd-waits.test.ts`],
    file: `${RUN}/decide/waits.ts`,
    from: `waiting.ends === true && ended`,
    to: `waiting.ends !== waiting.ends && ended`,
  },
  {
    name: 'launch: on a shared board, a job at rest is told again after each wait for it',
    tests: [`${CONDUCTOR}/wake-parent.test.ts`],
    file: `${CONDUCTOR}/claims/awaited-jobs.ts`,
    from: `      if (told.get(one.job) === one.hasEnded) continue;\n`,
    to: '',
  },
  {
    name: 'launch: a task waits for its own job',
    tests: [`${CONDUCTOR}/driving/awaited-job.test.ts`],
    file: `${CONDUCTOR}/driving/awaited-job.ts`,
    from: `  if (job === claim.job) return failed`,
    to: `  if (job === '') return failed`,
  },
  {
    name: 'wait: a job that needed a person before is not looked at when a wait for its end begins',
    tests: [`${CONDUCTOR}/wake-parent.test.ts`],
    file: `${CONDUCTOR}/driving/run-driver.ts`,
    from: `if (hasEnded !== true) hasBegun = true;`,
    to: `if (hasEnded === undefined) hasBegun = true;`,
  },
  {
    name: 'wait: a dead letter is woken by a job that it launched',
    tests: ['packages/backends/src/sqlite/conformance.test.ts'],
    file: 'packages/backends/src/sqlite/wake-job.ts',
    from: ` AND attention IS NOT 'dead_lettered'`,
    to: '',
  },
  {
    name: 'undo: a task that a plan leaves out goes on waiting',
    tests: [`${RUN}/decide/kept-waits.test.ts`],
    file: `${RUN}/acts/perform-act.ts`,
    from: `  for (const { atom } of leftOut) endIdleWait(turn, knownIndexOf(run, atom));\n`,
    to: '',
  },
  {
    name: 'undo: a task that nothing can undo goes on waiting',
    tests: [`${RUN}/decide/kept-waits.test.ts`],
    file: `${RUN}/decide/revert.ts`,
    from: `    endIdleWait(turn, index);\n`,
    to: '',
  },
];

export const waiting = mutants.map((mutant) => ({ slow: [], ...mutant }));
