// The conditions of a job filter as SQL that SQLite and PostgreSQL both understand, each a group that narrows by itself.
import { JOB_STATES, type JobFilter } from '@windlass/engine';
import { Prisma } from '../generated/sqlite/client.ts';
import { storable } from '../storable.ts';

/** What a condition looks at, by which an index is chosen. */
export interface Condition {
  readonly on: 'run' | 'open' | 'state' | 'flow' | 'version' | 'by' | 'attention' | 'noAttention' | 'input' | 'text';
  /** Whether it is one value, so that an index of it is in the order of the list. */
  readonly isOne: boolean;
  readonly sql: Prisma.Sql;
}

const ON_BOARD: readonly string[] = JOB_STATES;

export function conditionsOf(filter: JobFilter): Condition[] {
  const { states, flows, versions, by, attention, inputs = [], texts = [] } = filter;
  const conditions: Condition[] = [];
  if (states) conditions.push(stateCondition(states));
  if (flows) conditions.push({ on: 'flow', isOne: flows.length === 1, sql: Prisma.sql`flow_id IN (${among(flows)})` });
  if (versions) conditions.push({ on: 'version', isOne: false, sql: Prisma.sql`version IN (${Prisma.join([...versions])})` });
  if (by) {
    const names = Prisma.join(by.map((name) => Prisma.sql`lower(CAST(${storable(name)} AS TEXT))`));
    conditions.push({ on: 'by', isOne: by.length === 1, sql: Prisma.sql`lower(posted_by) IN (${names})` });
  }
  if (attention === true) conditions.push({ on: 'attention', isOne: false, sql: Prisma.sql`attention IS NOT NULL` });
  if (attention === false) conditions.push({ on: 'noAttention', isOne: false, sql: Prisma.sql`attention IS NULL` });
  if (typeof attention === 'object')
    conditions.push({ on: 'attention', isOne: false, sql: Prisma.sql`attention IN (${among(attention)})` });
  for (const { name, values } of inputs) {
    const wanted = Prisma.sql`SELECT job FROM job_input WHERE name = ${storable(name)} AND value IN (${among(values)})`;
    conditions.push({ on: 'input', isOne: values.length === 1, sql: Prisma.sql`seq IN (${wanted})` });
  }
  for (const text of texts) conditions.push(textCondition(text));
  return conditions;
}

/** When a job was posted, and where the page before ended. */
export function timeConditions({ since, until }: JobFilter): Prisma.Sql[] {
  return [
    ...(since === undefined ? [] : [Prisma.sql`posted_at >= ${BigInt(since)}`]),
    ...(until === undefined ? [] : [Prisma.sql`posted_at < ${BigInt(until)}`]),
  ];
}

export function allOf(conditions: readonly Prisma.Sql[]): Prisma.Sql {
  return conditions.length === 0 ? Prisma.empty : Prisma.sql`WHERE ${Prisma.join([...conditions], ' AND ')}`;
}

function stateCondition(states: NonNullable<JobFilter['states']>): Condition {
  const onBoard = states.filter((state) => ON_BOARD.includes(state));
  const ofRun = states.filter((state) => !ON_BOARD.includes(state));
  const isOne = states.length === 1;
  if (onBoard.length === 0) return { on: 'run', isOne, sql: Prisma.sql`run IN (${among(ofRun)})` };
  if (ofRun.length > 0) return { on: 'state', isOne, sql: Prisma.sql`(run IN (${among(ofRun)}) OR state IN (${among(onBoard)}))` };
  if (onBoard.includes('COMPLETE')) return { on: 'state', isOne, sql: Prisma.sql`state IN (${among(onBoard)})` };
  // The words of the index, without which SQLite does not see that it may be used.
  return { on: 'open', isOne, sql: Prisma.sql`(state IN (${among(onBoard)}) AND state <> 'COMPLETE')` };
}

function textCondition({ word, flows, idStart }: NonNullable<JobFilter['texts']>[number]): Condition {
  const found = [Prisma.sql`SELECT job FROM job_input WHERE value = ${storable(word)}`];
  // `{` follows `z`, hence everything that begins so.
  if (idStart !== null) found.push(Prisma.sql`SELECT seq FROM job WHERE id >= ${idStart} AND id < ${`${idStart}{`}`);
  const named = flows.length === 0 ? Prisma.empty : Prisma.sql`flow_id IN (${among(flows)}) OR `;
  return { on: 'text', isOne: false, sql: Prisma.sql`(${named}seq IN (${Prisma.join(found, ' UNION ALL ')}))` };
}

function among(words: readonly string[]): Prisma.Sql {
  return Prisma.join(words.map(storable));
}
