import { testJobBoard } from '../testing/conformance/board-conformance.ts';
import { testCheckpoints } from '../testing/conformance/checkpoint-conformance.ts';
import { testResourceLedger } from '../testing/conformance/ledger-conformance.ts';
import { testTaskLog } from '../testing/conformance/task-log-conformance.ts';
import { MemoryCheckpoints } from '../logbook/checkpoint-store.ts';
import { MemoryTaskLog } from '../logbook/task-log.ts';
import { testJobSearch } from '../testing/conformance/search-conformance.ts';
import { testLogbook } from '../testing/conformance/logbook-conformance.ts';
import { MemoryStore } from './memory-store.ts';

const fresh = async () => {
  const store = new MemoryStore();
  return { board: store, logbook: store, ledger: store };
};
testJobBoard('memory', fresh);
testJobSearch('memory', fresh);
testLogbook('memory', fresh);
testResourceLedger('memory', fresh);
testCheckpoints('memory', async () => ({ board: new MemoryStore(), checkpoints: new MemoryCheckpoints() }));
testTaskLog('memory', async () => ({ board: new MemoryStore(), taskLog: new MemoryTaskLog() }));
