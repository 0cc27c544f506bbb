// Claims jobs: of any number of conductors exactly one gets a job, and none waits for another (SKIP LOCKED).
//
// Almost always there are only unclaimed jobs and parked jobs that are due: these take
// one statement. Only after a lease has ended must the logbook be read for the progress of the job (J4), and the claim is a
// transaction of several statements; then the short way claims nothing, so that the job is claimed by its priority and age.
import { EngineError, type JobBoard, LEASE_MS, MOST_RECLAIMS, WOKEN_AT } from '@windlass/engine/ports';
import { type Claim, ENGINE_ACTOR, type Entry } from '@windlass/engine/run';
import type pg from 'pg';
import { encodeEntries } from '../records/entry-codec.ts';
import { lastTimeOf, tokenOf } from '../records/record-token.ts';
import { chained } from './chained.ts';
import { inTransaction } from './connection.ts';
import { DATABASE_NOW } from './database-clock.ts';

interface Row {
  readonly seq: number;
  readonly id: string;
  readonly flow_id: string;
  readonly version: number;
  readonly priority: number;
  readonly parent: string | null;
  readonly target: string | null;
  /** As it is after the claim. */
  readonly token: number;
  readonly was: string;
  /** As it was before the claim. */
  readonly wake_at: string | null;
}

interface Candidate extends Row {
  readonly owner: string | null;
  readonly lease_until: string | null;
  readonly reclaims: number;
}

interface LastEntry {
  readonly number: number;
  readonly time: number;
}

export interface Claimed {
  readonly claims: readonly Claim[];
  /** Jobs that conductors were lost with too often, and the entry that says so. */
  readonly deadLetters: readonly { readonly job: string; readonly entry: Entry; readonly parent: string | null }[];
}

export interface ClaimOrder {
  readonly conductor: string;
  readonly limit: number;
}

const SHORT = `
WITH clock AS MATERIALIZED (
  SELECT ${DATABASE_NOW} AS now
), ended AS MATERIALIZED (
  SELECT EXISTS (SELECT FROM job WHERE state = 'CLAIMED' AND lease_until <= (SELECT now FROM clock)) AS there
), due AS (
  SELECT seq, priority, state AS was, wake_at FROM job WHERE state = 'WAITING' AND wake_at <= (SELECT now FROM clock) AND NOT (SELECT there FROM ended)
  ORDER BY wake_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
), posted AS (
  SELECT seq, priority, state AS was, wake_at FROM job WHERE state = 'UNCLAIMED' AND NOT (SELECT there FROM ended)
  ORDER BY priority DESC, seq LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
), found AS MATERIALIZED (
  SELECT * FROM due UNION ALL SELECT * FROM posted ORDER BY priority DESC, seq LIMIT $2
), taken AS (
  UPDATE job SET state = 'CLAIMED', owner = $1, lease_until = (SELECT now FROM clock) + ${LEASE_MS}, token = token + 1, reclaims = 0, wake_at = NULL
  FROM found WHERE job.seq = found.seq
  RETURNING job.seq, job.id, job.flow_id, job.version, job.priority, job.parent, job.target, job.token, found.was, found.wake_at
)
SELECT taken.*, NULL::boolean AS ended FROM taken UNION ALL
SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true FROM ended WHERE there`;

const COLUMNS =
  'seq, id, flow_id, version, priority, parent, target, token + 1 AS token, state AS was, wake_at, owner, lease_until, reclaims';
