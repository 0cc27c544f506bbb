// The lists and counts of the store in memory, for screens.
import type { JobState } from '../states.ts';
import type { JobRow } from './job.ts';
import type { JobPage, JobQuery } from './job-board.ts';
import type { MemoryJob } from './memory-job.ts';

interface JobPlace {
  readonly time: number;
  readonly sequence: number;
}

/** One page of the jobs that pass the query's filter. */
export function jobPage(jobs: readonly MemoryJob[], query: Pick<JobQuery, 'order' | 'cursor' | 'limit'>): JobPage {
  const sign = query.order === 'oldest' ? 1 : -1;
  const compare = (a: JobPlace, b: JobPlace) => sign * (a.time - b.time || a.sequence - b.sequence);
  const placeOf = ({ row, sequence }: MemoryJob) => ({ time: row.postedAt, sequence });
  const [time, sequence] = query.cursor?.split('-').map(Number) ?? [];
  const from = time === undefined || sequence === undefined ? null : { time, sequence };
  const found = jobs.filter((job) => from === null || compare(placeOf(job), from) > 0).sort((a, b) => compare(placeOf(a), placeOf(b)));
  const page = found.slice(0, query.limit);
  const last = page.at(-1);
  const next = found.length > page.length && last ? `${last.row.postedAt}-${last.sequence}` : null;
  return { rows: page.map(({ row }) => row), next };
}

/** The jobs of the flow that have ended, newest first. */
export function endedJobs(
  jobs: Iterable<MemoryJob>,
  { flow, limit }: { readonly flow: string; readonly limit: number },
): readonly JobRow[] {
  return [...jobs]
    .filter(({ row }) => row.flow === flow && row.endedAt !== null)
    .sort((a, b) => b.row.postedAt - a.row.postedAt || b.sequence - a.sequence)
    .slice(0, limit)
    .map(({ row }) => row);
}

export function stateCounts(jobs: Iterable<MemoryJob>) {
  const byState: { [state in JobState]?: number } = {};
  let attention = 0;
  for (const { row } of jobs) {
    byState[row.state] = (byState[row.state] ?? 0) + 1;
    if (row.attention !== null) attention += 1;
  }
  return { byState, attention };
}
