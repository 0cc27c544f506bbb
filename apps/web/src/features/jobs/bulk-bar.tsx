import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { BulkDialog } from './bulk-dialog.tsx';
import { BULK_ACTS, type BulkKind, jobsWords } from './bulk-words.ts';
import type { Selection } from './selection.ts';

/** Largest number of jobs in a joint plan; the server refuses more. */
const MOST_AT_ONCE = 50;

export interface BulkBarProps {
  readonly selection: Selection;
  readonly search: string;
  /** Number of jobs that the search finds; null while it is unknown. */
  readonly found: { readonly count: number; readonly isExact: boolean } | null;
  readonly onPosted: (id: number) => void;
}

/** The acts for the selected jobs. */
export function BulkBar({ selection, search, found, onPosted }: BulkBarProps) {
  const [asked, setAsked] = useState<BulkKind | null>(null);
  const isAll = selection.kind === 'all';
  const count = isAll ? (found?.count ?? 0) : selection.ids.length;
  if (count === 0) return null;
  const canTakeAll = !isAll && found?.isExact === true && found.count > selection.ids.length;
  return (
    <section
      aria-label="Selected jobs"
      className="flex min-h-10 shrink-0 flex-wrap items-center gap-2 border-b border-accent-ring bg-accent-tint px-4 py-1.5 text-12"
    >
      <strong className="font-semibold tabular-nums">
        {isAll ? `All ${jobsWords(count)} that match` : `${jobsWords(count)} selected`}
      </strong>
      {canTakeAll && (
        <Button look="quiet" size="small" onClick={selection.all}>
          Select all {found.count.toLocaleString('en')} that match
        </Button>
      )}
      <span className="flex-1" />
      {BULK_ACTS.map(({ kind, label }) => (
        <Button key={kind} look={kind === 'CANCEL' ? 'danger' : 'default'} onClick={() => setAsked(kind)}>
          {label}…
        </Button>
      ))}
      {!isAll && selection.ids.length === 2 && (
        <Link
          to="/compare"
          search={{ jobs: selection.ids.join(',') }}
          className="inline-flex h-7 items-center rounded-2 border border-line-strong bg-surface px-2.5 font-medium hover:bg-hover"
        >
          Compare…
        </Link>
      )}
      {!isAll && selection.ids.length <= MOST_AT_ONCE && (
        <Link
          to="/rollback"
          search={{ jobs: selection.ids.join(',') }}
          className="inline-flex h-7 items-center rounded-2 border border-st-revert-line bg-surface px-2.5 font-medium text-st-revert-fg hover:bg-st-revert-bg"
        >
          Roll back…
        </Link>
      )}
      <Button look="quiet" onClick={selection.clear}>
        Clear
      </Button>
      {asked !== null && (
        <BulkDialog
          kind={asked}
          count={count}
          on={isAll ? { kind: 'search', search, expected: count } : { kind: 'jobs', jobs: [...selection.ids] }}
          onClose={() => setAsked(null)}
          onPosted={(id) => {
            setAsked(null);
            selection.clear();
            onPosted(id);
          }}
        />
      )}
    </section>
  );
}
