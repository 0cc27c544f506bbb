// A dead-lettered job, with the reason and the act that leads back. It is shown even if the logbook cannot be read and the
// page has nothing else to show.
import { useQuery } from '@tanstack/react-query';
import type { Entry } from '@windlass/engine/run';
import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import { sentenceOf, useTRPC } from '../../../lib/trpc.ts';
import { Banner } from '../../../ui/banner.tsx';
import { Button } from '../../../ui/button.tsx';
import { useJobPage, useRun } from '../job-context.tsx';
import { isDeadLetter } from '@windlass/engine/run';

const ASK_EVERY_MS = 5_000;

export function DeadLetterBanner() {
  const { job, acts, store } = useJobPage();
  const trpc = useTRPC();
  const isUnread = useRun(({ posted, connection }) => posted === null && connection.kind === 'error');
  const isDeadLetterNow = useRun(({ facts }) => facts !== null && isDeadLetter(facts));
  const reason = useRun(({ entries }) => reasonIn(entries));
  const isReplay = useRun(({ at, posted }) => at !== null && posted !== null);
  // Without entries, only the row has the reason.
  const row = useQuery(
    trpc.jobs.row.queryOptions(
      { job },
      { enabled: isUnread || (isDeadLetterNow && reason === null), refetchInterval: ASK_EVERY_MS, retry: false },
    ),
  );
  const [answer, setAnswer] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  if (isReplay || !(isDeadLetterNow || (isUnread && row.data?.attention === 'dead_lettered'))) return null;
  const tryAgain = async (): Promise<void> => {
    setBusy(true);
    try {
      const answered = await acts.tryAgain('');
      setAnswer(answered.kind === 'refused' ? answered.message : null);
    } catch (error) {
      setAnswer(sentenceOf(error));
    }
    setBusy(false);
    if (isUnread) {
      await row.refetch();
      store.loadAgain();
    }
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
      {answer ?? reason ?? row.data?.attentionNote}
    </Banner>
  );
}

/** Why the job was given up the last time; null where these entries do not say. */
function reasonIn(entries: readonly Entry[]): string | null {
  const last = entries.findLast((entry) => entry.kind === 'JOB' && entry.data?.attention === 'dead_lettered');
  return last?.kind === 'JOB' ? (last.data?.note ?? null) : null;
}
