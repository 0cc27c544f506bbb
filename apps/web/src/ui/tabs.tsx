import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from '../lib/cx.ts';

export interface TabItem {
  readonly id: string;
  readonly label: ReactNode;
  readonly content: ReactNode;
  /** Teal, for tabs about undoing. */
  readonly undo?: boolean;
}

/** Tabs with their panels; every panel always exists and has its own text when empty. */
export function Tabs({
  items,
  value,
  onChange,
  label,
}: {
  readonly items: readonly TabItem[];
  readonly value: string;
  readonly onChange: (id: string) => void;
  readonly label: string;
}) {
  return (
    <Radix.Root value={value} onValueChange={onChange} className="flex min-h-0 flex-1 flex-col">
      <Radix.List aria-label={label} className="flex shrink-0 gap-0.5 overflow-x-auto border-b border-line px-2.5">
        {items.map(({ id, label: words, undo }) => (
          <Radix.Trigger
            key={id}
            value={id}
            className={cx(
              'h-[34px] whitespace-nowrap border-b-2 border-transparent px-1.5 -outline-offset-2 text-12 font-medium text-fg-3 hover:text-fg',
              undo
                ? 'data-[state=active]:border-st-revert-line data-[state=active]:text-st-revert-fg'
                : 'data-[state=active]:border-accent data-[state=active]:text-fg',
            )}
          >
            {words}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {items.map(({ id, content }) => (
        <Radix.Content key={id} value={id} className="min-h-0 flex-1 overflow-auto px-4 py-3">
          {content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
