import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from '../lib/cx.ts';
import { IconButton } from './icon-button.tsx';

export interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** One sentence below the title. */
  readonly description?: ReactNode;
  readonly children: ReactNode;
  /** Buttons at the bottom. */
  readonly footer?: ReactNode;
  /** A `sheet` is at the right edge, for content that is read beside the page. */
  readonly shape?: 'dialog' | 'sheet';
}

export function Dialog({ open, onClose, title, description, children, footer, shape = 'dialog' }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-[60] bg-scrim" />
        <Radix.Content
          // Focus goes to the first field to fill in, instead of the close button.
          onOpenAutoFocus={(event) => {
            const content = event.currentTarget as HTMLElement;
            event.preventDefault();
            (content.querySelector<HTMLElement>('[autofocus], input:not([type=file]), select, textarea') ?? content).focus();
          }}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          className={cx(
            'fixed z-[70] flex flex-col bg-surface shadow-3 outline-none',
            shape === 'sheet'
              ? 'inset-y-2 right-2 w-[560px] max-w-[calc(100vw-16px)] rounded-4'
              : 'left-1/2 top-[10vh] max-h-[80vh] w-[520px] max-w-[calc(100vw-32px)] -translate-x-1/2 rounded-4',
          )}
        >
          <header className="flex shrink-0 items-start gap-3 border-b border-line px-5 py-3.5">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-15 font-semibold">{title}</Radix.Title>
              {description !== undefined && <Radix.Description className="mt-0.5 text-12 text-fg-2">{description}</Radix.Description>}
            </div>
            <IconButton label="Close" onClick={onClose}>
              <X size={16} />
            </IconButton>
          </header>
          <div className="min-h-0 flex-1 overflow-auto px-5 py-4">{children}</div>
          {footer !== undefined && (
            <footer className="flex shrink-0 flex-wrap items-center justify-end gap-2 border-t border-line px-5 py-3">{footer}</footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
