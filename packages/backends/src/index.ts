// What remembers, claims and locks. Only the server chooses among them.
export type { Backends, BackendsOptions } from './open-backends.ts';
export { openBackends } from './open-backends.ts';
export type { Sessions } from './database/sessions.ts';
