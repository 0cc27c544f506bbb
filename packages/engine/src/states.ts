// Every state and every legal transition, each with its reason. State changes only through these tables.
// A test checks docs/states.md against them.

/** States of an atom (docs/states.md). */
export const ATOM_STATES = [
  'PENDING',
  'WAITING',
  'RUNNING',
  'SUCCESS',
  'FAILURE',
  'IGNORE',
  'REVERTING',
  'REVERTED',
  'REVERT_FAILURE',
  'RETRYING',
] as const;
export type AtomState = (typeof ATOM_STATES)[number];

/** States of a run. FAILURE means held at a failure, with nothing being undone. */
export const RUN_STATES = [
  'PENDING',
  'RUNNING',
  'SUSPENDING',
  'SUSPENDED',
  'SUCCESS',
  'FAILURE',
  'REVERTING',
  'REVERTED',
  'PARTIALLY_REVERTED',
  'REVERT_FAILED',
] as const;
export type RunState = (typeof RUN_STATES)[number];

/** States of a job on the board. */
export const JOB_STATES = ['SCHEDULED', 'UNCLAIMED', 'CLAIMED', 'WAITING', 'COMPLETE', 'TRASHED'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** Why a job needs a person. */
export const ATTENTION_REASONS = ['held', 'revert_failed', 'in_doubt', 'approval', 'dead_lettered'] as const;
export type AttentionReason = (typeof ATTENTION_REASONS)[number];

/** One legal transition with its reason. */
export interface Transition<State> {
  readonly from: State;
  readonly to: State;
  readonly reason: string;
}

export const ATOM_TRANSITIONS: readonly Transition<AtomState>[] = [
  { from: 'PENDING', to: 'RUNNING', reason: 'everything before it has finished: the first attempt is about to be applied' },
  { from: 'PENDING', to: 'FAILURE', reason: 'an input was absent or invalid: apply was never called' },
  { from: 'RUNNING', to: 'RUNNING', reason: 'the conductor was lost: the same attempt is applied again with the same key' },
  { from: 'RUNNING', to: 'SUCCESS', reason: 'apply answered' },
  { from: 'RUNNING', to: 'FAILURE', reason: 'apply failed, or its conductor was lost and the run does not go on with it' },
  { from: 'FAILURE', to: 'IGNORE', reason: 'a person skipped it, with a reason and perhaps with outputs' },
  { from: 'SUCCESS', to: 'REVERTING', reason: 'its turn in a rollback: the saved output goes to revert' },
  { from: 'FAILURE', to: 'REVERTING', reason: 'its turn in a rollback: the failure goes to revert' },
  { from: 'IGNORE', to: 'REVERTING', reason: 'it was applied and then skipped: effects that it may have left are undone' },
  { from: 'SUCCESS', to: 'REVERTED', reason: 'its turn in a rollback: it has no effect to undo, so revert is not called' },
  { from: 'FAILURE', to: 'REVERTED', reason: 'its turn in a rollback: it has no effect, or apply was never called' },
  { from: 'IGNORE', to: 'REVERTED', reason: 'its turn in a rollback: it was skipped and has no effect' },
  { from: 'REVERTING', to: 'REVERTING', reason: 'revert failed and is tried again, or the conductor was lost' },
  { from: 'REVERTING', to: 'REVERTED', reason: 'revert answered' },
  { from: 'REVERTING', to: 'REVERT_FAILURE', reason: 'revert failed as often as its policy allows' },
  { from: 'REVERT_FAILURE', to: 'REVERTING', reason: 'a person had it tried again, perhaps with edited data' },
  { from: 'REVERT_FAILURE', to: 'REVERTED', reason: 'a person undid it by hand and gave the reason' },
  { from: 'REVERTED', to: 'PENDING', reason: 'a new forward pass: it gets a new attempt' },
  { from: 'REVERT_FAILURE', to: 'PENDING', reason: 'a new forward pass: its failed revert was kept with a reason' },
  { from: 'FAILURE', to: 'PENDING', reason: 'a new forward pass: it gets a new attempt' },
  {
    from: 'PENDING',
    to: 'SUCCESS',
    reason: 'a control was evaluated: a gate opened, a list or a condition was evaluated, a failure was caught',
  },
  { from: 'PENDING', to: 'IGNORE', reason: 'a decider said no to it or to an item before it, or no failure link leads to it' },
  { from: 'PENDING', to: 'WAITING', reason: 'its turn has come, and it waits for a time, a person, a signal or a job' },
  { from: 'RUNNING', to: 'WAITING', reason: 'it posted a job and waits for the end of that job' },
  { from: 'WAITING', to: 'RUNNING', reason: 'the job that it posted may have ended: apply is called again with the same key' },
  { from: 'WAITING', to: 'SUCCESS', reason: 'the time, answer, signal or job that it waited for came' },
  { from: 'WAITING', to: 'FAILURE', reason: 'the approval was rejected, or the wait ended without an answer' },
  { from: 'WAITING', to: 'REVERTED', reason: 'its turn in a rollback: its wait ends' },
  { from: 'WAITING', to: 'REVERTING', reason: 'its turn in a rollback: the job that it posted is undone' },
  { from: 'SUCCESS', to: 'RETRYING', reason: 'a retry: its container is undone and begins again, now or after a delay' },
  { from: 'RETRYING', to: 'RUNNING', reason: 'a retry: the next attempt begins' },
  { from: 'RETRYING', to: 'REVERTING', reason: 'a retry: its turn in a rollback while it waited for the next attempt' },
];

export const RUN_TRANSITIONS: readonly Transition<RunState>[] = [
  { from: 'PENDING', to: 'RUNNING', reason: 'a conductor begins' },
  { from: 'RUNNING', to: 'SUSPENDING', reason: 'a person paused it: tasks that run are awaited' },
  { from: 'REVERTING', to: 'SUSPENDING', reason: 'a person stopped the rollback: reverts that run are awaited' },
  { from: 'SUSPENDING', to: 'SUSPENDED', reason: 'no task runs any more' },
  { from: 'SUSPENDING', to: 'SUCCESS', reason: 'the awaited task was the last one' },
  { from: 'SUSPENDING', to: 'FAILURE', reason: 'the awaited task failed and the flow holds at failures' },
  { from: 'SUSPENDED', to: 'RUNNING', reason: 'a person resumed it' },
  { from: 'SUSPENDED', to: 'REVERTING', reason: 'a person resumed a rollback, or confirmed a plan' },
  {
    from: 'SUSPENDING',
    to: 'REVERTING',
    reason: 'cancelled with a rollback while pausing, or a person rolls back a job that was given up',
  },
  { from: 'SUSPENDED', to: 'FAILURE', reason: 'cancelled without a rollback while paused' },
  { from: 'RUNNING', to: 'SUCCESS', reason: 'every atom is SUCCESS or IGNORE' },
  { from: 'RUNNING', to: 'REVERTING', reason: 'a failure or a cancel reverts everything, or a person rolls back a job that was given up' },
  { from: 'RUNNING', to: 'FAILURE', reason: 'a failure or a cancel holds until a person decides' },
  { from: 'RUNNING', to: 'REVERT_FAILED', reason: 'a revert failed while a retry was undoing its container' },
  { from: 'REVERT_FAILED', to: 'RUNNING', reason: 'a person decided about the failed revert of a retry' },
  { from: 'FAILURE', to: 'RUNNING', reason: 'a person skipped the failed tasks' },
  { from: 'FAILURE', to: 'REVERTING', reason: 'a person confirmed a plan, or retries the failed tasks after undoing them' },
  { from: 'SUCCESS', to: 'REVERTING', reason: 'a person confirmed a plan' },
  { from: 'REVERTING', to: 'REVERTED', reason: 'every effect of every atom that ran was undone' },
  { from: 'REVERTING', to: 'PARTIALLY_REVERTED', reason: 'the plan is done, and an effect was kept or still stands' },
  { from: 'REVERTING', to: 'REVERT_FAILED', reason: 'a revert failed and nothing else can be undone' },
  { from: 'REVERTING', to: 'RUNNING', reason: 'the failed tasks were undone and are applied again at once' },
  { from: 'PARTIALLY_REVERTED', to: 'REVERTING', reason: 'a person confirmed a further plan' },
  { from: 'REVERTED', to: 'REVERTING', reason: 'a person applies it again: failed attempts that were left out are undone first' },
  {
    from: 'REVERT_FAILED',
    to: 'REVERTING',
    reason: 'a person decided about the failed revert, or confirmed a plan where no revert had failed',
  },
  { from: 'REVERTED', to: 'RUNNING', reason: 'a person applies it again from there' },
  { from: 'PARTIALLY_REVERTED', to: 'RUNNING', reason: 'a person applies it again from there' },
];

export const JOB_TRANSITIONS: readonly Transition<JobState>[] = [
  { from: 'SCHEDULED', to: 'UNCLAIMED', reason: 'its time has come' },
  { from: 'UNCLAIMED', to: 'CLAIMED', reason: 'a conductor took it' },
  { from: 'CLAIMED', to: 'CLAIMED', reason: 'the lease of the former owner ended: reclaimed' },
  { from: 'CLAIMED', to: 'UNCLAIMED', reason: 'its conductor abandoned it' },
  { from: 'CLAIMED', to: 'WAITING', reason: 'there is nothing to do until a time, or until a person or another job acts' },
  { from: 'CLAIMED', to: 'COMPLETE', reason: 'its run is settled' },
  { from: 'WAITING', to: 'CLAIMED', reason: 'the time came, or a person or another job acted' },
  { from: 'COMPLETE', to: 'CLAIMED', reason: 'a person rolls it back, or applies it again' },
  { from: 'UNCLAIMED', to: 'TRASHED', reason: 'a person took it off the board' },
  { from: 'SCHEDULED', to: 'TRASHED', reason: 'a person took it off the board' },
];
