// The ledger of resources, through the Prisma client: the same for every database. It is written by the logbook's commits.
import type { LedgerPage, LedgerQuery, ResourceLedger } from '@windlass/engine/ports';
import type { LedgerRow } from '@windlass/engine/run';
import type { Prisma, PrismaClient } from './generated/sqlite/client.ts';

/** States of ended jobs. */
const OVER = ['COMPLETE', 'TRASHED'];

export class PrismaLedger implements ResourceLedger {
  readonly #prisma: PrismaClient;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  async resources({ orphans, type, job, cursor, limit }: LedgerQuery): Promise<LedgerPage> {
    const [since = '0', seq = '0', atom = ''] = cursor?.split(' ') ?? [];
    const holder = { ...(orphans === true ? { state: { in: OVER } } : {}), ...(job === undefined ? {} : { id: job }) };
    const older: Prisma.ResourceWhereInput[] = [
      { since: { lt: BigInt(since) } },
      { since: BigInt(since), job: { lt: Number(seq) } },
      { since: BigInt(since), job: Number(seq), atom: { gt: atom } },
    ];
    const found = await this.#prisma.resource.findMany({
      where: { holder, ...(type === undefined ? {} : { type }), ...(cursor === undefined ? {} : { OR: older }) },
      include: { holder: { select: { id: true, flowId: true, flowName: true, state: true, run: true } } },
      orderBy: [{ since: 'desc' }, { job: 'desc' }, { atom: 'asc' }],
      take: limit + 1,
    });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const rows = page.map(
      (row): LedgerRow => ({
        atom: row.atom,
        type: row.type,
        label: row.label,
        stage: row.stage,
        stages: JSON.parse(row.stages) as string[],
        since: Number(row.since),
        job: row.holder.id,
        flow: row.holder.flowId,
        flowName: row.holder.flowName,
        jobState: row.holder.state as LedgerRow['jobState'],
        run: row.holder.run as LedgerRow['run'],
        isOrphan: OVER.includes(row.holder.state),
      }),
    );
    return { rows, next: found.length > limit && last ? `${last.since} ${last.job} ${last.atom}` : null };
  }

  async resourceCounts() {
    const [held, orphans] = await Promise.all([
      this.#prisma.resource.count(),
      this.#prisma.resource.count({ where: { holder: { state: { in: OVER } } } }),
    ]);
    return { held, orphans };
  }
}
