// A workload: its name, its measurements on a store, and the code that makes them.
import type { Shape } from './flows.ts';
import type { BenchStore, Place } from './bench-store.ts';

export interface Case {
  readonly store: string;
  /** Steps, jobs or posts, as the workload counts. */
  readonly n: number;
  readonly concurrency: number;
  readonly shape?: Shape;
}

export type Metrics = { readonly [metric: string]: number };

export interface Workload {
  readonly name: string;
  /** Empty for a store that it does not suit. */
  cases(store: BenchStore): readonly Case[];
  /** Runs in a process of its own, on a new place. */
  run(one: Case, store: BenchStore, place: Place): Promise<Metrics>;
}
