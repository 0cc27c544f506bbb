import { testJobBoard } from '../testing/board-conformance.ts';
import { testLogbook } from '../testing/logbook-conformance.ts';
import { MemoryStore } from './memory-store.ts';

const fresh = async () => {
  const store = new MemoryStore();
  return { board: store, logbook: store };
};
testJobBoard('memory', fresh);
testLogbook('memory', fresh);
