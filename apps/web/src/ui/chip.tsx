import type { ReactNode } from 'react';
import { cx } from '../lib/cx.ts';

/** A small rounded fact. */
export function Chip({
  children,
  className,
  ...rest
}: {
  readonly children: ReactNode;
  readonly className?: string;
  readonly title?: string;
  readonly 'data-testid'?: string;
}) {
  return (
    <span
      className={cx(
        'inline-flex h-[22px] items-center gap-1.5 whitespace-nowrap rounded-full border border-line bg-surface px-2 text-11 text-fg-2',
        className,
      )}
      {...rest}
    >
      {children}
    </span>
  );
}
