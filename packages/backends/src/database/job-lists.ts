// What lists show of jobs, through the Prisma client: the same for every database.
import type { JobBoard, JobPage, JobQuery, JobRow } from '@windlass/engine';
import type { PrismaClient } from './generated/sqlite/client.ts';
import type { JobModel } from './generated/sqlite/models.ts';

export class JobLists {
  readonly #prisma: PrismaClient;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  async get(job: string): Promise<JobRow | undefined> {
    const found = await this.#prisma.job.findUnique({ where: { id: job } });
    return found === null ? undefined : rowOf(found);
  }

  async list({ states, flow, attention, cursor, limit }: JobQuery): Promise<JobPage> {
    const found = await this.#prisma.job.findMany({
      where: {
        ...(states ? { state: { in: [...states] } } : {}),
        ...(flow === undefined ? {} : { flowId: flow }),
        ...(attention === undefined ? {} : { attention: attention ? { not: null } : null }),
        ...(cursor === undefined ? {} : { seq: { lt: Number(cursor) } }),
      },
      orderBy: { seq: 'desc' },
      take: limit + 1,
    });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return { rows: page.map(rowOf), next: found.length > limit && last ? String(last.seq) : null };
  }

  async counts(): ReturnType<JobBoard['counts']> {
    const groups = await this.#prisma.job.groupBy({ by: ['state'], _count: { _all: true, attention: true } });
    const byState = Object.fromEntries(groups.map(({ state, _count }) => [state, _count._all]));
    return { byState, attention: groups.reduce((sum, { _count }) => sum + _count.attention, 0) };
  }
}

function rowOf(job: JobModel): JobRow {
  return {
    id: job.id,
    flow: job.flowId,
    flowName: job.flowName,
    version: job.version,
    // A word that this version does not know is passed on: screens show it as it is.
    state: job.state as JobRow['state'],
    run: job.run as JobRow['run'],
    attention: job.attention as JobRow['attention'],
    forward: job.forward,
    priority: job.priority,
    postedAt: Number(job.postedAt),
    postedBy: job.postedBy,
    startedAt: job.startedAt === null ? null : Number(job.startedAt),
    endedAt: job.endedAt === null ? null : Number(job.endedAt),
    owner: job.owner,
    leaseUntil: job.leaseUntil === null ? null : Number(job.leaseUntil),
    wakeAt: job.wakeAt === null ? null : Number(job.wakeAt),
    parent: job.parent,
    target: job.target,
  };
}
