// The index of `job` that a search reads in SQLite. SQLite keeps no statistics unless told to: without this choice
// it takes the first index that fits, however many rows match. PostgreSQL chooses well.
//
// Measured with 1,000,000 jobs: one value by its own index takes 1 ms a page and up to 40 ms a count; the index over
// everything that is searched, read from end to end, takes 40 to 70 ms whatever the conditions are; a row that is looked
// up from an index takes about 0.8 µs, so beyond some ten thousand of them reading everything is quicker.
import { Prisma } from '../generated/sqlite/client.ts';
import type { Condition } from './conditions.ts';

/** Up to this number of rows, rows are looked up one by one. */
const FEW = 10_000;

const OWN: { readonly [on in Condition['on']]?: Prisma.Sql } = {
  run: Prisma.sql`INDEXED BY job_run_idx`,
  open: Prisma.sql`INDEXED BY job_open_idx`,
  flow: Prisma.sql`INDEXED BY job_flow_idx`,
  by: Prisma.sql`INDEXED BY job_posted_by_idx`,
  attention: Prisma.sql`INDEXED BY job_attention_seq_idx`,
  // Its rows are found by their number.
  input: Prisma.sql`NOT INDEXED`,
  text: Prisma.sql`NOT INDEXED`,
};
const EVERYTHING = Prisma.sql`INDEXED BY job_posted_idx`;

/** Counts matching rows, up to `most`. */
export type CountFew = (from: Prisma.Sql, conditions: readonly Prisma.Sql[], most: number) => Promise<number>;

/** `always` are conditions that every index answers: the times. */
export async function chooseIndex(conditions: readonly Condition[], always: readonly Prisma.Sql[], count: CountFew): Promise<Prisma.Sql> {
  // The index of one value is in the order of the list, whether the value is common or rare.
  const [only, ...others] = conditions.filter(({ on }) => on !== 'version' || !conditions.some((one) => one.on === 'flow'));
  const own = only === undefined || others.length > 0 || !only.isOne || only.on === 'input' ? undefined : OWN[only.on];
  if (own !== undefined) return own;
  let best = { index: EVERYTHING, rows: FEW + 1 };
  for (const { on, sql, table } of conditions) {
    const index = OWN[on];
    if (index === undefined || (on === 'text' && sql.sql.includes(' OR '))) continue;
    const [from, where] = table === undefined ? [Prisma.sql`job ${index}`, [sql, ...always]] : [table, always];
    const rows = await count(from, where, Math.min(FEW + 1, best.rows));
    if (rows < best.rows) best = { index, rows };
  }
  return best.index;
}
