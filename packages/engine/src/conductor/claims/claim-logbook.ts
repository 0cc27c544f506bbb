// The logbook as the driver of one claim sees it: a commit is signed with the present token of the claim, and a job that comes to
// rest wakes the job that launched it in the same commit (P9).
import type { JobCommit, LogbookStore } from '../../logbook/logbook-store.ts';
import type { Run } from '../../run/state/run.ts';
import type { HeldClaim } from './held-claims.ts';

export interface ClaimLogbookOptions {
  readonly logbook: LogbookStore;
  /** Resolves when the pending requests for claims have been answered. */
  readonly claiming: () => Promise<unknown>;
  /** Called when a commit has woken the launching job. */
  readonly onWaked: (job: string, parent: string) => void;
}

/** `run` is null when the run cannot be loaded. */
export function logbookOf(held: HeldClaim, run: Run | null, { logbook, claiming, onWaked }: ClaimLogbookOptions): LogbookStore {
  const { job, parent } = held.claim;
  const commit = async (wanted: JobCommit): Promise<'committed' | 'claim-lost'> => {
    const waking = parent === null || !isAtRest(wanted) ? wanted : { ...wanted, wakes: parent };
    for (;;) {
      const { token } = held.claim;
      const outcome = await logbook.commit(token === waking.token ? waking : signedBy(token, waking));
      if (outcome === 'committed') {
        // The claim's entry was folded with its first token, and is stored with the later one.
        if (run !== null && wanted.entries.some((entry) => entry.kind === 'JOB' && entry.to === 'CLAIMED')) run.token = token;
        if (waking.wakes !== undefined) onWaked(job, waking.wakes);
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

/** Has the job ended, or does it go on only after a person has acted? */
function isAtRest({ change }: JobCommit): boolean {
  return change?.state === 'COMPLETE' || (change?.state === 'WAITING' && change.attention !== null);
}

function signedBy(token: number, commit: JobCommit): JobCommit {
  return { ...commit, token, entries: commit.entries.map((entry) => ({ ...entry, token })) };
}
