// The counters of Home, and the groups in which it shows jobs. Pure.
import type { JobRow, JobState } from '@windlass/engine/run';

/** A counter: the states that it adds up, and the search that it opens. */
interface Counter {
  readonly label: string;
  readonly states: readonly JobState[];
  readonly search: string;
}

export const COUNTERS: readonly Counter[] = [
  { label: 'Running', states: ['CLAIMED'], search: 'state:claimed' },
  { label: 'Unclaimed', states: ['SCHEDULED', 'UNCLAIMED'], search: 'state:scheduled,unclaimed' },
  { label: 'Waiting', states: ['WAITING'], search: 'state:waiting' },
  { label: 'Complete', states: ['COMPLETE'], search: 'state:complete' },
];

export type HomeRow = Pick<JobRow, 'id' | 'flowName' | 'run' | 'attention' | 'forward' | 'postedAt' | 'postedBy'>;

export interface Place {
  readonly to: '/jobs' | '/attention';
  readonly search?: string;
}
export interface HomeGroup {
  readonly title: string;
  readonly rows: readonly HomeRow[];
  readonly more: Place;
}

export function countOf(byState: { readonly [state: string]: number | undefined } | undefined, states: readonly JobState[]): number {
  return states.reduce((sum, state) => sum + (byState?.[state] ?? 0), 0);
}

/** Jobs that need a person, then running jobs, then unclaimed jobs; a job is shown only in the first group that it belongs to. */
export function groupsOf(found: {
  readonly attention: readonly HomeRow[];
  readonly running: readonly HomeRow[];
  readonly unclaimed: readonly HomeRow[];
}): HomeGroup[] {
  const seen = new Set<string>();
  const fresh = (rows: readonly HomeRow[]) =>
    rows.filter(({ id }) => {
      const isFresh = !seen.has(id);
      seen.add(id);
      return isFresh;
    });
  const groups: HomeGroup[] = [
    { title: 'Needs attention', rows: fresh(found.attention), more: { to: '/attention' } },
    { title: 'Running', rows: fresh(found.running), more: { to: '/jobs', search: 'state:claimed' } },
    { title: 'Unclaimed', rows: fresh(found.unclaimed), more: { to: '/jobs', search: 'state:scheduled,unclaimed' } },
  ];
  return groups.filter(({ rows }) => rows.length > 0);
}
