// What tests, simulations and measurements need of the engine, and products do not.
export { MemoryStore } from '../board/memory-store.ts';
export { MemoryFlows } from '../definition/memory-flows.ts';
export { TestRun } from './run-in-memory.ts';
export { fakeCatalog, flow, graph, linear, task, unordered } from './flows.ts';
export { callOf } from './call.ts';
export { orderOf, startEntry } from './job-order.ts';
