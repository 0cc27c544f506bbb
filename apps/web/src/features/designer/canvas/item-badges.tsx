import { Pin, RotateCcw, Split, Timer, Undo2 } from 'lucide-react';
import type { ItemBadge } from './badges.ts';

const ICONS = { retry: RotateCcw, limit: Timer, any: Split, undo: Undo2, kept: Pin } as const;

/** Small facts about an item, on its node. */
export function ItemBadges({ badges }: { readonly badges: readonly ItemBadge[] }) {
  return badges.map(({ kind, words, title }) => {
    const Icon = ICONS[kind];
    const isUndo = kind === 'undo' || kind === 'kept';
    return (
      <span
        key={kind}
        title={title}
        className={`flex h-4 shrink-0 items-center gap-1 whitespace-nowrap rounded-full border bg-surface px-1.5 text-10 font-normal ${isUndo ? 'border-st-revert-line text-st-revert-fg' : 'border-line-strong text-fg-2'}`}
      >
        <Icon size={9} aria-hidden /> {words}
      </span>
    );
  });
}
