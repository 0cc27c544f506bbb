// Finds and counts jobs by what they are searched for.
//
// 1. A page begins at the time and number at which the page before ended, so new jobs do not shift the pages.
// 2. A count is exact up to the requested number.
// 3. Values are always parameters.
import type { JobCount, JobQuery } from '@windlass/engine/ports';
import type { JobFilter } from '@windlass/engine/run';
import { Prisma, type PrismaClient } from '../generated/sqlite/client.ts';
import { allOf, type Condition, conditionsOf, timeConditions } from './conditions.ts';
import { chooseIndex } from './choose-index.ts';

export interface FoundJob {
  readonly seq: number;
  readonly postedAt: number;
}

export class JobSearcher {
  readonly #prisma: PrismaClient;
  readonly #choosesIndex: boolean;

  constructor(prisma: PrismaClient, { choosesIndex }: { readonly choosesIndex: boolean }) {
    this.#prisma = prisma;
    this.#choosesIndex = choosesIndex;
  }

  /** At most `limit`, in the order of the list, behind the cursor. */
  async page(query: JobQuery): Promise<FoundJob[]> {
    const { cursor, limit, order = 'newest' } = query;
    const conditions = conditionsOf(query);
    const times = timeConditions(query);
    const [direction, behind] = order === 'newest' ? [Prisma.sql`DESC`, Prisma.sql`<`] : [Prisma.sql`ASC`, Prisma.sql`>`];
    const [time, seq] = cursor?.split('-').map(Number) ?? [];
    const from = time === undefined || seq === undefined ? [] : [Prisma.sql`(posted_at, seq) ${behind} (${BigInt(time)}, ${seq})`];
    const common = this.#ofInput(conditions);
    const table = common ?? Prisma.sql`job ${await this.#index(conditions, times)}`;
    const where = common === null ? [...conditions.map(({ sql }) => sql), ...times, ...from] : [...times, ...from];
    const found = await this.#prisma.$queryRaw<{ seq: number | bigint; posted_at: number | bigint }[]>(
      Prisma.sql`SELECT seq, posted_at FROM ${table} ${allOf(where)} ORDER BY posted_at ${direction}, seq ${direction} LIMIT ${limit}`,
    );
    return found.map((row) => ({ seq: Number(row.seq), postedAt: Number(row.posted_at) }));
  }

  async count(filter: JobFilter, most: number): Promise<JobCount> {
    const conditions = conditionsOf(filter);
    const times = timeConditions(filter);
    const common = this.#ofInput(conditions);
    const table = common ?? Prisma.sql`job ${await this.#index(conditions, times)}`;
    const count = await this.#countIn(table, common === null ? [...conditions.map(({ sql }) => sql), ...times] : times, most + 1);
    return { count: Math.min(count, most), isExact: count <= most };
  }

  async #index(conditions: readonly Condition[], times: readonly Prisma.Sql[]): Promise<Prisma.Sql> {
    if (!this.#choosesIndex) return Prisma.empty;
    if (conditions.length === 0) return Prisma.sql`INDEXED BY job_posted_idx`;
    return chooseIndex(conditions, times, (from, where, most) => this.#countIn(from, where, most));
  }

  /** A search for one value of one input reads its index in the order of the list, however common the value is. */
  #ofInput(conditions: readonly Condition[]): Prisma.Sql | null {
    const [only, ...others] = conditions;
    return only?.on === 'input' && only.isOne && others.length === 0 ? (only.table ?? null) : null;
  }

  async #countIn(table: Prisma.Sql, where: readonly Prisma.Sql[], most: number): Promise<number> {
    const rows = await this.#prisma.$queryRaw<{ n: number | bigint }[]>(
      Prisma.sql`SELECT count(*) AS n FROM (SELECT 1 FROM ${table} ${allOf(where)} LIMIT ${most}) AS found`,
    );
    return Number(rows[0]?.n ?? 0);
  }
}
