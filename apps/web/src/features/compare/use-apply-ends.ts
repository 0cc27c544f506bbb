import { useQuery } from '@tanstack/react-query';
import type { Entry } from '@windlass/engine/run';
import { useTRPCClient } from '../../lib/trpc.ts';
import { applyEndsOf } from './compare-jobs.ts';

/** The entries of a longer logbook are not all read; its page shows them. */
const MOST = 5_000;
const PAGE = 500;
const NONE: ReadonlyMap<string, number> = new Map();

/** When the last apply of each task of a job ended, out of its logbook up to `last`; empty until it is read, or if it is long. */
export function useApplyEnds(job: string, last: number | undefined): ReadonlyMap<string, number> {
  const client = useTRPCClient();
  const read = async () => {
    const entries: Entry[] = [];
    for (let after = 0; after < (last ?? 0); after = entries.at(-1)?.number ?? MOST) {
      const page = await client.logbook.page.query({ job, after, limit: PAGE });
      if (page.length === 0) break;
      entries.push(...page);
    }
    return applyEndsOf(entries);
  };
  const { data } = useQuery({ queryKey: ['apply-ends', job, last], queryFn: read, enabled: last !== undefined && last <= MOST });
  return data ?? NONE;
}
