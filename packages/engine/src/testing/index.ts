// Code of the engine for tests, simulations and benchmarks, and not for products.
export { MemoryStore } from '../board/memory-store.ts';
export { MemoryFlows } from '../definition/flows/memory-flows.ts';
export { TestRun } from './run-in-memory.ts';
export { fakeCatalog, flow, linear, task, unordered } from './flows.ts';
export { callOf } from './call.ts';
export { orderOf, startEntry } from './conformance/job-order.ts';
