// One suite per port, called by the tests of every backend. Separate from the rest of testing/, because it needs the test runner.
export type { BoardUnderTest } from './conformance/board-conformance.ts';
export { testJobBoard } from './conformance/board-conformance.ts';
export type { BoardTime } from './conformance/board-time.ts';
export { testBulkActs } from './conformance/bulk-conformance.ts';
export { type CheckpointsUnderTest, testCheckpoints } from './conformance/checkpoint-conformance.ts';
export { testJobSearch } from './conformance/search-conformance.ts';
export { testLogbook } from './conformance/logbook-conformance.ts';
export { type LedgerUnderTest, testResourceLedger } from './conformance/ledger-conformance.ts';
export { type NoticesUnderTest, testNotices } from './conformance/notice-conformance.ts';
export { type TaskLogUnderTest, testTaskLog } from './conformance/task-log-conformance.ts';
