// The public names of the engine; nothing is computed here.
export type { ConductorOptions } from './conductor/conductor.ts';
export { Conductor, startConductor } from './conductor/conductor.ts';
export { type RowRebuilder, rowDifferences, rowRebuilder } from './conductor/rebuild-row.ts';
export type { ActBy, Command, RunEvent } from './events.ts';
export type { Actor } from './actor.ts';
export { ENGINE_ACTOR } from './actor.ts';
export type { Claim, JobOrder, JobRow } from './board/job.ts';
export type { JobBoard, JobCount, JobPage, JobQuery } from './board/job-board.ts';
export { type JobFilter, filterOf } from './board/search/job-filter.ts';
export { type JobSearch, type SearchTerm, parseSearch, SEARCH_LIMITS, writeSearch } from './board/search/parse-search.ts';
export { REASON_WORDS, STATE_WORDS } from './board/search/search-states.ts';
export type { SearchProblem } from './board/search/search-words.ts';
export { searchedInputs } from './board/search/searched-inputs.ts';
export { LEASE_MS, MOST_RECLAIMS } from './board/job-board.ts';
export type { SavedView, SavedViewStore, ViewDraft } from './board/search/saved-view.ts';
export * from './bulk/bulk-act.ts';
export { BulkRunner } from './bulk/bulk-runner.ts';
export type { Clock } from './clock.ts';
export { systemClock } from './clock.ts';
export { RESOURCE_STAGES, type ResourceSpec, type ResourceStage, type StageUndo, defineResource } from './define-resource.ts';
export { catalogOf, defineTask, describeTask } from './define-task.ts';
export type { InputsCheck } from './definition/check-inputs.ts';
export { checkInputs } from './definition/check-inputs.ts';
export type { Coverage } from './definition/coverage.ts';
export { coverageOf, effectsOfItem } from './definition/coverage.ts';
export type { LeanAtom, LeanSnapshot } from './run/state/lean-snapshot.ts';
export { fullOf, leanOf } from './run/state/lean-snapshot.ts';
export type { DefinitionDiff, FieldChange } from './definition/diff.ts';
export { diffDefinitions } from './definition/diff.ts';
export type { Expression, References } from './definition/expression.ts';
export { EXPRESSION_LIMITS, parseExpression } from './definition/expression.ts';
export type { FlowDraft, FlowRow, FlowStore, FlowVersionRow } from './definition/flow-store.ts';
export type { Fix, Problem, ProblemCode } from './definition/problem.ts';
export * from './definition/schema.ts';
export type { ChildOrder, Pattern } from './patterns/pattern.ts';
export { PATTERNS, patternOf } from './patterns/index.ts';
export { subflowIn, withSubflows } from './definition/subflows.ts';
export type { Placed } from './definition/tree.ts';
export { itemsUsedBy, orderingsOf, placedItems, relate } from './definition/tree.ts';
export type { Validation } from './definition/validate.ts';
export { problemsOf, validateDefinition } from './definition/validate.ts';
export type { InProcessRunnerOptions, TaskLog } from './dispatch/in-process-runner.ts';
export { inProcessRunner } from './dispatch/in-process-runner.ts';
export type { Progress, ProgressSource } from './dispatch/live-progress.ts';
export { LiveProgress } from './dispatch/live-progress.ts';
export type { SecretSource, SignOfLife, Stop, TaskCall, TaskOutcome, TaskRunner } from './dispatch/task-runner.ts';
export type { Effects, EffectsCase, EffectsRule } from './effects.ts';
export { effectsOf } from './effects.ts';
export type { EngineErrorCode } from './errors.ts';
export { EngineError } from './errors.ts';
export type { Failure } from './failure.ts';
export { Listeners } from './listeners.ts';
export { ENGINE_FAILURE_CODES, failureFrom, TaskError } from './failure.ts';
export type { Json, JsonObject, JsonSchema } from './json.ts';
export { isJsonObject } from './json.ts';
export * from './logbook/entry.ts';
export { EntryPage, PAGE_WEIGHT, isLastPage, weightOf } from './logbook/entry-page.ts';
export type { JobChange, JobCommit, LogbookStore } from './logbook/logbook-store.ts';
export type { ActAnswer, LaunchAnswer, Operator } from './operator.ts';
export type { Act } from './run/acts/act.ts';
export type { RollbackChoice } from './run/plan/rollback-choice.ts';
export { actSchema, driftSchema } from './run/acts/act.ts';
export { rollbackChoiceSchema } from './run/plan/rollback-choice.ts';
export { typesFromCatalog, typesFromDescriptors } from './run/graph/atom-types.ts';
export { compileFlow } from './run/graph/compiler.ts';
export { decide } from './run/decide.ts';
export { fold, replay } from './run/state/fold.ts';
export type { AtomKind, CompiledAtom, CompiledFlow, SubflowLookup, TypeLookup } from './run/graph/graph.ts';
export { planRollback } from './run/plan/plan-rollback.ts';
export { refusalOf } from './run/acts/refuse.ts';
export type { Run, RunAtom } from './run/state/run.ts';
export { emptyRun } from './run/state/run.ts';
export { restoreRun, snapshotOf } from './run/state/snapshot-of.ts';
export { LOG_LIMITS, TaskLogKeeper } from './dispatch/task-log-keeper.ts';
export type { LogLine, LogQuery, StoredLogLine, TaskLogStore } from './logbook/task-log.ts';
export type { ActRelay } from './board/job-board.ts';
export type {
  NeedyJob,
  NoticeChannel,
  NoticeDelivery,
  NoticeList,
  NoticeOrder,
  NoticePage,
  NoticeRow,
  NoticeStore,
  TakeOrder,
  TakenNotice,
  TryEnd,
} from './notices/notice-store.ts';
export { isOrigin } from './notices/occurrence.ts';
export type { HeldResource, LedgerPage, LedgerQuery, LedgerRow, ResourceChange, ResourceLedger } from './resources/ledger.ts';
export { heldResources } from './resources/resource-changes.ts';
export { type Trouble, troublesOf } from './run/state/troubles.ts';
export type { Drift, PlannedUndo, RollbackPlan } from './run/plan/rollback-plan.ts';
export type { AtomSnapshot, RunSnapshot } from './run/state/snapshot.ts';
export type { AtomState, AttentionReason, JobState, RunState, Transition } from './states.ts';
export {
  ATOM_STATES,
  ATOM_TRANSITIONS,
  ATTENTION_REASONS,
  isLegal,
  JOB_STATES,
  JOB_TRANSITIONS,
  RUN_STATES,
  RUN_TRANSITIONS,
} from './states.ts';
export type { DescriptorLookup, ProbeAnswer, TaskCatalog, TaskContext, TaskDescriptor, TaskSpec, TaskType, Undo } from './task.ts';
export type { Wait, Waits } from './wait.ts';
export { Waiting } from './wait.ts';
