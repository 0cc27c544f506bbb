// What every procedure is given. The server makes one for each request; the actor comes from the session that the
// request's cookie belongs to, and no procedure takes a person from its input.
import type { Actor, DescriptorLookup, FlowStore, JobBoard, LogbookStore, Operator, TaskDescriptor } from '@windlass/engine';

export interface Context {
  /** Who asks; null without a session, and then every procedure refuses. */
  readonly actor: Actor | null;
  readonly flows: FlowStore;
  readonly board: JobBoard;
  readonly logbook: LogbookStore;
  readonly operator: Operator;
  readonly catalog: Descriptors;
  readonly server: ServerFacts;
  readonly limits: Limits;
  /** Milliseconds since 1970. */
  now(): number;
}

/** The task types that this server knows, as descriptors. */
export interface Descriptors {
  /** The newest version of each type, in palette order. */
  readonly list: readonly TaskDescriptor[];
  readonly find: DescriptorLookup;
}

export interface ServerFacts {
  readonly version: string;
  readonly startedAt: number;
  readonly conductor: string;
}

/** What one reader may make the server hold. */
export interface Limits {
  /** Entries kept for one follower of a logbook; beyond them it is served from the store again. */
  readonly entriesHeld: number;
  /** Ids of changed jobs kept for one listener; beyond them it is told that everything may have changed. */
  readonly changesHeld: number;
  /** Least time between two messages to one follower of a logbook, in milliseconds. */
  readonly followEveryMs: number;
  /** Least time between two messages of changed jobs, in milliseconds. */
  readonly changedEveryMs: number;
}

export const DEFAULT_LIMITS: Limits = { entriesHeld: 2_000, changesHeld: 1_000, followEveryMs: 30, changedEveryMs: 200 };
