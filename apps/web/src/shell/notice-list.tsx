// The latest notices: the text, the job, whether it still waits, and the deliveries.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import { toast } from 'sonner';
import { cx } from '../lib/cx.ts';
import { sentenceOf, useTRPC } from '../lib/trpc.ts';
import { useNow } from '../lib/use-now.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Empty } from '../ui/empty.tsx';
import { TimeOf } from '../ui/time-of.tsx';
import { type Delivery, channelName, deliveryWords } from './delivery-words.ts';

const ASK_EVERY = 5_000;
const TONES = {
  calm: { icon: CircleCheck, text: 'text-fg-3' },
  warning: { icon: TriangleAlert, text: 'text-st-doubt-fg' },
  trouble: { icon: CircleAlert, text: 'text-st-failed-fg' },
} as const;

export function NoticeList({ onGo }: { readonly onGo: () => void }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const now = useNow(5_000);
  const list = useInfiniteQuery(
    trpc.notices.list.infiniteQueryOptions({}, { getNextPageParam: ({ next }) => next ?? undefined, refetchInterval: ASK_EVERY }),
  );
  const channels = useQuery(trpc.notices.channels.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }));
  const read = useMutation(
    trpc.notices.markRead.mutationOptions({
      onSuccess: ({ unread }) => {
        client.setQueryData(trpc.notices.unread.queryKey(), unread);
        void client.invalidateQueries({ queryKey: trpc.notices.list.pathKey() });
      },
      onError: (thrown) => toast.error(sentenceOf(thrown)),
    }),
  );
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];
  // Only the notices shown: those that came meanwhile have not been read.
  const unread = rows.flatMap(({ id, readAt }) => (readAt === null ? [id] : []));
  return (
    <>
      <header className="flex h-11 shrink-0 items-center gap-2 border-b border-line pl-4 pr-2">
        <h2 className="flex-1 text-13 font-semibold">Notices</h2>
        {unread.length > 0 && (
          <Button look="quiet" size="small" disabled={read.isPending} onClick={() => read.mutate({ notices: unread.slice(0, 500) })}>
            Mark {unread.length === 1 ? 'it' : `these ${unread.length}`} as read
          </Button>
        )}
      </header>
      <div className="min-h-0 flex-1 overflow-auto">
        {list.error !== null && rows.length === 0 && <Empty>{sentenceOf(list.error)}</Empty>}
        {list.data !== undefined && rows.length === 0 && <Empty>No job has needed a person yet. When one does, it is listed here.</Empty>}
        <ul>
          {rows.map((row) => (
            <li
              key={row.id}
              data-testid={`notice-${row.job}`}
              className="relative grid gap-1 border-b border-line py-2.5 pl-7 pr-4 last:border-b-0"
            >
              {row.readAt === null && <span aria-hidden className="absolute left-3 top-4 size-2 rounded-full bg-accent" />}
              <Link
                to="/jobs/$jobId"
                params={{ jobId: row.job }}
                onClick={() => {
                  if (row.readAt === null) read.mutate({ notices: [row.id] });
                  onGo();
                }}
                className={cx('text-12 hover:underline', row.readAt === null ? 'font-medium text-fg' : 'text-fg-2')}
              >
                {row.readAt === null && <span className="sr-only">Unread: </span>}
                {row.sentence}
              </Link>
              <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-11 text-fg-2">
                <TimeOf time={row.raisedAt} now={now} relative />
                <span className="font-mono">{row.job}</span>
                {!row.isOpen && <Chip>no longer needs a person</Chip>}
              </div>
              {row.deliveries.map((delivery) => (
                <DeliveryLine key={delivery.channel} delivery={delivery} now={now} />
              ))}
            </li>
          ))}
        </ul>
        {list.hasNextPage && (
          <div className="px-3 py-2">
            <Button look="quiet" size="small" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              Show older
            </Button>
          </div>
        )}
      </div>
      {channels.data !== undefined && (
        <footer className="shrink-0 border-t border-line bg-sunken px-4 py-2 text-11 text-fg-3">{waysOf(channels.data)}</footer>
      )}
    </>
  );
}

function DeliveryLine({ delivery, now }: { readonly delivery: Delivery; readonly now: number }) {
  const { tone, text } = deliveryWords(delivery, now);
  const { icon: Icon, text: look } = TONES[tone];
  return (
    <p className={cx('flex items-start gap-1.5 text-11', look)}>
      <Icon aria-hidden size={12} className="mt-[3px] shrink-0" />
      <span className="min-w-0 break-words">{text}</span>
    </p>
  );
}

function waysOf(channels: readonly { readonly channel: string; readonly target: string }[]): string {
  if (channels.length === 0) return 'Notices are shown here only: this server has neither a webhook nor a mail server.';
  return `Also sent: ${channels.map(({ channel, target }) => `${channelName(channel)} (${target})`).join(', ')}.`;
}
