// Bulk acts through the Prisma client: the same for every database. Each write is one statement.
import type { BulkActStore } from '@windlass/engine/ports';
import type { Actor, BulkAct, BulkAction, BulkJob, BulkOrder, BulkOutcome, BulkState, SettledBulkJob } from '@windlass/engine/run';
import { BULK_LEASE_MS } from '@windlass/engine/ports';
import type { PrismaClient } from './generated/sqlite/client.ts';
import type { BulkActModel } from './generated/sqlite/models.ts';
import { storable } from '../records/storable.ts';

/** Rows of one statement: SQLite takes 32,766 parameters. */
const AT_ONCE = 1_000;
const NONE: BulkAct['outcomes'] = { done: 0, refused: 0, failed: 0 };

export class PrismaBulkActs implements BulkActStore {
  readonly #prisma: PrismaClient;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  async post({ act, actor, search, jobs }: BulkOrder, now: number): Promise<number> {
    const { id } = await this.#prisma.bulkAct.create({
      data: {
        act: JSON.stringify(act),
        actor: JSON.stringify(actor),
        search: storable(search),
        askedAt: now,
        state: 'PREPARING',
        total: jobs.length,
      },
    });
    for (let from = 0; from < jobs.length; from += AT_ONCE) {
      const some = jobs.slice(from, from + AT_ONCE).map((job, index) => ({ bulk: id, number: from + index, job }));
      await this.#prisma.bulkActJob.createMany({ data: some });
    }
    await this.#prisma.bulkAct.update({ where: { id }, data: { state: 'RUNNING' } });
    return id;
  }

  async get(id: number): Promise<BulkAct | undefined> {
    const found = await this.#prisma.bulkAct.findUnique({ where: { id } });
    return found === null ? undefined : (await this.#withOutcomes([found]))[0];
  }

  async list({ before, limit }: { readonly before?: number; readonly limit: number }): Promise<readonly BulkAct[]> {
    const where = before === undefined ? {} : { id: { lt: before } };
    return this.#withOutcomes(await this.#prisma.bulkAct.findMany({ where, orderBy: { id: 'desc' }, take: limit }));
  }

  async jobs(id: number, { outcome, after, limit }: Parameters<BulkActStore['jobs']>[1]): Promise<readonly BulkJob[]> {
    const found = await this.#prisma.bulkActJob.findMany({
      where: { bulk: id, number: { gt: after }, ...(outcome === undefined ? {} : { outcome }) },
      orderBy: { number: 'asc' },
      take: limit,
    });
    return found.map(({ number, job, outcome: came, note, at }) => ({
      ...{ number, job, note },
      outcome: came as BulkOutcome | null,
      at: at === null ? null : Number(at),
    }));
  }

  async settle(id: number, settled: readonly SettledBulkJob[]): Promise<void> {
    for (const { number, outcome, note, at } of settled) {
      const data = { outcome, note: storable(note), at };
      await this.#prisma.bulkActJob.update({ where: { bulk_number: { bulk: id, number } }, data });
    }
  }

  async take(server: string, now: number): Promise<BulkAct | undefined> {
    const free = { state: 'RUNNING', OR: [{ takenTill: null }, { takenTill: { lt: now } }, { takenBy: server }] };
    const found = await this.#prisma.bulkAct.findMany({ where: free, orderBy: { id: 'asc' }, take: 5 });
    for (const { id } of found) {
      const data = { takenBy: server, takenTill: now + BULK_LEASE_MS };
      const { count } = await this.#prisma.bulkAct.updateMany({ where: { id, ...free }, data });
      if (count === 1) return this.get(id);
    }
    return undefined;
  }

  async hold(id: number, server: string, now: number): Promise<boolean> {
    const data = { takenTill: now + BULK_LEASE_MS };
    const { count } = await this.#prisma.bulkAct.updateMany({ where: { id, takenBy: server, state: 'RUNNING' }, data });
    return count === 1;
  }

  async release(id: number, server: string): Promise<void> {
    await this.#prisma.bulkAct.updateMany({ where: { id, takenBy: server }, data: { takenBy: null, takenTill: null } });
  }

  async releaseAll(): Promise<void> {
    await this.#prisma.bulkAct.updateMany({ where: { state: 'RUNNING' }, data: { takenBy: null, takenTill: null } });
  }

  async end(id: number, state: 'STOPPED' | 'ENDED', now: number): Promise<boolean> {
    const { count } = await this.#prisma.bulkAct.updateMany({ where: { id, state: 'RUNNING' }, data: { state, endedAt: now } });
    return count === 1;
  }

  async #withOutcomes(found: readonly BulkActModel[]): Promise<BulkAct[]> {
    const groups = await this.#prisma.bulkActJob.groupBy({
      by: ['bulk', 'outcome'],
      where: { bulk: { in: found.map(({ id }) => id) }, outcome: { not: null } },
      _count: { _all: true },
    });
    return found.map((row) => {
      const own = groups.filter(({ bulk }) => bulk === row.id).map(({ outcome, _count }) => [outcome, _count._all]);
      return rowOf(row, { ...NONE, ...Object.fromEntries(own) });
    });
  }
}

function rowOf({ id, act, actor, search, askedAt, state, total, endedAt }: BulkActModel, outcomes: BulkAct['outcomes']): BulkAct {
  return {
    ...{ id, search, total, outcomes },
    act: JSON.parse(act) as BulkAction,
    actor: JSON.parse(actor) as Actor,
    askedAt: Number(askedAt),
    state: state as BulkState,
    endedAt: endedAt === null ? null : Number(endedAt),
  };
}
