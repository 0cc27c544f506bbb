// Notices through the Prisma client: the same for every database. Each change is one statement with its preconditions: in
// SQLite a transaction over several turns would block the commit queue, and one statement is enough to give a delivery to
// one of several servers.
import { randomUUID } from 'node:crypto';
import type {
  NeedyJob,
  NoticeChannel,
  NoticeDelivery,
  NoticeOrder,
  NoticePage,
  NoticeRow,
  NoticeStore,
  TakeOrder,
  TakenNotice,
  TryEnd,
} from '@windlass/engine/ports';
import type { Actor } from '@windlass/engine/run';
import type { Prisma, PrismaClient } from './generated/sqlite/client.ts';
import { storable } from '../records/storable.ts';

const NEEDY = {
  id: true,
  seq: true,
  token: true,
  attention: true,
  flowId: true,
  flowName: true,
  version: true,
  state: true,
} as const satisfies Prisma.JobSelect;
/**
 * A claim leaves the attention in the row until its first commit, so a claimed job needs a person only if it is in doubt: the
 * process that holds the claim may still run the call (R11).
 */
const NEEDS = {
  OR: [
    { state: 'WAITING', attention: { not: null } },
    { state: 'CLAIMED', attention: 'in_doubt' },
  ],
} satisfies Prisma.JobWhereInput;
const UNSETTLED = ['PENDING', 'SENDING'];

