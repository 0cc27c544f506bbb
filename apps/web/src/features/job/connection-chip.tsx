import { useEffect, useState } from 'react';
import { ago, exactTime, shortTime } from '../../lib/times.ts';
import { useNow } from '../../lib/use-now.ts';
import { Button } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { useRun } from './job-context.tsx';

/** How current the page is: live, disconnected with the age of the data, or a replay. */
export function ConnectionChip({ goTo }: { readonly goTo: (at: number | null) => void }) {
  const connection = useRun((state) => state.connection);
  const at = useRun((state) => state.at);
  const last = useRun((state) => state.entries.at(-1)?.time);
  const now = useNow();
  const offline = useOffline();
  if (at !== null) {
    return (
      <span className="flex items-center gap-2">
        <Chip data-testid="connection" className="!border-accent-ring !text-accent-fg">
          <Dot colour="var(--accent-ring)" /> Replay at #{at}
        </Chip>
        <Button size="small" onClick={() => goTo(null)}>
          Back to live
        </Button>
      </span>
    );
  }
  if (offline && connection.kind === 'live')
    return (
      <Chip data-testid="connection">
        <Dot colour="var(--st-doubt-line)" /> Reconnecting, this browser is offline
      </Chip>
    );
  switch (connection.kind) {
    case 'connecting':
      return (
        <Chip data-testid="connection">
          <Dot colour="var(--st-pending-line)" /> Connecting
        </Chip>
      );
    case 'live':
      return (
        <Chip data-testid="connection">
          <Dot colour="var(--st-success-line)" /> Live
          {last !== undefined && (
            <span className="text-fg-3" title={`Last entry at ${exactTime(last)}`}>
              · last entry {ago(last, now)}
            </span>
          )}
        </Chip>
      );
    case 'reconnecting':
      return (
        <Chip data-testid="connection" title={connection.because}>
          <Dot colour="var(--st-doubt-line)" /> Reconnecting, data from {shortTime(connection.dataFrom, now)}
        </Chip>
      );
    case 'error':
      return (
        <Chip data-testid="connection" title={connection.message}>
          <Dot colour="var(--st-failed-line)" /> Not connected
        </Chip>
      );
  }
}

function Dot({ colour }: { readonly colour: string }) {
  return <i aria-hidden className="size-[7px] rounded-full" style={{ background: colour }} />;
}

function useOffline(): boolean {
  const [offline, setOffline] = useState(() => !navigator.onLine);
  useEffect(() => {
    const set = () => setOffline(!navigator.onLine);
    window.addEventListener('online', set);
    window.addEventListener('offline', set);
    return () => {
      window.removeEventListener('online', set);
      window.removeEventListener('offline', set);
    };
  }, []);
  return offline;
}
