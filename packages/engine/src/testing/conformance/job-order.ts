// Orders and entries for the conformance suites.
import type { Actor } from '../../actor.ts';
import type { JobOrder } from '../../board/job.ts';
import type { Entry } from '../../logbook/entry.ts';

export const ana: Actor = { kind: 'person', id: 'ana', name: 'Ana' };
export const conductorActor: Actor = { kind: 'conductor', id: 'c1', name: 'c1 on host' };

/** In the past for every clock. */
export const NOW = 1_000_000;
/** The row of a job that runs; a test sets its state and what differs. */
export const RUNNING = {
  run: 'RUNNING',
  attention: null,
  wakeAt: null,
  forward: '',
  forwardKind: null,
  startedAt: NOW,
  endedAt: null,
} as const;
/** The row of a job whose claim is released; a test sets its state. */
export const RELEASED = {
  run: 'SUCCESS',
  attention: null,
  wakeAt: null,
  forward: 'succeeded',
  forwardKind: 'succeeded',
  startedAt: NOW,
  endedAt: NOW + 5,
} as const;

/** An order with defaults for all fields that are not given. */
export function orderOf(wanted: Partial<JobOrder> = {}): JobOrder {
  return { flow: 'flow_x', version: 1, flowName: 'x', inputs: { a: 1 }, priority: 0, actor: ana, key: null, ...wanted };
}

/** The entry of an atom that starts. */
export function startEntry(number: number, token: number, atom = 'step'): Entry {
  return {
    kind: 'ATOM',
    number,
    time: 1_000 + number,
    actor: conductorActor,
    token,
    atom,
    attempt: 1,
    from: 'PENDING',
    to: 'RUNNING',
    data: { input: { n: number } },
  };
}
