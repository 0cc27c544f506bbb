// The ledger of the store in memory: the resources that its jobs hold.
import type { LedgerPage, LedgerQuery, LedgerRow } from '../resources/ledger.ts';
import type { MemoryJob } from './memory-job.ts';

export function ledgerPage(jobs: Iterable<MemoryJob>, { orphans, type, job, cursor, limit }: LedgerQuery): LedgerPage {
  const all = ledgerOf(jobs).filter(
    (row) => (orphans !== true || row.isOrphan) && (type === undefined || row.type === type) && (job === undefined || row.job === job),
  );
  const from = Number(cursor ?? 0);
  const rows = all.slice(from, from + limit);
  return { rows, next: all.length > from + limit ? String(from + limit) : null };
}

export function ledgerCounts(jobs: Iterable<MemoryJob>) {
  const all = ledgerOf(jobs);
  return { held: all.length, orphans: all.filter(({ isOrphan }) => isOrphan).length };
}

/** Resources, newest first. */
function ledgerOf(jobs: Iterable<MemoryJob>): LedgerRow[] {
  return [...jobs]
    .flatMap(({ row, sequence, resources }) =>
      [...resources.values()].map((held) => {
        const { id: job, flow, flowName, state: jobState, run } = row;
        return {
          sequence,
          row: { ...held, job, flow, flowName, jobState, run, isOrphan: jobState === 'COMPLETE' || jobState === 'TRASHED' },
        };
      }),
    )
    .sort((a, b) => b.row.since - a.row.since || b.sequence - a.sequence || (a.row.atom < b.row.atom ? -1 : 1))
    .map(({ row }) => row);
}
