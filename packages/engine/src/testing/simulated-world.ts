// What tasks have done, in a simulation: one effect per attempt, known by its idempotency key. It keeps what really
// happened, to be held against what the logbook says.
import { givenBy } from './flows.ts';
import type { TaskCall, TaskOutcome } from '../dispatch/task-runner.ts';

export class SimulatedWorld {
  /** Effects that stand, by key. */
  readonly standing = new Map<string, { readonly atom: string; readonly attempt: number }>();
  readonly #undone = new Set<string>();
  /** Promises that were broken. */
  readonly broken: string[] = [];

  /** The call takes effect; its answer may be heard much later, or never. */
  perform(call: TaskCall, fails: boolean): TaskOutcome {
    const { kind, atom, attempt } = call;
    const key = `${call.job}/${atom}/${attempt}`;
    const failed: TaskOutcome = { kind: 'failed', failure: { code: 'BROKEN', message: `${kind} of ${atom} failed` } };
    switch (kind) {
      case 'apply':
        if (this.#undone.has(key)) this.broken.push(`${key} was applied after it was undone`);
        // One that fails may have had its effect, or not.
        if (!fails || attempt % 2 === 0) this.standing.set(key, { atom, attempt });
        return fails ? failed : { kind: 'done', output: givenBy(call) };
      case 'revert':
        if (fails) return failed;
        for (const undone of call.type === 'rented' ? this.#stagesOf(call) : [key]) {
          this.standing.delete(undone);
          this.#undone.add(undone);
        }
        return { kind: 'done', output: null };
      case 'probe':
        return this.standing.has(key) ? { kind: 'done', output: {} } : { kind: 'absent' };
      case 'probeRevert':
        return this.standing.has(key) ? { kind: 'absent' } : { kind: 'done', output: null };
      case 'check':
        return { kind: 'done', output: null };
    }
  }

  /** What one destroy undoes: all stages of the resource that stand. */
  #stagesOf({ job, atom }: TaskCall): string[] {
    const resource = `${job}/${atom.slice(0, atom.lastIndexOf('.'))}.`;
    return [...this.standing.keys()].filter((key) => key.startsWith(resource) && !key.slice(resource.length).includes('.'));
  }
}
