// Faults planted in the stores: memory, SQLite and PostgreSQL. Each `from` stands once in its file.
const BACKENDS = 'packages/backends/src';
const MEMORY = {
  file: 'packages/engine/src/board/memory-store.ts',
  tests: ['packages/engine/src/board/'],
  slow: ['packages/engine/src/conductor/simulate.test.ts'],
};
const SQLITE = { tests: [`${BACKENDS}/sqlite/`], slow: [`${BACKENDS}/records/`] };
const POSTGRESQL = { tests: [`${BACKENDS}/postgresql/`], slow: [], needsPostgres: true };

export const stores = [
  {
    ...MEMORY,
    name: 'memory: a commit does not look at the token',
    from: `    if (found.token !== token || found.row.state !== 'CLAIMED') return 'claim-lost';`,
    to: `    if (found.row.state !== 'CLAIMED') return 'claim-lost';`,
  },
  {
    ...MEMORY,
    name: 'memory: a lease that has not ended looks ended',
    from: `row.state === 'CLAIMED' && (row.leaseUntil ?? 0) <= now;`,
    to: `row.state === 'CLAIMED' && (row.leaseUntil ?? 0) <= now + 20_000;`,
  },
  {
    ...MEMORY,
    name: 'memory: a claim that was taken can be renewed',
    from: `job.token !== claim.token || job.row.owner !== conductor`,
    to: `job.row.owner !== conductor`,
  },
  {
    ...MEMORY,
    name: 'memory: a late abandon takes the claim of another',
    from: `    if (job.token !== claim.token || job.row.state !== 'CLAIMED') return;`,
    to: `    if (job.row.state !== 'CLAIMED') return;`,
  },
  {
    ...MEMORY,
    name: 'memory: lower priority first',
    from: `    return first > second || (first === second && a < b);`,
    to: `    return first < second || (first === second && a < b);`,
  },
  {
    ...SQLITE,
    name: 'sqlite: synchronous=NORMAL',
    file: `${BACKENDS}/sqlite/open-sqlite.ts`,
    from: `PRAGMA synchronous = FULL;`,
    to: `PRAGMA synchronous = NORMAL;`,
  },
  {
    ...SQLITE,
    name: 'sqlite: a commit does not look at the token',
    file: `${BACKENDS}/sqlite/logbook.ts`,
    from: `    if (head.token !== token || head.state !== 'CLAIMED') return 'claim-lost';`,
    to: `    if (head.state !== 'CLAIMED') return 'claim-lost';`,
  },
  {
    ...SQLITE,
    name: 'sqlite: a commit does not look whether the claim was released',
    file: `${BACKENDS}/sqlite/logbook.ts`,
    from: `    if (head.token !== token || head.state !== 'CLAIMED') return 'claim-lost';`,
    to: `    if (head.token !== token) return 'claim-lost';`,
  },
  {
    ...SQLITE,
    name: 'sqlite: a gap in the numbers is written',
    file: `${BACKENDS}/sqlite/logbook.ts`,
    from: `      if (first !== last + 1) {`,
    to: `      if (first <= last) {`,
  },
  {
    ...SQLITE,
    name: 'sqlite: a record is chained to nothing',
    file: `${BACKENDS}/sqlite/logbook.ts`,
    from: `      hash = chainHash(hash, body);`,
    to: `      hash = chainHash('', body);`,
  },
  {
    ...SQLITE,
    name: 'sqlite: heads outlive a transaction that was rolled back',
    file: `${BACKENDS}/sqlite/heads.ts`,
    from: `    this.#byJob.clear();`,
    to: '',
  },
  {
    ...SQLITE,
    name: 'sqlite: writes are answered before their transaction is committed',
    file: `${BACKENDS}/sqlite/commit-queue.ts`,
    from: `      this.#commit.run();\n      return done;`,
    to: `      batch.forEach((one, index) => settle(one, done[index]));\n      this.#commit.run();\n      return done;`,
  },
  {
    ...SQLITE,
    name: 'sqlite: one write that fails takes all of its transaction down',
    file: `${BACKENDS}/sqlite/commit-queue.ts`,
    from: `    if (cause instanceof EngineError) return { kind: 'failed', cause };\n    throw cause;`,
    to: `    throw cause;`,
  },
  {
    ...SQLITE,
    name: 'sqlite: a job is claimed before its lease has ended',
    file: `${BACKENDS}/sqlite/board.ts`,
    from: `WHERE state = 'CLAIMED' AND lease_until <= ? ORDER BY priority`,
    to: `WHERE state = 'CLAIMED' AND lease_until - 20000 <= ? ORDER BY priority`,
  },
  {
    ...SQLITE,
    name: 'sqlite: the token does not grow',
    file: `${BACKENDS}/sqlite/board.ts`,
    from: `reclaims = ?, token = token + 1, wake_at = NULL WHERE seq = ?`,
    to: `reclaims = ?, token = token + 0, wake_at = NULL WHERE seq = ?`,
  },
  {
    ...POSTGRESQL,
    name: 'postgresql: a repeated commit is not looked up',
    file: `${BACKENDS}/postgresql/commit-jobs.ts`,
    from: `    if (again && rows.length > 0) standing = await standingOf(pool, orders);\n`,
    to: '',
  },
  {
    ...POSTGRESQL,
    name: 'postgresql: a repeated commit that meets the first one fails',
    file: `${BACKENDS}/postgresql/commit-jobs.ts`,
    from: `    if (!again) throw thrown;\n`,
    to: `    throw thrown;\n`,
  },
  {
    ...POSTGRESQL,
    name: 'postgresql: a commit of many does not look at the token',
    file: `${BACKENDS}/postgresql/commit-jobs.ts`,
    from: `j.token = g.token AND j.state = 'CLAIMED' AS mine`,
    to: `j.state = 'CLAIMED' AS mine`,
  },
  {
    ...POSTGRESQL,
    name: 'postgresql: a commit of one does not look at the token',
    file: `${BACKENDS}/postgresql/commit-jobs.ts`,
    from: `WHERE id = $1 AND token = $2 AND state = 'CLAIMED' FOR NO KEY UPDATE`,
    to: `WHERE id = $1 AND $2::int IS NOT NULL AND state = 'CLAIMED' FOR NO KEY UPDATE`,
  },
  {
    ...POSTGRESQL,
    name: 'postgresql: a gap in the numbers is written',
    file: `${BACKENDS}/postgresql/commit-jobs.ts`,
    from: `WHERE mine AND (first = 0 OR first = stored + 1)`,
    to: `WHERE mine AND (first = 0 OR first > stored)`,
  },
  {
    ...POSTGRESQL,
    name: 'postgresql: a cut batch is answered as failed',
    file: `${BACKENDS}/postgresql/batches.ts`,
    from: `const PATIENCE = 15_000;`,
    to: `const PATIENCE = 0;`,
  },
];
