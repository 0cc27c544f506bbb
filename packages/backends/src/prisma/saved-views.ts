// Saved views through the Prisma client: the same for every database.
import type { SavedView, SavedViewStore, ViewDraft } from '@windlass/engine/ports';
import type { Actor } from '@windlass/engine/run';
import type { PrismaClient } from './generated/sqlite/client.ts';
import type { SavedViewModel } from './generated/sqlite/models.ts';
import { storable } from '../records/storable.ts';

export class PrismaSavedViews implements SavedViewStore {
  readonly #prisma: PrismaClient;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  async views(person: string): Promise<readonly SavedView[]> {
    const found = await this.#prisma.savedView.findMany({
      where: { OR: [{ ownerId: person }, { isShared: true }] },
      orderBy: [{ name: 'asc' }, { id: 'asc' }],
    });
    return found.map(viewOf);
  }

  async saveView(draft: ViewDraft, owner: Actor, now: number): Promise<SavedView> {
    const { columns, order, isShared } = draft;
    const name = storable(draft.name);
    const data = { search: storable(draft.search), columns, order, isShared, ownerName: storable(owner.name), savedAt: now };
    const where = { ownerId_name: { ownerId: owner.id, name } };
    return viewOf(await this.#prisma.savedView.upsert({ where, create: { ...data, name, ownerId: owner.id }, update: data }));
  }

  async removeView(id: number, person: string): Promise<boolean> {
    const { count } = await this.#prisma.savedView.deleteMany({ where: { id, ownerId: person } });
    return count === 1;
  }
}

function viewOf(row: SavedViewModel): SavedView {
  return { ...row, order: row.order === 'oldest' ? 'oldest' : 'newest', savedAt: Number(row.savedAt) };
}
