// Searches of the jobs list that people keep, for themselves or for everybody.
import type { Actor } from '../../actor.ts';

export interface SavedView {
  readonly id: number;
  readonly name: string;
  readonly search: string;
  /** Names of columns in their order, parted by commas; empty for the usual ones. */
  readonly columns: string;
  readonly order: 'newest' | 'oldest';
  readonly ownerId: string;
  readonly ownerName: string;
  readonly isShared: boolean;
  readonly savedAt: number;
}

export type ViewDraft = Pick<SavedView, 'name' | 'search' | 'columns' | 'order' | 'isShared'>;

/** Keeps views. Each person changes their own ones alone. */
export interface SavedViewStore {
  /** One's own and those that are shared, by name. */
  views(person: string): Promise<readonly SavedView[]>;
  /** Replaces one's own view of that name. */
  saveView(draft: ViewDraft, owner: Actor, now: number): Promise<SavedView>;
  /** False when there is no such view of that person. */
  removeView(id: number, person: string): Promise<boolean>;
}
