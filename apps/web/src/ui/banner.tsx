import type { ReactNode } from 'react';
import { cx } from '../lib/cx.ts';

/** A message across the page that must be read, with its actions. */
export function Banner({
  tone,
  title,
  children,
  actions,
}: {
  readonly tone: 'failed' | 'doubt' | 'info';
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div
      role={tone === 'info' ? 'status' : 'alert'}
      className={cx(
        'flex min-h-11 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-1.5 text-12',
        tone === 'failed' && 'border-st-failed-line/35 bg-st-failed-bg',
        tone === 'doubt' && 'border-st-doubt-line/35 bg-st-doubt-bg',
        tone === 'info' && 'border-line bg-sunken',
      )}
    >
      <strong className={cx('font-semibold', tone === 'failed' && 'text-st-failed-fg', tone === 'doubt' && 'text-st-doubt-fg')}>
        {title}
      </strong>
      {/* In a narrow window the message and the actions have lines of their own. */}
      <span className="min-w-0 flex-1 basis-full sm:basis-64">{children}</span>
      {actions !== undefined && <span className="flex min-w-0 max-w-full flex-wrap items-center gap-2">{actions}</span>}
    </div>
  );
}
