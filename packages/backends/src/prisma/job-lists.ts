// The lists of jobs, through the Prisma client: the same for every database.
import type { JobBoard, JobCount, JobPage, JobQuery } from '@windlass/engine/ports';
import { hasEnded, isAtRest, type JobFilter, type JobRow, type RestingJob } from '@windlass/engine/run';
import type { PrismaClient } from './generated/sqlite/client.ts';
import type { JobModel } from './generated/sqlite/models.ts';
import { CostlyAnswers } from './search/costly-answers.ts';
import { JobSearcher } from './search/job-search.ts';

/** Number of jobs in one query: below the largest number of parameters of each database. */
const JOBS_A_QUERY = 500;

export class JobLists {
  readonly #prisma: PrismaClient;
  readonly #searcher: JobSearcher;
  readonly #counts = new CostlyAnswers<JobCount>();
  readonly #byState = new CostlyAnswers<Awaited<ReturnType<JobBoard['counts']>>>();

  constructor(prisma: PrismaClient, options: { readonly choosesIndex: boolean }) {
    this.#prisma = prisma;
    this.#searcher = new JobSearcher(prisma, options);
  }

  async get(job: string): Promise<JobRow | undefined> {
    const found = await this.#prisma.job.findUnique({ where: { id: job } });
    return found === null ? undefined : rowOf(found);
  }

  async atRest(jobs: readonly string[]): Promise<readonly RestingJob[]> {
    const moving = new Set<string>();
    const needy = new Set<string>();
    for (let from = 0; from < jobs.length; from += JOBS_A_QUERY) {
      const found = await this.#prisma.job.findMany({
        where: { id: { in: jobs.slice(from, from + JOBS_A_QUERY) } },
        select: { id: true, state: true, attention: true },
      });
      for (const { id, ...words } of found) {
        const row = wordsOf(words);
        if (!isAtRest(row)) moving.add(id);
        else if (!hasEnded(row)) needy.add(id);
      }
    }
    return jobs.filter((job) => !moving.has(job)).map((job) => ({ job, hasEnded: !needy.has(job) }));
  }

  async list(query: JobQuery): Promise<JobPage> {
    const found = await this.#searcher.page({ ...query, limit: query.limit + 1 });
    const page = found.slice(0, query.limit);
    const last = page.at(-1);
    const jobs = await this.#prisma.job.findMany({ where: { seq: { in: page.map(({ seq }) => seq) } } });
    const bySeq = new Map(jobs.map((job) => [job.seq, job]));
    const rows = page.flatMap(({ seq }) => bySeq.get(seq) ?? []).map(rowOf);
    return { rows, next: found.length > query.limit && last ? `${last.postedAt}-${last.seq}` : null };
  }

  /** Caches the answer for 20 times the duration of the query. */
  async count(filter: JobFilter, most: number): Promise<JobCount> {
    return this.#counts.get(JSON.stringify([filter, most]), () => this.#searcher.count(filter, most));
  }

  /** Uses the index on flow and time, and stops at the last requested row. */
  async ended(flow: string, limit: number): Promise<readonly JobRow[]> {
    const found = await this.#prisma.job.findMany({
      where: { flowId: flow, endedAt: { not: null } },
      orderBy: [{ postedAt: 'desc' }, { seq: 'desc' }],
      take: limit,
    });
    return found.map(rowOf);
  }

  async counts(): ReturnType<JobBoard['counts']> {
    return this.#byState.get('', () => this.#countStates());
  }

  /** Grouping 1,000,000 jobs takes 300 ms; those that are not complete are few and have an index. */
  async #countStates(): ReturnType<JobBoard['counts']> {
    const [all, open, attention] = await Promise.all([
      this.#prisma.job.count(),
      this.#prisma.$queryRaw<{ state: string; n: number | bigint }[]>`
        SELECT state, count(*) AS n FROM job WHERE state <> 'COMPLETE' GROUP BY state ORDER BY state`,
      this.#prisma.job.count({ where: { attention: { not: null } } }),
    ]);
    const byState = Object.fromEntries(open.map(({ state, n }) => [state, Number(n)]));
    const complete = all - Object.values(byState).reduce((sum, n) => sum + n, 0);
    return { byState: complete > 0 ? { ...byState, COMPLETE: complete } : byState, attention };
  }
}

/** An unknown word is passed on: screens show it unchanged. */
function wordsOf({ state, attention }: Pick<JobModel, 'state' | 'attention'>): Pick<JobRow, 'state' | 'attention'> {
  return { state: state as JobRow['state'], attention: attention as JobRow['attention'] };
}

function rowOf(job: JobModel): JobRow {
  return {
    id: job.id,
    flow: job.flowId,
    flowName: job.flowName,
    version: job.version,
    ...wordsOf(job),
    run: job.run as JobRow['run'],
    attentionNote: job.attentionNote,
    forward: job.forward,
    forwardKind: job.forwardKind as JobRow['forwardKind'],
    priority: job.priority,
    postedAt: Number(job.postedAt),
    postedBy: job.postedBy,
    startedAt: job.startedAt === null ? null : Number(job.startedAt),
    endedAt: job.endedAt === null ? null : Number(job.endedAt),
    owner: job.owner,
    leaseUntil: job.leaseUntil === null ? null : Number(job.leaseUntil),
    wakeAt: job.wakeAt === null ? null : Number(job.wakeAt),
    parent: job.parent,
    depth: job.depth,
    target: job.target,
  };
}
