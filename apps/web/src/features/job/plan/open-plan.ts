// The states of a run in which the engine makes a plan: in the other states no button offers one. Pure.
import type { RunState } from '@windlass/engine/run';

/** A job that runs is paused first, from the sheet of the plan (B4). A failed revert is settled first, where there is one. */
export function mayPlan({ state, isUnsettled }: { readonly state: RunState; readonly isUnsettled: boolean }): boolean {
  switch (state) {
    case 'RUNNING':
    case 'SUSPENDED':
    case 'SUCCESS':
    case 'FAILURE':
    case 'PARTIALLY_REVERTED':
      return true;
    case 'PENDING':
    case 'SUSPENDING':
    case 'REVERTING':
    case 'REVERTED':
      return false;
    case 'REVERT_FAILED':
      return !isUnsettled;
  }
}
