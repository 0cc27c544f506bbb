// Faults planted in tasks, in jobs that launch jobs, and in what the api sends to a reader. Each `from` stands once in its file.
const TASKS = 'packages/tasks/src';
const API = 'packages/api/src';
const SERVER = 'apps/server/src';
const LAUNCHED = [`${SERVER}/launched-rollback.test.ts`];

const mutants = [
  {
    name: 'launch: a launched job whose answer was lost is not rolled back',
    tests: LAUNCHED,
    file: `${TASKS}/control/launch-flow.ts`,
    from: `idempotencyKey.replace(/\\/revert$/, '')`,
    to: `idempotencyKey`,
  },
  {
    name: 'launch: a launched job whose rollback was refused is waited for',
    tests: LAUNCHED,
    file: `${TASKS}/control/launch-flow.ts`,
    from: `    if (refused !== null)\n      throw`,
    to: `    if (refused === undefined)\n      throw`,
  },
  {
    name: 'launch: a launched job that needs a person fails the task that waits for it',
    tests: LAUNCHED,
    file: `${TASKS}/control/launch-flow.ts`,
    from: `state.kind === 'running' || state.kind === 'stuck') return`,
    to: `state.kind === 'running') return`,
  },
  {
    name: 'launch: drift that nobody has read is confirmed',
    tests: LAUNCHED,
    file: `${SERVER}/launched-jobs.ts`,
    from: `wordsOf(found) === confirmed ? [...found] : [];`,
    to: `[...found];`,
  },
  {
    name: 'launch: a rollback that the task has confirmed is confirmed again after a crash',
    tests: LAUNCHED,
    file: `${SERVER}/launched-jobs.ts`,
    from: `    if (rollback?.plan !== undefined && isKnown) return null;`,
    to: `    if (rollback?.plan === '' && isKnown) return null;`,
  },
  {
    name: 'launch: one job more than may launches a further one',
    tests: [`${SERVER}/launched-jobs.test.ts`],
    file: 'packages/engine/src/conductor/launch-job.ts',
    from: `  if (depth <= MOST_DEPTH) return null;`,
    to: `  if (depth <= MOST_DEPTH + 1) return null;`,
  },
  {
    name: 'nothing done: a refusal before the first change does not say so',
    tests: [`${TASKS}/nothing-done.test.ts`],
    file: `${TASKS}/nothing-done.ts`,
    from: `thrown instanceof TaskError ? sayingSo(thrown) : thrown`,
    to: `thrown`,
  },
  {
    name: 'nothing done: a request that was redirected before it was refused had done nothing',
    tests: [`${TASKS}/network/http-request.test.ts`],
    file: `${TASKS}/network/http-request.ts`,
    from: `  if (redirects > 0 || status < 400) return false;`,
    to: `  if (status < 400) return false;`,
  },
  {
    name: 'http: the answer of a failed request fills the request that undoes it',
    tests: [`${TASKS}/network/http-request.test.ts`],
    file: `${TASKS}/network/http-request.ts`,
    from: `isJsonObject(data) && Number(data['status']) < 400 ? data : null`,
    to: `isJsonObject(data) ? data : null`,
  },
  {
    name: 'http: what is gone already cannot be undone',
    tests: [`${TASKS}/network/http-request.test.ts`],
    file: `${TASKS}/network/http-request.ts`,
    from: `    if (!isGone && !isFine(answer))`,
    to: `    if (!isFine(answer) || isGone)`,
  },
  {
    name: 'files: the note of an earlier start of a job counts',
    tests: [`${TASKS}/files/write-file.test.ts`],
    file: `${TASKS}/files/first-sight.ts`,
    from: `    return note.startedAt === startedAt ? note : null;`,
    to: `    return note;`,
  },
  {
    name: 'files: what a step has undone still counts as made by its job',
    tests: [`${TASKS}/files/foreign-content.test.ts`],
    file: `${TASKS}/files/made-by-job.ts`,
    from: '.json`))) continue;',
    to: '.json`))) {}',
  },
  {
    name: 'feed: a gap between two messages is not noticed',
    tests: [`${API}/logbook/live-entries.test.ts`],
    file: `${API}/logbook/live-entries.ts`,
    from: `(first === undefined || first === last + 1);`,
    to: `(first === undefined || first > last);`,
  },
  {
    name: 'feed: entries that were dropped are not read again',
    tests: [`${API}/logbook/live-entries.test.ts`],
    file: `${API}/logbook/live-entries.ts`,
    from: `    const isComplete = !this.#overflowed && (`,
    to: `    const isComplete = (`,
  },
  {
    name: 'feed: a heavy entry ends a page before it and after nothing',
    tests: [`${API}/logbook/gather-page.test.ts`],
    file: `${API}/logbook/gather-page.ts`,
    from: `weight > MOST_WEIGHT && entries.length > 0`,
    to: `weight > MOST_WEIGHT`,
  },
  {
    name: 'feed: a change that comes while the stream is busy is lost',
    tests: [`${API}/change-signal.test.ts`],
    file: `${API}/change-signal.ts`,
    from: `    if (!this.#isRaised && !this.#aborted.aborted) {`,
    to: `    if (!this.#aborted.aborted) {`,
  },
  {
    name: 'feed: a job that changes while a batch is read is lost',
    tests: [`${API}/jobs/live/`],
    file: `${API}/jobs/live/changed-jobs.ts`,
    from: `      ids.clear();\n      any = false;\n      yield batch;`,
    to: `      yield batch;\n      ids.clear();\n      any = false;`,
  },
  {
    name: 'errors: the words of an unexpected error reach the client',
    tests: [`${API}/errors.test.ts`],
    file: `${API}/errors.ts`,
    from: `return UNEXPECTED;`,
    to: `return error.message;`,
  },
];

export const tasksAndApi = mutants.map((mutant) => ({ slow: [], ...mutant }));
