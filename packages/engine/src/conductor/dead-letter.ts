// A job that no conductor can carry out stands under attention with the reason, and is never dropped (J4). An error of
// the store is not such a reason, because it is temporary.
import type { Actor } from '../actor.ts';
import type { Claim } from '../board/job.ts';
import type { JobBoard } from '../board/job-board.ts';
import type { Entry } from '../logbook/entry.ts';
import type { LogbookStore } from '../logbook/logbook-store.ts';
import { isUnreadable } from '../logbook/unreadable.ts';

/** Largest length of a reason, because lists show it. */
const LONGEST = 2_000;

/** The reason, as it is recorded and shown. */
export function reasonOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).slice(0, LONGEST);
}

export interface DeadLetter {
  readonly claim: Claim;
  readonly cause: unknown;
  readonly actor: Actor;
  readonly now: number;
}

/**
 * Dead-letters the job of a claim. The reason is an entry; if the logbook cannot be read it is only in the job's row.
 * The row keeps the state of the run. Throws what the store throws, and then nothing was written.
 */
export async function deadLetter(
  { board, logbook }: { readonly board: Pick<JobBoard, 'get'>; readonly logbook: Pick<LogbookStore, 'commit' | 'readBack'> },
  { claim, cause, actor, now }: DeadLetter,
): Promise<'committed' | 'claim-lost'> {
  const { job, token } = claim;
  const row = await board.get(job);
  if (row === undefined) return 'claim-lost';
  const note = reasonOf(cause);
  const last = isUnreadable(cause) ? null : await lastEntry(logbook, job);
  const entries: Entry[] = [];
  if (last !== null) {
    const data = { attention: 'dead_lettered', note } as const;
    const [number, time] = [last.number + 1, Math.max(now, last.time)];
    entries.push({ kind: 'JOB', number, time, actor, token, from: 'CLAIMED', to: 'WAITING', data });
  }
  const { run, forward, forwardKind, startedAt, endedAt } = row;
  const change = {
    state: 'WAITING',
    attention: 'dead_lettered',
    attentionNote: note,
    wakeAt: null,
    run,
    forward,
    forwardKind,
    startedAt,
    endedAt,
  } as const;
  return logbook.commit({ job, token, entries, change });
}

async function lastEntry(logbook: Pick<LogbookStore, 'readBack'>, job: string): Promise<Entry | null> {
  try {
    return (await logbook.readBack(job, { before: Number.MAX_SAFE_INTEGER, limit: 1 }))[0] ?? null;
  } catch (thrown) {
    if (isUnreadable(thrown)) return null;
    throw thrown;
  }
}
