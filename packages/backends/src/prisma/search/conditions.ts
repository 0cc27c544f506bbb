// The conditions of a job filter as SQL that SQLite and PostgreSQL both understand, each a group that narrows by itself.
import { JOB_STATES, type JobFilter } from '@windlass/engine/run';
import { Prisma } from '../generated/sqlite/client.ts';
import { storable } from '../../records/storable.ts';

/** The column of a condition. The index is chosen by it. */
export interface Condition {
  readonly on: 'run' | 'open' | 'state' | 'flow' | 'version' | 'by' | 'attention' | 'noAttention' | 'input' | 'text';
  /** True for one value: the index of the column is then in the order of the list. */
  readonly isOne: boolean;
  readonly sql: Prisma.Sql;
  /** True when the matches can be counted without reading `job`. */
  readonly table?: Prisma.Sql;
}

type SearchedInput = NonNullable<JobFilter['inputs']>[number];

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
  const [first, ...others] = inputs.filter(({ values }) => values.length === 1);
  if (first) conditions.push(inputCondition(first, others));
  for (const input of inputs) if (input.values.length > 1) conditions.push(inputCondition(input, []));
  for (const text of texts) conditions.push(textCondition(text));
  return conditions;
}

/** The time of posting, and the cursor of the page before. */
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

/**
 * The jobs with all of these inputs, each of one value where there are several: the jobs of the first, each looked up among
 * the others by the whole key. Two inputs of 200,000 jobs take 160 ms a page; as two joined sets they took 300.
 */
function inputCondition(first: SearchedInput, others: readonly SearchedInput[]): Condition {
  const hasValue = ({ name, values }: SearchedInput) => Prisma.sql`name = ${storable(name)} AND value IN (${among(values)})`;
  const wanted = [
    hasValue(first),
    ...others.map(
      (one) =>
        Prisma.sql`EXISTS (SELECT 1 FROM job_input AS other WHERE ${hasValue(one)} AND other.posted_at = first.posted_at AND other.job = first.job)`,
    ),
  ];
  const rows = Prisma.sql`FROM job_input AS first WHERE ${Prisma.join(wanted, ' AND ')}`;
  return {
    on: 'input',
    isOne: others.length === 0 && first.values.length === 1,
    sql: Prisma.sql`seq IN (SELECT job ${rows})`,
    table: Prisma.sql`(SELECT job AS seq, posted_at ${rows}) AS found`,
  };
}

function textCondition({ word, flows, idStart }: NonNullable<JobFilter['texts']>[number]): Condition {
  const found = [Prisma.sql`SELECT job FROM job_input WHERE value = ${storable(word)}`];
  // `{` is the character after `z`, so the range has every id with this beginning.
  if (idStart !== null) found.push(Prisma.sql`SELECT seq FROM job WHERE id >= ${idStart} AND id < ${`${idStart}{`}`);
  const named = flows.length === 0 ? Prisma.empty : Prisma.sql`flow_id IN (${among(flows)}) OR `;
  return { on: 'text', isOne: false, sql: Prisma.sql`(${named}seq IN (${Prisma.join(found, ' UNION ALL ')}))` };
}

function among(words: readonly string[]): Prisma.Sql {
  return Prisma.join(words.map(storable));
}
