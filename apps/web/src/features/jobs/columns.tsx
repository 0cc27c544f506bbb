// The columns of the jobs list: what each shows, and how wide it is.
import { Link } from '@tanstack/react-router';
import type { JobRow } from '@windlass/engine/run';
import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { durationWords, exactTime } from '../../lib/times.ts';
import { StateBadge } from '../../ui/state/state-badge.tsx';
import { isRollback, shownState } from '../../ui/state/state-look.ts';
import { TimeOf } from '../../ui/time-of.tsx';
import { attentionWords } from './job-filter.ts';

export interface JobColumn {
  readonly id: string;
  readonly label: string;
  /** Of the grid. */
  readonly width: string;
  readonly cell: (row: JobRow, now: number) => ReactNode;
}

const DASH = '–';

export const JOB_COLUMNS = [
  {
    id: 'job',
    label: 'Job',
    width: 'minmax(150px,1fr)',
    cell: (row) => (
      <Link
        to="/jobs/$jobId"
        params={{ jobId: row.id }}
        className="font-mono text-11 text-accent-fg after:absolute after:inset-0 hover:underline"
      >
        {row.id}
      </Link>
    ),
  },
  {
    id: 'flow',
    label: 'Flow',
    width: 'minmax(160px,2fr)',
    cell: (row) => (
      <span title={row.flowName}>
        <span className="font-medium">{row.flowName}</span> <span className="text-fg-3">v{row.version}</span>
      </span>
    ),
  },
  {
    id: 'state',
    label: 'State',
    width: '170px',
    cell: (row) => (
      <span className="flex min-w-0 items-center gap-1.5">
        <StateBadge state={shownState(row)} />
        {row.attention !== null && (
          <CircleAlert role="img" aria-label={attentionWords(row.attention)} size={14} className="shrink-0 text-st-failed-fg" />
        )}
      </span>
    ),
  },
  { id: 'forward', label: 'Forward', width: 'minmax(150px,1.4fr)', cell: forwardOf },
  { id: 'attention', label: 'Attention', width: 'minmax(120px,1fr)', cell: attentionOf },
  { id: 'by', label: 'By', width: '110px', cell: ({ postedBy }) => <span className="text-fg-2">{postedBy}</span> },
  {
    id: 'posted',
    label: 'Posted',
    width: '100px',
    cell: ({ postedAt }, now) => (
      <span className="relative z-10 text-fg-2">
        <TimeOf time={postedAt} now={now} relative />
      </span>
    ),
  },
  {
    id: 'took',
    label: 'Took',
    width: '90px',
    cell: ({ startedAt, endedAt }, now) => (
      <span className="text-fg-2" title={endedAt === null ? undefined : `ended ${exactTime(endedAt)}`}>
        {startedAt === null ? 'not begun' : durationWords((endedAt ?? now) - startedAt)}
      </span>
    ),
  },
  { id: 'board', label: 'On the board', width: '110px', cell: ({ state }) => <span className="text-fg-2">{state.toLowerCase()}</span> },
  { id: 'owner', label: 'Conductor', width: 'minmax(120px,1fr)', cell: ({ owner }) => <span className="text-fg-2">{owner ?? DASH}</span> },
  { id: 'priority', label: 'Priority', width: '80px', cell: ({ priority }) => <span className="text-fg-2">{priority}</span> },
  {
    id: 'parent',
    label: 'Posted by job',
    width: 'minmax(150px,1fr)',
    cell: ({ parent }) => <span className="font-mono text-11 text-fg-2">{parent ?? DASH}</span>,
  },
] as const satisfies readonly JobColumn[];

const USUAL = ['job', 'flow', 'state', 'forward', 'attention', 'by', 'posted', 'took'];

/** The columns that a text names, in its order; the default columns if it names no known one. The job is always included. */
export function columnsOf(text: string | undefined): readonly JobColumn[] {
  const known = new Map<string, JobColumn>(JOB_COLUMNS.map((column) => [column.id, column]));
  const named = (text?.split(',') ?? USUAL).filter((id, index, all) => all.indexOf(id) === index).flatMap((id) => known.get(id) ?? []);
  if (named.length === 0) return columnsOf(undefined);
  return named.some(({ id }) => id === 'job') ? named : [JOB_COLUMNS[0], ...named];
}

/** The columns as text for an address or a view; undefined for the default columns. */
export function columnsText(columns: readonly Pick<JobColumn, 'id'>[]): string | undefined {
  const text = columns.map(({ id }) => id).join(',');
  return text === USUAL.join(',') ? undefined : text;
}

function forwardOf({ forward, run }: JobRow): ReactNode {
  // A run that was rolled back out of a pause has no forward outcome.
  const none = isRollback(run) ? 'Did not finish' : DASH;
  return <span className="text-fg-2">{forward === '' ? none : `${forward.charAt(0).toUpperCase()}${forward.slice(1)}`}</span>;
}

function attentionOf({ attention }: JobRow): ReactNode {
  return attention === null ? (
    <span className="text-fg-2">{DASH}</span>
  ) : (
    <span className="text-st-failed-fg">{attentionWords(attention)}</span>
  );
}
