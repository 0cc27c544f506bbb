// The logbook as the driver of one claim sees it: a commit is signed with the present token of the claim, and a job that comes to
// rest wakes the jobs that wait for it in the same commit (P9): the one that launched it, and the one whose task rolled it back.
import { hasEnded, isAtRest } from '../../board/job.ts';
import type { JobCommit, LogbookStore } from '../../logbook/logbook-store.ts';
import type { RestingJob } from '../../run/state/awaited-jobs.ts';
import type { Run } from '../../run/state/run.ts';
import type { HeldClaim } from './held-claims.ts';

export interface ClaimLogbookOptions {
  readonly logbook: LogbookStore;
  /** Resolves when the pending requests for claims have been answered. */
  readonly claiming: () => Promise<unknown>;
  /** Called when a commit has woken a job that waits for this one. */
  readonly onWoken: (job: RestingJob, waiting: string) => void;
}

/** `run` is null when the run cannot be loaded. */
export function logbookOf(held: HeldClaim, run: Run | null, { logbook, claiming, onWoken }: ClaimLogbookOptions): LogbookStore {
  const { job, parent } = held.claim;
  const commit = async (wanted: JobCommit): Promise<'committed' | 'claim-lost'> => {
    const waiting =
      wanted.change !== undefined && isAtRest(wanted.change)
        ? [parent, run?.rollback?.confirmedBy?.job ?? null].filter((one) => one !== null)
        : [];
    const waking = waiting.length === 0 ? wanted : { ...wanted, wakes: [...new Set(waiting)] };
    for (;;) {
      const { token } = held.claim;
      const outcome = await logbook.commit(token === waking.token ? waking : signedBy(token, waking));
      if (outcome === 'committed') {
        // The claim's entry was folded with its first token, and is stored with the later one.
        if (run !== null && wanted.entries.some((entry) => entry.kind === 'JOB' && entry.to === 'CLAIMED')) run.token = token;
        const isOver = wanted.change !== undefined && hasEnded(wanted.change);
        for (const woken of waking.wakes ?? []) onWoken({ job, hasEnded: isOver }, woken);
        return outcome;
      }
      await claiming();
      if (held.claim.token === token) return outcome;
    }
  };
  return {
    commit,
    read: (job, range) => logbook.read(job, range),
    readBack: (job, range) => logbook.readBack(job, range),
    follow: (job, listener) => logbook.follow(job, listener),
  };
}

function signedBy(token: number, commit: JobCommit): JobCommit {
  return { ...commit, token, entries: commit.entries.map((entry) => ({ ...entry, token })) };
}
