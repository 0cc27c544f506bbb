// A probe changes nothing and only looks, so a probe that does not answer in time is stopped: its atom is in doubt, and a
// person is asked (A4).
import type { Clock } from '../clock.ts';
import type { TaskOutcome, TaskRunner } from './task-runner.ts';

/** Time limit of a probe, whatever the time limit of its task. */
export const PROBE_WITHIN_MS = 30_000;

const LATE: TaskOutcome = { kind: 'unknown', because: `its probe gave no answer within ${PROBE_WITHIN_MS / 1_000} s` };

/** The runner with that limit on probes; other calls are the same. */
export function withProbeLimit(runner: TaskRunner, clock: Clock): TaskRunner {
  return {
    run(call, stop, onSign) {
      if (call.kind !== 'probe' && call.kind !== 'probeRevert') return runner.run(call, stop, onSign);
      const abort = new AbortController();
      let cancelTimer = () => {};
      const late = new Promise<TaskOutcome>((resolve) => {
        cancelTimer = clock.after(PROBE_WITHIN_MS, () => {
          abort.abort();
          resolve(LATE);
        });
      });
      const asked = runner.run(call, { signal: AbortSignal.any([stop.signal, abort.signal]) }, onSign);
      return Promise.race([asked, late]).finally(cancelTimer);
    },
  };
}
