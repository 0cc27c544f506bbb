// The bell in the navigation: the number of unread notices and, when opened, the latest ones.
import { useQuery } from '@tanstack/react-query';
import { Bell } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import { cx } from '../lib/cx.ts';
import { useTRPC } from '../lib/trpc.ts';
import { Tip } from '../ui/tip.tsx';
import { NoticeList } from './notice-list.tsx';

/**
 * It polls instead of using a stream: a browser has six connections for all pages of a server, and the pages' own streams
 * need them. A hidden tab does not poll.
 */
const ASK_EVERY = 5_000;
const MOST_SHOWN = 99;

export function NoticeBell() {
  const trpc = useTRPC();
  const [open, setOpen] = useState(false);
  const { data: unread = 0 } = useQuery(trpc.notices.unread.queryOptions(undefined, { refetchInterval: ASK_EVERY }));
  const label = unread === 0 ? 'Notices' : `Notices: ${unread} unread`;
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Tip text={label} side="right">
        <Popover.Trigger
          aria-label={label}
          className={cx(
            'relative grid size-8 place-items-center rounded-2',
            open ? 'bg-accent-tint text-accent-fg' : 'hover:bg-hover hover:text-fg',
          )}
        >
          <Bell size={16} strokeWidth={1.5} />
          {unread > 0 && (
            <span
              aria-hidden
              data-testid="unread"
              className="absolute -right-0.5 -top-0.5 grid h-4 min-w-4 place-items-center rounded-full border border-surface bg-accent px-1 text-10 font-semibold leading-none text-accent-on"
            >
              {unread > MOST_SHOWN ? `${MOST_SHOWN}+` : unread}
            </span>
          )}
        </Popover.Trigger>
      </Tip>
      <Popover.Portal>
        <Popover.Content
          side="right"
          align="end"
          sideOffset={10}
          collisionPadding={8}
          aria-label="Notices"
          className="z-[50] flex max-h-[min(640px,var(--radix-popover-content-available-height))] w-[420px] max-w-[calc(100vw-72px)] flex-col overflow-hidden rounded-4 border border-line bg-surface shadow-3 outline-none"
        >
          <NoticeList onGo={() => setOpen(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
