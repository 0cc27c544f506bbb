// Posts many jobs in one statement: their rows, and the first entry of each.
import { type Entry, type JobOrder, searchedInputs } from '@windlass/engine/run';
import type pg from 'pg';
import { encodeEntries } from '../records/entry-codec.ts';
import { newJobId } from '../records/job-id.ts';
import { storable } from '../records/storable.ts';
import type { Outcome } from './batches.ts';
import { chained } from './chained.ts';

export interface Posting {
  readonly id: string;
  readonly now: number;
  readonly order: JobOrder;
  readonly body: string;
}
interface Posted {
  readonly job: string;
  readonly fresh: boolean;
}

// Numbers follow the order of the requests, so the first posted job is claimed first.
const POST = `
WITH given AS MATERIALIZED (
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::int[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::text[], string_to_array($11, E'\\n'))
    WITH ORDINALITY AS g (id, flow_id, flow_name, version, priority, posted_at, posted_by, key, parent, target, body, n)
), fresh AS (
  INSERT INTO job (id, flow_id, flow_name, version, state, run, forward, priority, posted_at, posted_by, token, key, parent, target, depth)
  SELECT g.id, g.flow_id, g.flow_name, g.version, 'UNCLAIMED', 'PENDING', '', g.priority, g.posted_at, g.posted_by, 0, g.key, g.parent, g.target,
    coalesce(p.depth + 1, 0)
  FROM given g LEFT JOIN job p ON p.id = g.parent ORDER BY n
  ON CONFLICT DO NOTHING RETURNING seq, id
), appended AS (
  INSERT INTO logbook_record (job, first, last, body, hash)
  SELECT fresh.seq, 1, 1, given.body, ${chained('NULL::bytea', 'given.body')} FROM fresh JOIN given USING (id)
), found_by AS (
  INSERT INTO job_input (name, value, posted_at, job)
  SELECT i.name, i.value, given.posted_at, fresh.seq
  FROM unnest($12::text[], $13::text[], $14::text[]) AS i (id, name, value) JOIN fresh USING (id) JOIN given USING (id)
)
SELECT id FROM fresh`;

const KNOWN = 'SELECT id, key FROM job WHERE key = ANY ($1) OR id = ANY ($2)';

export function postingOf(order: JobOrder, now: number): Posting {
  const { flow, flowName, version, inputs, actor, parent, target } = order;
  const data = { flow: { id: flow, version, name: flowName }, inputs, ...(parent ? { parent } : {}), ...(target ? { target } : {}) };
  const entry: Entry = { kind: 'JOB', number: 1, time: now, actor, token: 0, from: null, to: 'UNCLAIMED', data };
  return { id: newJobId(), now, order, body: encodeEntries([entry]) };
}

/** Posts the jobs. For a known key, also from the same batch, the answer is the job with that key. */
export async function postJobs(pool: pg.Pool, postings: readonly Posting[]): Promise<Outcome<Posted>[]> {
  const of = <T>(field: (order: JobOrder) => T) => postings.map(({ order }) => field(order));
  const inputs = postings.flatMap(({ id, order }) => searchedInputs(order.inputs, order.unsearched).map((input) => ({ id, ...input })));
  const keys = of(({ key }) => (key === null ? null : storable(key)));
  const { rows } = await pool.query<{ id: string }>({
    name: 'post_jobs',
    text: POST,
    values: [
      postings.map(({ id }) => id),
      of(({ flow }) => storable(flow)),
      of(({ flowName }) => storable(flowName)),
      of(({ version }) => version),
      of(({ priority }) => priority),
      postings.map(({ now }) => now),
      of(({ actor }) => storable(actor.name)),
      keys,
      of(({ parent }) => parent?.job ?? null),
      of(({ target }) => target ?? null),
      postings.map(({ body }) => body).join('\n'),
      inputs.map(({ id }) => id),
      inputs.map(({ name }) => storable(name)),
      inputs.map(({ value }) => storable(value)),
    ],
  });
  const fresh = new Set(rows.map(({ id }) => id));
  if (fresh.size === postings.length) return postings.map(({ id }) => ({ kind: 'done', value: { job: id, fresh: true } }));
  const known = await pool.query<{ id: string; key: string | null }>(KNOWN, [
    keys.filter((key) => key !== null),
    postings.map(({ id }) => id),
  ]);
  const byKey = new Map(known.rows.map(({ id, key }) => [key, id]));
  const ids = new Set(known.rows.map(({ id }) => id));
  return postings.map(({ id }, index) => {
    // The job is there although this statement did not insert it: the same statement did before the connection was cut.
    if (fresh.has(id) || ids.has(id)) return { kind: 'done', value: { job: id, fresh: true } };
    const job = byKey.get(keys[index] ?? null);
    if (job === undefined) return { kind: 'failed', cause: new Error(`the job with the key ${keys[index]} was removed at the same time`) };
    return { kind: 'done', value: { job, fresh: false } };
  });
}
