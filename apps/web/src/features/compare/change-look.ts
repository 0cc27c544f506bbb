// The look of a change: hue, icon, word and the pattern of its border together, never only the colour.
import type { DefinitionDiff } from '@windlass/engine/definition';

export type Change = 'added' | 'removed' | 'changed' | 'same';

export interface ChangeLook {
  readonly word: string;
  readonly hue: 'success' | 'failed' | 'doubt' | 'pending';
  readonly border: 'solid' | 'dashed' | 'double';
}

export const CHANGE_LOOKS: Readonly<Record<Change, ChangeLook>> = {
  added: { word: 'Added', hue: 'success', border: 'solid' },
  removed: { word: 'Removed', hue: 'failed', border: 'dashed' },
  changed: { word: 'Changed', hue: 'doubt', border: 'double' },
  same: { word: 'Same', hue: 'pending', border: 'solid' },
};

/** The change of each item; an item in neither list is unchanged. */
export function changesByItem({ added, removed, changed }: Pick<DefinitionDiff, 'added' | 'removed' | 'changed'>): Map<string, Change> {
  return new Map([
    ...added.map(({ item }) => [item, 'added'] as const),
    ...removed.map(({ item }) => [item, 'removed'] as const),
    ...changed.map(({ item }) => [item, 'changed'] as const),
  ]);
}

/** The two versions in an address, the older first; null when it does not name two. */
export function versionsIn(text: string | undefined): readonly [number, number] | null {
  const [a, b, more] = (text ?? '').split(',').map(Number);
  if (a === undefined || b === undefined || more !== undefined) return null;
  if (!Number.isInteger(a) || !Number.isInteger(b) || a < 1 || b < 1 || a === b) return null;
  return a < b ? [a, b] : [b, a];
}
