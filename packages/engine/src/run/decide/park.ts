// Releases the claim of a job that has ended or only waits, with the time at which the job is due (J6).
import type { AttentionReason } from '../../states.ts';
import { nextDue } from '../state/agenda.ts';
import type { Run } from '../state/run.ts';
import type { Limits } from './limits.ts';
import type { Turn } from './turn.ts';

/** Releases the claim where the job has ended, waits for a person, or can be parked until a time or event (J6). */
export function releaseClaim(turn: Turn, limits: Limits): void {
  const { run } = turn;
  if (run.job !== 'CLAIMED') return;
  const rest = restOf(turn, limits);
  if (rest === null) return;
  const { attention } = rest;
  const until = isEarlyClaim(turn) && rest.until !== undefined ? Math.min(rest.until, turn.time + EARLY_PARK_MS) : rest.until;
  const data = { ...(attention ? { attention } : {}), ...(until === undefined ? {} : { until }) };
  turn.record({ kind: 'JOB', from: run.job, to: rest.to, ...(attention || until !== undefined ? { data } : {}) });
}

/**
 * The board offered a parked job before it is due by the conductor's clock, so one of the two clocks is wrong. The job is parked
 * only for so long: then a conductor with the right clock may claim it, or this clock may have been set.
 */
const EARLY_PARK_MS = 10_000;

/** Was the parked job offered before its time, without an act, and was there nothing to do? */
function isEarlyClaim({ isForAct, parkedUntil, time, entries, commands }: Turn): boolean {
  return !isForAct && parkedUntil !== null && parkedUntil > time && entries.length === 1 && commands.length === 0;
}

/** For a shorter wait the claim is kept. */
const PARK_AFTER_MS = 1_000;

interface Rest {
  readonly to: 'WAITING' | 'COMPLETE';
  readonly attention: AttentionReason | null;
  readonly until?: number;
}

function restOf(turn: Turn, limits: Limits): Rest | null {
  const { run } = turn;
  switch (run.state) {
    case 'SUCCESS':
    case 'REVERTED':
    case 'PARTIALLY_REVERTED':
      return { to: 'COMPLETE', attention: null };
    case 'FAILURE':
      return { to: 'WAITING', attention: 'held' };
    case 'REVERT_FAILED':
      return { to: 'WAITING', attention: 'revert_failed' };
    case 'SUSPENDED':
      return { to: 'WAITING', attention: null };
    case 'PENDING':
      return null;
    case 'RUNNING':
    case 'SUSPENDING':
    case 'REVERTING':
      return isHeldBack(run, limits) ? null : whileItWaits(turn);
  }
}

/** Could an atom begin that this draining conductor does not begin? Then the job is given back, and not parked. */
function isHeldBack({ progress, undo }: Run, { parallel }: Limits): boolean {
  return parallel === 0 && (progress.ready.size > 0 || (undo?.ready.size ?? 0) > 0);
}

/** No call is under way: the job waits for a person, or is parked until a time or event (J6). */
function whileItWaits(turn: Turn): Rest | null {
  const { run } = turn;
  if (run.busy > run.doubts || (run.doubts === 0 && run.waiting === 0 && run.sleeping === 0)) return null;
  const due = nextDue(run, turn);
  if (due !== null && due - turn.time < PARK_AFTER_MS) return null;
  const isAsked = run.atoms.some(({ waiting }) => waiting?.on === 'approval');
  const attention = run.doubts > 0 ? 'in_doubt' : isAsked ? 'approval' : null;
  return { to: 'WAITING', attention, ...(due === null ? {} : { until: due }) };
}