const LOCK = 'FOR NO KEY UPDATE SKIP LOCKED';
const ENDED = `SELECT ${COLUMNS} FROM job WHERE state = 'CLAIMED' AND lease_until <= $1 ORDER BY priority DESC, seq LIMIT $2 ${LOCK}`;
const DUE = `SELECT ${COLUMNS} FROM job WHERE state = 'WAITING' AND wake_at <= $1 ORDER BY wake_at LIMIT $2 ${LOCK}`;
const POSTED = `SELECT ${COLUMNS} FROM job WHERE state = 'UNCLAIMED' ORDER BY priority DESC, seq LIMIT $1 ${LOCK}`;
const LAST_TWO = `
SELECT s.seq, r.first, r.last, r.body FROM unnest($1::int[]) AS s (seq)
CROSS JOIN LATERAL (SELECT first, last, body FROM logbook_record WHERE job = s.seq ORDER BY first DESC LIMIT 2) AS r ORDER BY r.first DESC`;
const TAKE = `
UPDATE job SET state = 'CLAIMED', owner = $1, lease_until = $2, token = token + 1, reclaims = s.reclaims, wake_at = NULL
FROM unnest($3::int[], $4::int[]) AS s (seq, reclaims) WHERE job.seq = s.seq`;
const DEAD_LETTER = `
WITH given AS (SELECT * FROM unnest($1::int[], $2::int[], string_to_array($3, E'\\n')) AS g (seq, number, body)),
  appended AS (
    INSERT INTO logbook_record (job, first, last, body, hash)
    SELECT seq, number, number, body, ${chained('(SELECT hash FROM logbook_record WHERE job = seq ORDER BY first DESC LIMIT 1)', 'body')} FROM given
  )
UPDATE job SET state = 'WAITING', attention = 'dead_lettered', attention_note = $4, owner = NULL, lease_until = NULL, wake_at = NULL, token = token + 1
FROM given WHERE job.seq = given.seq`;

/** Wakes the jobs that wait for a dead letter. */
const wake = (lock: string) => `
UPDATE job SET wake_at = ${WOKEN_AT} WHERE seq IN (
  SELECT seq FROM job WHERE id = ANY ($1) AND wake_at IS DISTINCT FROM ${WOKEN_AT}
    AND (state = 'CLAIMED' OR (state = 'WAITING' AND attention IS DISTINCT FROM 'dead_lettered'))
  ORDER BY seq FOR NO KEY UPDATE ${lock}
)`;
/** The claim holds rows in the order of their priority, so awaiting a lock in its transaction could be a deadlock. */
const WAKE = wake('SKIP LOCKED');
/** After that transaction, for the rows that it has skipped. */
const WAKE_SKIPPED = wake('');

export async function claimJobs(pool: pg.Pool, order: ClaimOrder): Promise<Claimed> {
  const { conductor, limit } = order;
  const { rows } = await pool.query<Row & { ended: true | null }>({ name: 'claim_jobs', text: SHORT, values: [conductor, limit] });
  if (rows.some(({ ended }) => ended === true)) {
    const claimed = await inTransaction(pool, (client) => claimWithEnded(client, order));
    const waiting = claimed.deadLetters.flatMap(({ parent }) => parent ?? []);
    if (waiting.length > 0) await pool.query(WAKE_SKIPPED, [waiting]);
    return claimed;
  }
  return { claims: rows.sort(precedes).map(offered), deadLetters: [] };
}

/** Claims that very job. */
export async function claimOne(pool: pg.Pool, job: string, conductor: string): ReturnType<JobBoard['claimJob']> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<Candidate>(`SELECT ${COLUMNS} FROM job WHERE id = $1 FOR NO KEY UPDATE`, [job]);
    const [found] = rows;
    if (found === undefined) throw new EngineError('JOB_UNKNOWN', `There is no job ${job}.`);
    const now = await timeOf(client);
    if (found.was === 'CLAIMED' && Number(found.lease_until) > now) return { kind: 'taken', by: found.owner ?? 'a conductor' } as const;
    const { reclaims } = await countReclaims(client, [found]);
    await client.query(TAKE, [conductor, now + LEASE_MS, [found.seq], [reclaims.get(found.seq) ?? 0]]);
    return { kind: 'claimed', claim: claimOf(found) } as const;
  });
}

