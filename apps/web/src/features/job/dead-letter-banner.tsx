// A job that was given up, with the reason and the way back. It is shown also where the logbook cannot be read, and the
// page has nothing else to show.
import { useQuery } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import { sentenceOf, useTRPC } from '../../lib/trpc.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { useJobPage, useRun } from './job-context.tsx';

const ASK_EVERY_MS = 5_000;

export function DeadLetterBanner() {
  const { job, acts } = useJobPage();
  const trpc = useTRPC();
  const isUnread = useRun(({ row, connection }) => row === null && connection.kind === 'error');
  const isGivenUp = useRun(({ facts }) => facts?.attention === 'dead_lettered');
  const isReplay = useRun(({ at }) => at !== null);
  const row = useQuery(
    trpc.jobs.row.queryOptions({ job }, { enabled: (isUnread || isGivenUp) && !isReplay, refetchInterval: ASK_EVERY_MS, retry: false }),
  );
  const [answer, setAnswer] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  if (isReplay || row.data?.attention !== 'dead_lettered') return null;
  const tryAgain = async (): Promise<void> => {
    setBusy(true);
    try {
      const answered = await acts.tryAgain('');
      setAnswer(answered.kind === 'refused' ? answered.message : null);
    } catch (error) {
      setAnswer(sentenceOf(error));
    }
    setBusy(false);
    await row.refetch();
  };
  return (
    <Banner
      tone="failed"
      title="This job was given up."
      actions={
        <Button look="primary" disabled={isBusy} onClick={() => void tryAgain()}>
          <RotateCw aria-hidden size={14} /> Try again
        </Button>
      }
    >
      {answer ?? row.data.attentionNote}
    </Banner>
  );
}
