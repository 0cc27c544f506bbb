// One suite per port, called by the tests of every backend. Separate from the rest of testing/, because it needs the test runner.
export type { BoardUnderTest } from './board-conformance.ts';
export { testJobBoard } from './board-conformance.ts';
export type { BoardTime } from './board-time.ts';
export { testBulkActs } from './bulk-conformance.ts';
export { type CheckpointsUnderTest, testCheckpoints } from './checkpoint-conformance.ts';
export { testJobSearch } from './search-conformance.ts';
export { testLogbook } from './logbook-conformance.ts';
export { type LedgerUnderTest, testResourceLedger } from './ledger-conformance.ts';
export { type NoticesUnderTest, testNotices } from './notice-conformance.ts';
export { type TaskLogUnderTest, testTaskLog } from './task-log-conformance.ts';