async function claimWithEnded(client: pg.PoolClient, { conductor, limit }: ClaimOrder): Promise<Claimed> {
  const now = await timeOf(client);
  const lost = (await client.query<Candidate>(ENDED, [now, limit])).rows;
  const { reclaims, last } = await countReclaims(client, lost);
  const isHopeless = ({ seq }: Candidate) => (reclaims.get(seq) ?? 0) > MOST_RECLAIMS;
  const deadLetters = await deadLetter(client, { jobs: lost.filter(isHopeless), last, now });
  const due = (await client.query<Candidate>(DUE, [now, limit])).rows;
  const posted = (await client.query<Candidate>(POSTED, [limit])).rows;
  const found = [...lost.filter((job) => !isHopeless(job)), ...due, ...posted].sort(precedes).slice(0, limit);
  const seqs = found.map(({ seq }) => seq);
  await client.query(TAKE, [conductor, now + LEASE_MS, seqs, seqs.map((seq) => reclaims.get(seq) ?? 0)]);
  return { claims: found.map(offered), deadLetters };
}

/** PostgreSQL's time, in ms. */
async function timeOf(client: pg.PoolClient): Promise<number> {
  const { rows } = await client.query<{ now: string }>(`SELECT ${DATABASE_NOW} AS now`);
  return Number(rows[0]?.now);
}

/** The counts with one more claim. The first commit of a claim only takes the job up; a second one is progress. */
async function countReclaims(client: pg.PoolClient, candidates: readonly Candidate[]) {
  const lost = candidates.filter(({ was }) => was === 'CLAIMED');
  const reclaims = new Map<number, number>();
  const last = new Map<number, LastEntry>();
  if (lost.length === 0) return { reclaims, last };
  const { rows } = await client.query<{ seq: number; first: number; last: number; body: string }>(LAST_TWO, [lost.map(({ seq }) => seq)]);
  for (const { seq, id, token, reclaims: before } of lost) {
    const records = rows.filter((row) => row.seq === seq);
    const gotOn = records.length === 2 && records.every((record) => tokenOf(record, id) === token - 1);
    reclaims.set(seq, gotOn ? 1 : before + 1);
    const [newest] = records;
    last.set(seq, { number: newest?.last ?? 0, time: newest === undefined ? 0 : lastTimeOf(newest, id) });
  }
  return { reclaims, last };
}

/** Never dropped and never tried for ever (J4). */
async function deadLetter(
  client: pg.PoolClient,
  { jobs, last, now }: { readonly jobs: readonly Candidate[]; readonly last: ReadonlyMap<number, LastEntry>; readonly now: number },
): Promise<Claimed['deadLetters']> {
  if (jobs.length === 0) return [];
  const note = `${MOST_RECLAIMS} conductors in a row were lost with this job`;
  const data = { attention: 'dead_lettered', note } as const;
  const deadLetters = jobs.map(({ seq, id, token, parent }) => {
    const before = last.get(seq);
    const [number, time] = [(before?.number ?? 0) + 1, Math.max(now, before?.time ?? 0)];
    const entry: Entry = { kind: 'JOB', number, time, actor: ENGINE_ACTOR, token, from: 'CLAIMED', to: 'WAITING', data };
    return { job: id, entry, parent };
  });
  const bodies = deadLetters.map(({ entry }) => encodeEntries([entry]));
  await client.query(DEAD_LETTER, [jobs.map(({ seq }) => seq), deadLetters.map(({ entry }) => entry.number), bodies.join('\n'), note]);
  await client.query(WAKE, [jobs.flatMap(({ parent }) => parent ?? [])]);
  return deadLetters;
}

function claimOf({ id, flow_id: flow, version, parent, target, token, was }: Row): Claim {
  return { job: id, flow, version, parent, target, token, from: was as Claim['from'] };
}

/** The claim of a job that the board offered. */
function offered(row: Row): Claim {
  const isDue = row.was === 'WAITING' && Number(row.wake_at) !== WOKEN_AT;
  return { ...claimOf(row), ...(isDue ? { isDue } : {}) };
}

/** Highest priority, then oldest (J2). */
function precedes(a: Row, b: Row): number {
  return b.priority - a.priority || a.seq - b.seq;
}
