// Finds the entry with which a job's need for a person began. A waiting job is claimed again now and then (for a timer beside
// an approval, or an act that is refused) and then parked with the same need, which is not a new need.
import type { Entry } from '../logbook/entry.ts';
import type { AttentionReason } from '../states.ts';

/** Did the need begin with that entry? Ask for the newest entry first: the first yes is right. */
export function isOrigin(attention: AttentionReason, entry: Entry): boolean {
  switch (attention) {
    case 'held':
      return entry.kind === 'RUN' && entry.to === 'FAILURE';
    case 'revert_failed':
      return entry.kind === 'RUN' && entry.to === 'REVERT_FAILED';
    case 'in_doubt':
      return entry.kind === 'MARK' && entry.mark === 'IN_DOUBT';
    case 'approval':
      return entry.kind === 'ATOM' && entry.data?.waiting?.on === 'approval';
    case 'dead_lettered':
      // No process may write to the job any more, so the newest entry is the one.
      return true;
  }
}
