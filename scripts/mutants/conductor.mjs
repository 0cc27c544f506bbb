// Faults planted in the conductor, its drivers and the runner of tasks. Each `from` stands once in its file.
const CONDUCTOR = 'packages/engine/src/conductor';
const tests = [`${CONDUCTOR}/`];
const slow = [`${CONDUCTOR}/simulate.test.ts`];

const mutants = [
  {
    name: 'memory: the calls of other runs do not count',
    tests: [`${CONDUCTOR}/driving/call-budget.test.ts`],
    file: `${CONDUCTOR}/driving/call-budget.ts`,
    from: `    return Math.max(0, this.#most - this.#size + (this.#shares.get(run)?.size ?? 0));`,
    to: `    return this.#most + (this.#shares.get(run)?.size ?? 0);`,
  },
  {
    name: 'memory: a run that was held back gets no turn',
    tests: [`${CONDUCTOR}/driving/call-budget.test.ts`],
    file: `${CONDUCTOR}/driving/call-budget.ts`,
    from: `    if (size < before) this.#wakeOthers();`,
    to: '',
  },
  {
    name: 'memory: the values of all decisions are loaded at once',
    tests: [`${CONDUCTOR}/loading/value-loader.test.ts`],
    file: `${CONDUCTOR}/loading/value-loader.ts`,
    from: `    return this.#decisions.run(async () => {`,
    to: `    return Promise.resolve().then(async () => {`,
  },
  {
    name: 'driver: an act is answered before its commit',
    file: `${CONDUCTOR}/driving/run-driver.ts`,
    from: `    try {\n      const outcome = turn.entries.length === 0`,
    to: `    for (const { answer, settle } of turn.answers) settle.answer(answer);\n    try {\n      const outcome = turn.entries.length === 0`,
  },
  {
    name: 'driver: a task is called before the commit of its intention',
    file: `${CONDUCTOR}/driving/run-driver.ts`,
    from: `    try {\n      const outcome = turn.entries.length === 0`,
    to: `    for (const command of turn.commands.splice(0)) this.#calls.carryOut(command);\n    try {\n      const outcome = turn.entries.length === 0`,
  },
  {
    name: 'driver: a task is called although the claim may be lost',
    file: `${CONDUCTOR}/driving/driver-calls.ts`,
    from: `    if (held !== true && !(await held)) this.#driver.claimLost();\n`,
    to: '',
  },
  {
    name: 'driver: goes on after its commit found the claim lost',
    file: `${CONDUCTOR}/driving/run-driver.ts`,
    from: `      if (!isCommitted) this.stop('claim-lost');\n`,
    to: '',
  },
  {
    name: 'driver: an act is done although the claim was lost',
    file: `${CONDUCTOR}/driving/run-driver.ts`,
    from: `settle.answer(isCommitted ? answer : CHANGED_HANDS);`,
    to: `settle.answer(answer);`,
  },
  {
    name: 'driver: an act is done although the store failed',
    file: `${CONDUCTOR}/driving/run-driver.ts`,
    from: `for (const { settle } of turn.answers) settle.fail(thrown);`,
    to: `for (const { answer, settle } of turn.answers) settle.answer(answer);`,
  },
  {
    name: 'driver: goes on after the store failed',
    file: `${CONDUCTOR}/driving/run-driver.ts`,
    from: `settle.fail(thrown);\n      this.stop('store-failed', thrown);\n    }`,
    to: `settle.fail(thrown);\n    }`,
  },
  {
    name: 'driver: asks for no time',
    file: `${CONDUCTOR}/driving/run-driver.ts`,
    from: `    else this.#wakeAt(turn.wanted.length > 0 ? null : turn.wakeAt);`,
    to: '',
  },
  {
    name: 'driver: does not end when the job is released',
    file: `${CONDUCTOR}/driving/run-driver.ts`,
    from: `    if (run.job !== 'CLAIMED') this.stop('released');`,
    to: `    if (run.job !== 'CLAIMED') {}`,
  },
  {
    name: 'driver: the answer of a call that a person has settled is heard',
    file: `${CONDUCTOR}/driving/driver-calls.ts`,
    from: `    if (this.#calls.get(call.atom) !== stop) return;\n`,
    to: '',
  },
  {
    name: 'driver: a call that is told to stop is not',
    file: `${CONDUCTOR}/driving/driver-calls.ts`,
    from: `      case 'ABORT':\n        this.#calls.get(command.atom)?.abort();\n`,
    to: `      case 'ABORT':\n`,
  },
  {
    name: 'driver: the row of a job does not follow its run',
    file: `${CONDUCTOR}/driving/run-driver.ts`,
    from: `      ...(change ? this.#byClock(change) : {}),\n`,
    to: '',
  },
  {
    name: 'driver: the wait of a parked job counts from the time of its run',
    file: `${CONDUCTOR}/driving/run-driver.ts`,
    from: `wakeAt: at + change.wakeAt - this.#options.run.lastTime`,
    to: `wakeAt: change.wakeAt`,
  },
  {
    name: 'driver: the ledger does not follow its run',
    file: `${CONDUCTOR}/driving/run-driver.ts`,
    from: `      ...(resources.length > 0 ? { resources } : {}),\n`,
    to: '',
  },
  {
    name: 'driver: begins more while it is drained',
    file: `${CONDUCTOR}/driving/run-driver.ts`,
    from: `this.#draining ? 0 : parallel`,
    to: `parallel`,
  },
  {
    name: 'driver: a key that differs when the same attempt is repeated',
    file: `${CONDUCTOR}/driving/driver-calls.ts`,
    from: `const idempotencyKey = \`\${claim.job}/`,
    to: `const idempotencyKey = \`\${claim.token}/\${claim.job}/`,
  },
  {
    name: 'driver: an act that arrives while the job is released is lost',
    file: `${CONDUCTOR}/driving/run-driver.ts`,
    from: `        this.#incoming.unshift(...arrived.slice(index));\n`,
    to: '',
  },
  {
    name: 'claims: a lease lasts longer here than on the board',
    file: `${CONDUCTOR}/claims/held-claims.ts`,
    from: `    return !this.#isOver && lasted < LEASE_MS;`,
    to: `    return !this.#isOver && lasted < 2 * LEASE_MS;`,
  },
  {
    name: 'claims: a claim of another holder goes on as our own',
    file: `${CONDUCTOR}/claims/held-claims.ts`,
    from: ` && claim.token === this.#claim.token + 1;`,
    to: `;`,
  },
  {
    name: 'claims: a lost claim is not told to its driver',
    file: `${CONDUCTOR}/claims/held-claims.ts`,
    from: `    else this.driver.claimLost();`,
    to: '',
  },
  {
    name: 'claims: a claim is known by its job alone',
    file: `${CONDUCTOR}/claims/held-claims.ts`,
    from: `if (this.#present.get(held.claim.job) === held) this.#present`,
    to: `this.#present`,
  },
  {
    name: 'claims: a later driver calls an atom while the call of an earlier one is under way',
    file: `${CONDUCTOR}/driving/calls-under-way.ts`,
    from: `        if (former === undefined || former.owner === owner) return`,
    to: `        if (former !== null) return`,
  },
  {
    name: 'claims: an error of the store dead-letters a job',
    file: 'packages/engine/src/logbook/unreadable.ts',
    from: `  return isUnreadable(cause) || (cause`,
    to: `  return true || (cause`,
  },
  {
    name: 'claims: a dead letter has no entry',
    file: `${CONDUCTOR}/dead-letter.ts`,
    from: `  const last = isUnreadable(cause) ? null : await`,
    to: `  const last = note !== '' ? null : await`,
  },
  {
    name: 'claims: a run is loaded once',
    file: `${CONDUCTOR}/claims/claimed-jobs.ts`,
    from: `      if (held.driver === null) void this.#loadAgain(held);\n`,
    to: '',
  },
  {
    name: 'claims: a claim whose commit failed is not given back',
    file: `${CONDUCTOR}/claims/claimed-jobs.ts`,
    from: `        clock.after(AFTER_FAILURE, () => this.#giveBack(claim, 0));\n`,
    to: '',
  },
  {
    name: 'claims: a claim is given back once, though the store failed',
    file: `${CONDUCTOR}/claims/claimed-jobs.ts`,
    from: `      this.#backOff.repeat(tries, () => this.#giveBack(claim, tries + 1));\n`,
    to: '',
  },
  {
    name: 'claims: a job that ends does not wake the job that launched it',
    file: `${CONDUCTOR}/claims/claim-logbook.ts`,
    from: `wanted.change !== undefined && isAtRest(wanted.change)`,
    to: `wanted.change !== undefined && wanted === null`,
  },
  {
    name: 'clock: a timer that fires early is taken for due',
    file: 'packages/engine/src/clock.ts',
    from: `Date.now() < time ? wait() : due()`,
    to: `Date.now() < 0 ? wait() : due()`,
    tests: ['packages/engine/src/clock.test.ts'],
    slow: [],
  },
];

export const conductor = mutants.map((mutant) => ({ tests, slow, ...mutant }));
