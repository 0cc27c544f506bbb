import { Tooltip } from 'radix-ui';
import type { ReactNode } from 'react';

/** A text on hover and focus; never the only place of an information. */
export function Tip({
  text,
  children,
  side = 'bottom',
}: {
  readonly text: ReactNode;
  readonly children: ReactNode;
  readonly side?: 'top' | 'bottom' | 'left' | 'right';
}) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content side={side} sideOffset={6} className="z-[80] max-w-80 rounded-2 bg-fg px-2 py-1 text-11 text-bg shadow-2">
          {text}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
