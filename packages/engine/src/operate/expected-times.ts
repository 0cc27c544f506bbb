// The expected duration of a plan's reverts, from past rollbacks of the same flow (B2).
import type { JobBoard } from '../board/job-board.ts';
import type { JobRow } from '../board/job.ts';
import type { Entry } from '../logbook/entry.ts';
import type { LogbookStore } from '../logbook/logbook-store.ts';
import { type PastTimes, addTimes, itemOfAddress, medianOf } from './past-times.ts';

/** Limits: past rollbacks read, jobs searched for them, and last entries read of each. */
const MOST_RUNS = 10;
const AMONG = 100;
const MOST_ENTRIES = 2_000;
const PAGE = 500;
const ROLLED_BACK: readonly JobRow['run'][] = ['REVERTED', 'PARTIALLY_REVERTED', 'REVERT_FAILED'];

interface Ports {
  readonly board: Pick<JobBoard, 'get' | 'list'>;
  readonly logbook: Pick<LogbookStore, 'readBack'>;
}

/** For each atom the median in milliseconds, and the number of reverts; atoms without past reverts are left out. */
export interface ExpectedTimes {
  /** Number of past rollbacks that were read. */
  readonly runs: number;
  readonly atoms: readonly { readonly atom: string; readonly ms: number; readonly of: number }[];
}

/** Empty for an unknown job. */
export async function expectedTimes(ports: Ports, job: string, atoms: readonly string[]): Promise<ExpectedTimes> {
  const row = await ports.board.get(job);
  if (row === undefined) return { runs: 0, atoms: [] };
  const page = await ports.board.list({ flows: [row.flow], states: ['COMPLETE', 'WAITING'], limit: AMONG });
  const past = page.rows.filter(({ run }) => ROLLED_BACK.includes(run)).slice(0, MOST_RUNS);
  const times: PastTimes = new Map();
  for (const { id } of past) addTimes(times, await lastEntries(ports, id));
  return {
    runs: past.length,
    atoms: atoms.flatMap((atom) => {
      const known = times.get(itemOfAddress(atom));
      return known === undefined ? [] : [{ atom, ms: medianOf(known), of: known.length }];
    }),
  };
}

/** The rollback is at the end of the logbook, so its last entries are read. */
async function lastEntries({ logbook }: Pick<Ports, 'logbook'>, job: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  let before = Number.MAX_SAFE_INTEGER;
  while (entries.length < MOST_ENTRIES) {
    const page = await logbook.readBack(job, { before, limit: PAGE });
    entries.push(...page);
    before = page.at(-1)?.number ?? 1;
    if (before <= 1) break;
  }
  return entries;
}