export class PrismaNotices implements NoticeStore {
  readonly #prisma: PrismaClient;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  async needing(jobs: readonly string[]): Promise<NeedyJob[]> {
    const found = await this.#prisma.job.findMany({ where: { ...NEEDS, id: { in: [...jobs] } }, select: NEEDY, orderBy: { seq: 'asc' } });
    return found.map(needyOf);
  }

  async allNeeding(after: number, limit: number): Promise<NeedyJob[]> {
    const found = await this.#prisma.job.findMany({
      where: { ...NEEDS, seq: { gt: after } },
      select: NEEDY,
      orderBy: { seq: 'asc' },
      take: limit,
    });
    return found.map(needyOf);
  }

  async channelsOf(job: string, entry: number): Promise<NoticeChannel[] | null> {
    const found = await this.#prisma.notice.findFirst({
      where: { entry, holder: { id: job } },
      select: { deliveries: { select: { channel: true } } },
    });
    return found === null ? null : found.deliveries.map(({ channel }) => channel as NoticeChannel);
  }

  async raise({ job, entry, attention, sentence, raisedAt, channels }: NoticeOrder): Promise<void> {
    // PostgreSQL takes a parameter without a type for text.
    await this.#prisma.$executeRaw`
      INSERT INTO notice (job, entry, attention, sentence, raised_at)
      SELECT seq, CAST(${entry} AS INTEGER), CAST(${attention} AS TEXT), CAST(${storable(sentence)} AS TEXT), CAST(${raisedAt} AS BIGINT)
      FROM job WHERE id = ${job} ON CONFLICT (job, entry) DO NOTHING`;
    // Inserted apart from the notice, so that a server that died in between, or has a new channel, adds the missing deliveries.
    for (const channel of channels) {
      await this.#prisma.$executeRaw`
        INSERT INTO notice_delivery (notice, channel, state, tries, due_at)
        SELECT n.id, CAST(${channel} AS TEXT), 'PENDING', 0, CAST(${raisedAt} AS BIGINT) FROM notice n JOIN job j ON j.seq = n.job
        WHERE j.id = ${job} AND n.entry = ${entry} ON CONFLICT (notice, channel) DO NOTHING`;
    }
  }

  async list({ cursor, limit }: { readonly cursor?: string; readonly limit: number }): Promise<NoticePage> {
    const found = await this.#prisma.notice.findMany({
      where: cursor === undefined ? {} : { id: { lt: BigInt(cursor) } },
      include: {
        deliveries: { orderBy: { channel: 'asc' } },
        holder: { select: { id: true, flowName: true, state: true, attention: true } },
      },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
    const page = found.slice(0, limit);
    const rows = page.map(({ id, entry, attention, sentence, raisedAt, readAt, readBy, holder, deliveries }): NoticeRow => {
      return {
        id: String(id),
        job: holder.id,
        flowName: holder.flowName,
        entry,
        attention: attention as NoticeRow['attention'],
        sentence,
        raisedAt: Number(raisedAt),
        isOpen: holder.attention !== null,
        readAt: readAt === null ? null : Number(readAt),
        readBy,
        deliveries: deliveries.map(deliveryOf),
      };
    });
    const last = page.at(-1);
    return { rows, next: found.length > limit && last ? String(last.id) : null };
  }

  unread(): Promise<number> {
    return this.#prisma.notice.count({ where: { readAt: null } });
  }

  async markRead(notices: readonly string[], by: Actor, now: number): Promise<void> {
    await this.#prisma.notice.updateMany({
      where: { id: { in: notices.map(BigInt) }, readAt: null },
      data: { readAt: now, readBy: by.name },
    });
  }

  async take({ channel, now, until, limit, mostTries }: TakeOrder): Promise<TakenNotice[]> {
    const isDue = { channel, state: { in: UNSETTLED }, dueAt: { lte: now } } satisfies Prisma.NoticeDeliveryWhereInput;
    await this.#prisma.noticeDelivery.updateMany({
      where: { ...isDue, tries: { gte: mostTries } },
      data: { state: 'FAILED', lease: null, error: 'the server that tried it last did not finish' },
    });
    const due = await this.#prisma.noticeDelivery.findMany({
      where: isDue,
      orderBy: { dueAt: 'asc' },
      take: limit,
      include: { of: { include: { holder: { select: { id: true, flowName: true } } } } },
    });
    const taken: TakenNotice[] = [];
    for (const { notice, state, dueAt, tries, lease, of } of due) {
      const mine = randomUUID();
      // Changes the row only in the state in which it was found, so one of several servers changes it.
      const { count } = await this.#prisma.noticeDelivery.updateMany({
        where: { notice, channel, state, dueAt, lease },
        data: { state: 'SENDING', dueAt: until, lease: mine, tries: tries + 1 },
      });
      if (count === 0) continue;
      taken.push({
        notice: String(notice),
        channel,
        lease: mine,
        tries: tries + 1,
        job: of.holder.id,
        flowName: of.holder.flowName,
        entry: of.entry,
        attention: of.attention as TakenNotice['attention'],
        sentence: of.sentence,
        raisedAt: Number(of.raisedAt),
      });
    }
    return taken;
  }

  async settle({ notice, channel, lease }: Pick<TakenNotice, 'notice' | 'channel' | 'lease'>, end: TryEnd): Promise<boolean> {
    const { count } = await this.#prisma.noticeDelivery.updateMany({
      where: { notice: BigInt(notice), channel, lease, state: 'SENDING' },
      data: { lease: null, ...settled(end) },
    });
    return count === 1;
  }

  async releaseAll(now: number): Promise<void> {
    await this.#prisma.noticeDelivery.updateMany({ where: { state: 'SENDING' }, data: { state: 'PENDING', lease: null, dueAt: now } });
  }

  async nextDue(channel: NoticeChannel): Promise<number | null> {
    const next = await this.#prisma.noticeDelivery.findFirst({
      where: { channel, state: { in: UNSETTLED } },
      orderBy: { dueAt: 'asc' },
      select: { dueAt: true },
    });
    return next === null ? null : Number(next.dueAt);
  }
}

function settled(end: TryEnd): Prisma.NoticeDeliveryUpdateManyMutationInput {
  switch (end.kind) {
    case 'sent':
      return { state: 'SENT', sentAt: end.at, error: end.remark === null ? null : storable(end.remark) };
    case 'failed':
      return { error: storable(end.why), ...(end.againAt === null ? { state: 'FAILED' } : { state: 'PENDING', dueAt: end.againAt }) };
    case 'later':
      return { state: 'PENDING', dueAt: end.at, tries: { decrement: 1 } };
  }
}

function needyOf({ flowId, attention, state, ...job }: Prisma.JobGetPayload<{ select: typeof NEEDY }>): NeedyJob {
  return { ...job, flow: flowId, attention: attention as NeedyJob['attention'], isClaimed: state === 'CLAIMED' };
}

function deliveryOf({ channel, state, tries, dueAt, error, sentAt }: Prisma.NoticeDeliveryGetPayload<object>): NoticeDelivery {
  return {
    channel: channel as NoticeChannel,
    state: state as NoticeDelivery['state'],
    tries,
    dueAt: Number(dueAt),
    error,
    sentAt: sentAt === null ? null : Number(sentAt),
  };
}
