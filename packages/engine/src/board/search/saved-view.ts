// Searches of the jobs list that people save, for themselves or for all people.
import type { Actor } from '../../actor.ts';

export interface SavedView {
  readonly id: number;
  readonly name: string;
  readonly search: string;
  /** Column names in order, separated by commas; empty for the default columns. */
  readonly columns: string;
  readonly order: 'newest' | 'oldest';
  readonly ownerId: string;
  readonly ownerName: string;
  readonly isShared: boolean;
  readonly savedAt: number;
}

export type ViewDraft = Pick<SavedView, 'name' | 'search' | 'columns' | 'order' | 'isShared'>;

/** A store of views. A person can change only their own views. */
export interface SavedViewStore {
  /** A person's own views and all shared ones, by name. */
  views(person: string): Promise<readonly SavedView[]>;
  /** Replaces the person's own view of that name. */
  saveView(draft: ViewDraft, owner: Actor, now: number): Promise<SavedView>;
  /** False when that person has no such view. */
  removeView(id: number, person: string): Promise<boolean>;
}
