// A job of the store in memory: its board row, its logbook, and the resources that it holds.
import type { Entry } from '../logbook/entry.ts';
import type { JobChange } from '../logbook/logbook-store.ts';
import type { HeldResource } from '../resources/ledger.ts';
import type { JobOrder, JobRow } from './job.ts';
import { WOKEN_AT } from './job-board.ts';
import { searchedInputs } from './search/searched-inputs.ts';

export interface MemoryJob {
  row: JobRow;
  readonly sequence: number;
  token: number;
  /** Commits under the present claim, and conductors lost in a row without progress (J4). */
  commits: number;
  reclaims: number;
  readonly entries: Entry[];
  readonly resources: Map<string, HeldResource>;
  readonly inputs: ReadonlyMap<string, string>;
}

/** The job as posted: `sequence` counts the jobs of the store, `depth` the launches before this one. */
export function postedJob(
  order: JobOrder,
  { sequence, depth, now }: { readonly sequence: number; readonly depth: number; readonly now: number },
): MemoryJob {
  const { flow, flowName, version, inputs, priority, actor, parent, target } = order;
  return {
    sequence,
    token: 0,
    commits: 0,
    reclaims: 0,
    resources: new Map(),
    inputs: new Map(searchedInputs(inputs, order.unsearched).map((one) => [one.name, one.value])),
    entries: [
      {
        kind: 'JOB',
        number: 1,
        time: now,
        actor,
        token: 0,
        from: null,
        to: 'UNCLAIMED',
        data: { flow: { id: flow, version, name: flowName }, inputs, ...(parent ? { parent } : {}), ...(target ? { target } : {}) },
      },
    ],
    row: {
      id: `job_${String(sequence + 1).padStart(12, '0')}`,
      flow,
      flowName,
      version,
      state: 'UNCLAIMED',
      run: 'PENDING',
      attention: null,
      attentionNote: null,
      forward: '',
      forwardKind: null,
      priority,
      postedAt: now,
      postedBy: actor.name,
      startedAt: null,
      endedAt: null,
      owner: null,
      leaseUntil: null,
      wakeAt: null,
      parent: parent?.job ?? null,
      depth,
      target: target ?? null,
    },
  };
}

/** The number of reclaims if this job were claimed now. Two commits under a claim count as progress and reset the number. */
export function reclaimsOf(job: MemoryJob): number {
  if (job.row.state !== 'CLAIMED') return 0;
  return job.commits >= 2 ? 1 : job.reclaims + 1;
}

/** A dead letter goes on only when a person has acted (J4). A claimed job may have been one before. */
export function mayBeWoken({ state, attention }: JobRow): boolean {
  return state === 'CLAIMED' || (state === 'WAITING' && attention !== 'dead_lettered');
}

/** A job that was woken while it was claimed keeps that wake time when it is parked. A dead letter has no wake time. */
export function wakeAtAfter(before: number | null, { state, attention, wakeAt }: JobChange): number | null {
  if (attention === 'dead_lettered' && state === 'WAITING') return null;
  switch (state) {
    case 'CLAIMED':
      return before;
    case 'WAITING':
      return before === null || (wakeAt !== null && wakeAt < before) ? wakeAt : before;
    default:
      return null;
  }
}

/** Is the job parked, and offered because its own time has come? */
export function isDueItself({ state, wakeAt }: JobRow): boolean {
  return state === 'WAITING' && wakeAt !== WOKEN_AT;
}

/** Is the job claimed, and its lease over? */
export function isExpired(row: JobRow, now: number): boolean {
  return row.state === 'CLAIMED' && (row.leaseUntil ?? 0) <= now;
}
