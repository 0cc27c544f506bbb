// The stores, boards and locks. Only the server chooses among them.
export { logbookLines, verifyLines } from './records/logbook-file.ts';
export { type RecordSource, type RecordedJob, jobsOf, recordsOf } from './records/record-source.ts';
export { type ChainReport, verifyChain } from './records/verify-chain.ts';
export type { Backends, BackendsOptions, ReadingBackends } from './backends.ts';
export { openBackends, openForReading } from './open-backends.ts';
export type { Sessions } from './prisma/sessions.ts';
