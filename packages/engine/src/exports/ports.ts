// The ports that a host implements, and the code that drives runs through them: stores, boards, conductor, runner.
export {
  type ActRelay,
  type JobBoard,
  type JobCount,
  type JobPage,
  type JobQuery,
  LEASE_MS,
  MOST_RECLAIMS,
  WOKEN_AT,
} from '../board/job-board.ts';
export type { SavedView, SavedViewStore, ViewDraft } from '../board/search/saved-view.ts';
export { type BulkActStore, BULK_LEASE_MS } from '../bulk/bulk-act.ts';
export { BulkRunner } from '../bulk/bulk-runner.ts';
export { type Clock, type Pause, machineClock, systemClock } from '../clock.ts';
export { type ConductorOptions, Conductor, startConductor } from '../conductor/conductor.ts';
export { type RowRebuilder, type WrongCheckpoint, checkpointChecker, rowDifferences, rowRebuilder } from '../conductor/rebuild-row.ts';
export type { FlowDraft, FlowRow, FlowStore, FlowVersionRow } from '../definition/flows/flow-store.ts';
export { type InProcessRunnerOptions, type TaskLog, inProcessRunner } from '../dispatch/in-process-runner.ts';
export { type ProgressSource, LiveProgress } from '../dispatch/live-progress.ts';
export { TaskLogWriter } from '../dispatch/task-log-writer.ts';
export type { SecretSource, SignOfLife, Stop, TaskCall, TaskOutcome, TaskRunner } from '../dispatch/task-runner.ts';
export { type EngineErrorCode, EngineError } from '../errors.ts';
export { Listeners } from '../listeners.ts';
export type { Checkpoint, CheckpointStore } from '../logbook/checkpoint-store.ts';
export type { JobChange, JobCommit, LogbookStore } from '../logbook/logbook-store.ts';
export type { LogLine, LogQuery, TaskLogStore } from '../logbook/task-log.ts';
export { type WatchOptions, AttentionWatch } from '../notices/attention-watch.ts';
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
} from '../notices/notice-store.ts';
export { type ExpectedTimes, expectedTimes } from '../operate/expected-times.ts';
export { itemNames } from '../operate/item-names.ts';
export { type JointPlan, type JointRow, MOST_JOINT_JOBS, makeJointPlan } from '../operate/joint-plan.ts';
export { type JointAnswer, launchJointRollback } from '../operate/joint-rollback.ts';
export { type WaysOut, waysOutOf } from '../operate/ways-out.ts';
export { type Need, needsOfJob } from '../operate/needs.ts';
export { type JobUse, usersOf } from '../operate/users-of.ts';
export type { LaunchAnswer, Operator } from '../operator.ts';
export type { HeldResource, LedgerPage, LedgerQuery, ResourceChange, ResourceLedger } from '../resources/ledger.ts';
