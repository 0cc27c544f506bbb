// The API: its router, and the services that a server must give to it.
export { isTrouble } from './errors.ts';
export type { Context, Services } from './context.ts';
export type { AppRouter, Outputs } from './root.ts';
export { appRouter } from './root.ts';
