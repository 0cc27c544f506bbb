// Flows through the Prisma client. Each write is one statement: with SQLite the hot path shares the file, synchronously,
// and a transaction held open across a turn of the event loop would block it.
import { randomBytes } from 'node:crypto';
import type { FlowDefinition } from '@windlass/engine/definition';
import { EngineError, type FlowDraft, type FlowRow, type FlowStore, type FlowVersionRow } from '@windlass/engine/ports';
import type { Actor } from '@windlass/engine/run';
import { Prisma, type PrismaClient } from './generated/sqlite/client.ts';
import type { FlowModel } from './generated/sqlite/models.ts';
import { storable } from '../records/storable.ts';

type Newest = { readonly version: number; readonly document: string } | undefined;

export class PrismaFlows implements FlowStore {
  readonly #prisma: PrismaClient;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  async list(): Promise<FlowRow[]> {
    const flows = await this.#prisma.flow.findMany({
      where: { removedAt: null },
      orderBy: { updatedAt: 'desc' },
      include: { versions: { orderBy: { version: 'desc' }, take: 1 } },
    });
    return flows.map((flow) => ({
      id: flow.id,
      name: flow.name,
      pattern: flow.pattern,
      version: flow.versions[0]?.version ?? 0,
      dirty: isDirty(flow, flow.versions[0]),
      updatedAt: Number(flow.updatedAt),
      updatedBy: flow.updatedBy,
    }));
  }

  async create(definition: FlowDefinition, actor: Actor, now: number): Promise<FlowDraft> {
    const flow = await this.#prisma.flow.create({
      data: {
        id: `flow_${randomBytes(6).toString('hex')}`,
        name: storable(definition.name),
        pattern: definition.root.pattern,
        draft: JSON.stringify(definition),
        revision: 1,
        updatedAt: now,
        updatedBy: actor.name,
      },
    });
    return draftOf(flow, undefined);
  }

  async getDraft(flow: string): Promise<FlowDraft> {
    return draftOf(await this.#flow(flow), await this.#newest(flow));
  }

  async saveDraft(save: Parameters<FlowStore['saveDraft']>[0], actor: Actor, now: number) {
    const { flow, revision, definition } = save;
    const { count } = await this.#prisma.flow.updateMany({
      where: { id: flow, revision, removedAt: null },
      data: {
        name: storable(definition.name),
        pattern: definition.root.pattern,
        draft: JSON.stringify(definition),
        revision: revision + 1,
        updatedAt: now,
        updatedBy: actor.name,
      },
    });
    const draft = await this.getDraft(flow);
    return { kind: count === 1 ? 'saved' : 'changed', draft } as const;
  }

  async publish(order: Parameters<FlowStore['publish']>[0], actor: Actor, now: number) {
    const found = await this.#flow(order.flow);
    const newest = (await this.#newest(order.flow))?.version ?? 0;
    if (found.revision !== order.revision) return { kind: 'changed', version: newest } as const;
    const version = newest + 1;
    try {
      await this.#prisma.flowVersion.create({
        data: { flowId: order.flow, version, document: found.draft, note: storable(order.note), publishedAt: now, publishedBy: actor.name },
      });
    } catch (cause) {
      // Two people who publish at once get the same number. The second insert fails on the key, so nothing is overwritten.
      if (cause instanceof Prisma.PrismaClientKnownRequestError && cause.code === 'P2002') return { kind: 'changed', version } as const;
      throw cause;
    }
    return { kind: 'published', version } as const;
  }

  async versions(flow: string): Promise<FlowVersionRow[]> {
    const found = await this.#prisma.flowVersion.findMany({
      where: { flowId: flow },
      orderBy: { version: 'desc' },
      omit: { document: true },
    });
    return found.map(({ version, note, publishedAt, publishedBy }) => ({ version, note, publishedAt: Number(publishedAt), publishedBy }));
  }

  async getVersion(flow: string, version: number): Promise<FlowDefinition> {
    const found = await this.#prisma.flowVersion.findUnique({ where: { flowId_version: { flowId: flow, version } } });
    if (found === null) throw new EngineError('VERSION_UNKNOWN', `Flow ${flow} has no version ${version}.`);
    return definitionOf(found.document, `version ${version} of flow ${flow}`);
  }

  async remove(flow: string): Promise<void> {
    await this.#flow(flow);
    const used = (await this.#prisma.job.findFirst({ where: { flowId: flow }, select: { seq: true } })) !== null;
    // The versions stay: the pages and rollbacks of old jobs need them (B1, R6).
    if (used) await this.#prisma.flow.update({ where: { id: flow }, data: { removedAt: Date.now() } });
    else await this.#prisma.flow.delete({ where: { id: flow } });
  }

  async presence(flow: string): Promise<'present' | 'removed' | 'unknown'> {
    const found = await this.#prisma.flow.findUnique({ where: { id: flow }, select: { removedAt: true } });
    if (found === null) return 'unknown';
    return found.removedAt === null ? 'present' : 'removed';
  }

  async #flow(flow: string): Promise<FlowModel> {
    const found = await this.#prisma.flow.findUnique({ where: { id: flow, removedAt: null } });
    if (found === null) throw new EngineError('FLOW_UNKNOWN', `There is no flow ${flow}.`);
    return found;
  }

  async #newest(flow: string): Promise<Newest> {
    return (await this.#prisma.flowVersion.findFirst({ where: { flowId: flow }, orderBy: { version: 'desc' } })) ?? undefined;
  }
}

function isDirty(flow: FlowModel, newest: Newest): boolean {
  if (newest === undefined) return true;
  return newest.document !== flow.draft && canonical(newest.document) !== canonical(flow.draft);
}

/** The same text for the same document, whatever the order of its keys. */
function canonical(document: string): string {
  return JSON.stringify(JSON.parse(document), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

function draftOf(flow: FlowModel, newest: Newest): FlowDraft {
  return {
    id: flow.id,
    revision: flow.revision,
    definition: definitionOf(flow.draft, `the draft of flow ${flow.id}`),
    version: newest?.version ?? 0,
    dirty: isDirty(flow, newest),
    updatedAt: Number(flow.updatedAt),
    updatedBy: flow.updatedBy,
  };
}

/** Only documents that validation has parsed are stored, so here only JSON itself can be wrong. */
function definitionOf(document: string, what: string): FlowDefinition {
  try {
    return JSON.parse(document) as FlowDefinition;
  } catch (cause) {
    throw new EngineError('STORE_FAILED', `The stored document of ${what} is not JSON; restore the database from a backup.`, { cause });
  }
}
