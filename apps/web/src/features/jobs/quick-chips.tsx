import { cx } from '../../lib/cx.ts';
import { type FilterId, JOB_FILTERS, choose, chosenIn, restOf } from './job-filter.ts';

export interface QuickChipsProps {
  readonly text: string;
  readonly counts: { readonly byState: { readonly [state: string]: number | undefined }; readonly attention: number } | undefined;
  readonly onChange: (text: string) => void;
}

/** The most frequent searches. Their counts are of all jobs, so they are hidden when the search has other conditions. */
export function QuickChips({ text, counts, onChange }: QuickChipsProps) {
  const chosen = chosenIn(text);
  const numbers = restOf(text).length === 0 ? countsOf(counts) : {};
  return (
    <fieldset className="flex items-center gap-1">
      <legend className="sr-only">Which jobs</legend>
      {JOB_FILTERS.map((filter) => (
        <button
          key={filter.id}
          type="button"
          aria-pressed={filter.id === chosen}
          onClick={() => onChange(choose(text, filter))}
          className={cx(
            'inline-flex h-6 items-center gap-1.5 whitespace-nowrap rounded-full border px-2.5 text-12',
            filter.id === chosen
              ? 'border-accent-ring bg-accent-tint font-medium text-accent-fg'
              : 'border-line bg-surface text-fg-2 hover:bg-hover',
          )}
        >
          {filter.label}
          <Count of={numbers[filter.id]} isUrgent={filter.id === 'attention'} />
        </button>
      ))}
    </fieldset>
  );
}

function Count({ of, isUrgent }: { readonly of: number | undefined; readonly isUrgent: boolean }) {
  if (of === undefined) return null;
  return (
    <span className={cx('text-11 tabular-nums', isUrgent && of > 0 ? 'font-semibold text-st-failed-fg' : 'text-fg-3')}>
      {of.toLocaleString('en')}
    </span>
  );
}

function countsOf(data: QuickChipsProps['counts']): { readonly [id in FilterId]?: number } {
  if (data === undefined) return {};
  const of = (...states: string[]) => states.reduce((sum, state) => sum + (data.byState[state] ?? 0), 0);
  return {
    all: of(...Object.keys(data.byState)),
    running: of('SCHEDULED', 'UNCLAIMED', 'CLAIMED'),
    attention: data.attention,
    complete: of('COMPLETE'),
  };
}
