// Jobs and their runs: states, entries, acts and plans, and the pure core that decides.
export { type Actor, ENGINE_ACTOR } from '../actor.ts';
export { type Claim, hasEnded, isAtRest, type JobOrder, type JobRow } from '../board/job.ts';
export { type JobFilter, filterOf } from '../board/search/job-filter.ts';
export { type JobSearch, type SearchTerm, SEARCH_LIMITS, parseSearch, writeSearch } from '../board/search/parse-search.ts';
export { REASON_WORDS, STATE_WORDS } from '../board/search/search-states.ts';
export type { SearchProblem } from '../board/search/search-words.ts';
export { searchedInputs } from '../board/search/searched-inputs.ts';
export {
  type BulkAct,
  type BulkAction,
  type BulkJob,
  type BulkOrder,
  type BulkOutcome,
  type BulkState,
  type SettledBulkJob,
  MOST_BULK_JOBS,
  bulkActSchema,
} from '../bulk/bulk-act.ts';
export { wholeCall } from '../dispatch/call-order.ts';
export type { Progress } from '../dispatch/live-progress.ts';
export type { ActBy, Command, RunEvent } from '../events.ts';
export type { Failure } from '../failure/failure.ts';
export { EntryPage, PAGE_WEIGHT, isLastPage, weightOf } from '../logbook/entry-page.ts';
export { reasonByHand } from '../logbook/by-hand.ts';
export { storedAt } from '../logbook/entry-values.ts';
export { leanEntry } from '../logbook/lean-entry.ts';
export {
  type ActEntry,
  type ActKind,
  type AtomEntry,
  type AtomEntryData,
  type Entry,
  type EntryDraft,
  type CaughtFailure,
  type ForwardOutcome,
  type JobEntry,
  type JobEntryData,
  type MarkEntry,
  type RetryAttempt,
  type RetryDecision,
  type RollbackScope,
  type UnresolvedOutput,
  type RunEntry,
  type RunEntryData,
  type StoredSizes,
  ACT_KINDS,
} from '../logbook/entry.ts';
export type { StoredLogLine } from '../logbook/task-log.ts';
export type { ActAnswer } from '../operator.ts';
export type { LedgerRow } from '../resources/ledger.ts';
export { type Act, actSchema } from '../run/acts/act.ts';
export { type Doubt, type DoubtedCall, doubtOf } from '../run/acts/doubted-call.ts';
export { refusalOf } from '../run/acts/refuse.ts';
export { decide } from '../run/decide.ts';
export { isCalledKind, isTaskKind } from '../run/graph/atom-kinds.ts';
export { typesFromCatalog, typesFromDescriptors } from '../run/graph/atom-types.ts';
export { compileFlow } from '../run/graph/compiler.ts';
export {
  type AtomKind,
  type CompiledAtom,
  type CompiledFlow,
  type SubflowLookup,
  type TypeLookup,
  droppedFrom,
} from '../run/graph/graph.ts';
export type { NodeIndex } from '../run/graph/index-spaces.ts';
export { isUnsettled, planRollback } from '../run/plan/plan-rollback.ts';
export { type RollbackChoice, rollbackChoiceSchema } from '../run/plan/rollback-choice.ts';
export type { ChangedCode, Drift, PlannedUndo, RollbackPlan, Standing } from '../run/plan/rollback-plan.ts';
export { type Decided, type RollbackReport, rollbackReport } from '../run/plan/rollback-report.ts';
export { fold, replay } from '../run/state/fold/fold.ts';
export type { StoredField, StoredValue } from '../logbook/stored-value.ts';
export { type LeanAtom, type LeanSnapshot, fullOf, leanOf } from '../run/state/snapshot/lean-snapshot.ts';
export type { RestingJob } from '../run/state/awaited-jobs.ts';
export { type Run, type RunAtom, emptyRun, isDeadLetter } from '../run/state/run.ts';
export { isUndoable } from '../run/state/undo-order.ts';
export { restoreRun, snapshotOf } from '../run/state/snapshot/snapshot-of.ts';
export type { AppliedCode, AtomSnapshot, RunSnapshot } from '../run/state/snapshot/snapshot.ts';
export { type Trouble, troublesOf } from '../run/state/troubles.ts';
export {
  type AtomState,
  type AttentionReason,
  type JobState,
  type RunState,
  type Transition,
  ATOM_STATES,
  ATTENTION_REASONS,
  JOB_STATES,
  RUN_STATES,
} from '../states.ts';
export type { Wait } from '../task/wait.ts';
