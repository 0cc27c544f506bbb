// What the laws of a simulation see of its job.
import type { TaskCall, TaskOutcome } from '../../dispatch/task-runner.ts';
import type { Entry } from '../../logbook/entry.ts';
import type { Run } from '../../run/state/run.ts';
import type { SimulatedWorld } from '../simulated-world.ts';

/** A call under way. */
export interface Flight {
  readonly call: Omit<TaskCall, 'job' | 'idempotencyKey'>;
  readonly revertAttempt: number;
  /** Told to stop. */
  isStopped: boolean;
  /** Set once it has taken effect. */
  outcome: TaskOutcome | null;
}

export interface JobInView {
  readonly id: string;
  readonly run: Run;
  readonly entries: readonly Entry[];
  readonly flights: readonly Flight[];
  readonly world: SimulatedWorld;
  /** When the one timer of the conductor is set for. */
  readonly wakeAt: number | null;
  readonly now: number;
  /** Most calls of it at once. */
  readonly parallel: number;
}
