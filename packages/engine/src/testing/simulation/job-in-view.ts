// The view of a job for the laws of a simulation.
import type { TaskCall, TaskOutcome } from '../../dispatch/task-runner.ts';
import type { Entry } from '../../logbook/entry.ts';
import type { Run } from '../../run/state/run.ts';
import type { SimulatedWorld } from '../simulated-world.ts';
import type { SimulatedMachine } from './simulated-machine.ts';

/** A call under way. */
export interface Flight {
  readonly call: Omit<TaskCall, 'job' | 'idempotencyKey'>;
  readonly revertAttempt: number;
  /** Told to stop. */
  isStopped: boolean;
  /** Set after the call has taken effect. */
  outcome: TaskOutcome | null;
}

export interface JobInView {
  readonly id: string;
  readonly run: Run;
  readonly entries: readonly Entry[];
  readonly flights: readonly Flight[];
  readonly world: SimulatedWorld;
  /** Time of the conductor's only timer. */
  readonly wakeAt: number | null;
  /** The time of the run. */
  readonly now: number;
  readonly machine: SimulatedMachine;
  /** Largest number of its calls at once. */
  readonly parallel: number;
}
