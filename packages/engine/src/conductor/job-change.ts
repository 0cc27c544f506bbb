// The row of a job that lists show, from its run: the columns, and the words for how the run went forward.
import type { CaughtFailure } from '../logbook/entry.ts';
import type { JobChange } from '../logbook/logbook-store.ts';
import type { Run } from '../run/state/run.ts';

/** The columns of a job's row that a run gives. */
export function jobChangeOf(run: Run): JobChange {
  return {
    state: run.job,
    run: run.state,
    // A call that does not end needs a person while the job is still driven.
    attention: run.attention ?? (run.overdue > 0 ? 'in_doubt' : null),
    wakeAt: run.wakeAt,
    forward: forwardWords(run),
    forwardKind: run.forward?.kind ?? null,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
  };
}

/** Compares field by field, because comparing JSON text took 2 µs of each turn; the type ensures that no field is missing. */
const SHOWN_FIELDS: { readonly [field in Exclude<keyof JobChange, 'attentionNote'>]: true } = {
  state: true,
  run: true,
  attention: true,
  wakeAt: true,
  forward: true,
  forwardKind: true,
  startedAt: true,
  endedAt: true,
};
const SHOWN = Object.keys(SHOWN_FIELDS) as (keyof JobChange)[];

/** Do both give the row the same columns? */
export function isSameChange(a: JobChange, b: JobChange): boolean {
  return SHOWN.every((field) => a[field] === b[field]);
}

/** Largest number of names of caught items in a list's text. */
const NAMES_IN_A_LIST = 3;

function caughtWords({ flow }: Run, caught: readonly CaughtFailure[]): string[] {
  if (caught.length === 0) return [];
  const names = caught.slice(0, NAMES_IN_A_LIST).map(({ item }) => flow.containerByAddress.get(item)?.name ?? item);
  const more = caught.length - names.length;
  return [`caught a failure at ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`];
}

function forwardWords(run: Run): string {
  switch (run.forward?.kind) {
    case undefined:
      return '';
    case 'succeeded':
      return ['succeeded', ...caughtWords(run, run.forward.caught ?? [])].join(', ');
    case 'cancelled':
      return 'cancelled';
    case 'overdue':
      return 'past its deadline';
    case 'failed': {
      const name = run.flow.atomByAddress.get(run.forward.atom)?.item.name ?? run.forward.atom;
      return `failed at ${name}`;
    }
  }
}
