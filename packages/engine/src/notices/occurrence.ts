// By which entry of its logbook a job's need for a person arose. A job that waits is claimed again now and then (a timer
// beside an approval, an act that is refused), and lets go again with the same need: that is no new one.
import type { Entry } from '../logbook/entry.ts';
import type { AttentionReason } from '../states.ts';

/** Whether the need arose by that entry. Asked of the newest entry first, the first yes counts. */
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
      // Nobody may write to it any more: it is the last one.
      return true;
  }
}
