// What answers: the router, what it needs, and the types that the web app is written against.
export type { Context, Descriptors, Limits, ServerFacts } from './context.ts';
export { DEFAULT_LIMITS } from './context.ts';
export { isTrouble } from './errors.ts';
export type { WireCode } from './errors.ts';
export type { AppRouter } from './root.ts';
export { appRouter } from './root.ts';
