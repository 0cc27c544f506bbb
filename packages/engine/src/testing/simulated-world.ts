// The effects of tasks in a simulation: one effect per attempt, by its idempotency key. It records what really happened, to be
// compared with the logbook.
import { givenBy } from './flows.ts';
import { LARGE } from '../logbook/stored-value.ts';
import type { TaskCall, TaskOutcome } from '../dispatch/task-runner.ts';

export interface Effect {
  readonly atom: string;
  readonly attempt: number;
}

/** The part of a call that decides its effect. */
export type WorldCall = Pick<TaskCall, 'kind' | 'job' | 'atom' | 'attempt' | 'type' | 'input' | 'byApply'>;

export class SimulatedWorld {
  /** Standing effects, by key. */
  readonly standing = new Map<string, Effect>();
  readonly #undone = new Set<string>();
  readonly #insideOf: (undo: string) => readonly string[];
  /** Broken promises, as sentences. */
  readonly broken: string[] = [];

  /** `insideOf` gives the atoms that a container's own revert undoes, by the address of that revert. */
  constructor(insideOf: (undo: string) => readonly string[] = () => []) {
    this.#insideOf = insideOf;
  }

  /** Carries out the call; its answer may arrive much later, or never. */
  perform(call: WorldCall, fails: boolean): TaskOutcome {
    const { kind, atom, attempt } = call;
    const key = keyOf(call);
    const failed: TaskOutcome = { kind: 'failed', failure: { code: 'BROKEN', message: `${kind} of ${atom} failed` } };
    switch (kind) {
      case 'apply':
        if (this.#undone.has(key)) this.broken.push(`${key} was applied after it was undone`);
        // A call that fails may have had its effect, or not.
        if (!fails || attempt % 2 === 0) this.standing.set(key, { atom, attempt });
        return fails ? failed : { kind: 'done', output: outputOf(call) };
      case 'revert':
        if (fails) return failed;
        this.undo(call);
        return { kind: 'done', output: null };
      case 'probe':
        if (fails) return { kind: 'unknown', because: 'nothing answers' };
        return this.standing.has(key) ? { kind: 'done', output: outputOf(call) } : { kind: 'absent' };
      case 'probeRevert':
        return this.standing.has(key) ? { kind: 'absent' } : { kind: 'done', output: null };
      case 'check':
        return { kind: 'done', output: null };
    }
  }

  stands(attempt: Pick<TaskCall, 'job' | 'atom' | 'attempt'>): boolean {
    return this.standing.has(keyOf(attempt));
  }

  /** The effect is undone, by its revert or by a person. */
  undo(call: Omit<WorldCall, 'kind' | 'input'>): void {
    for (const undone of this.#undoneBy(call)) {
      this.standing.delete(undone);
      this.#undone.add(undone);
    }
  }

  #undoneBy(call: Omit<WorldCall, 'kind' | 'input'>): string[] {
    const { job, atom, type } = call;
    if (type === 'rented') return this.#stagesOf(call);
    if (!call.byApply) return [keyOf(call)];
    const inside = new Set(this.#insideOf(atom));
    return [...this.standing].filter(([key, effect]) => key.startsWith(`${job}/`) && inside.has(effect.atom)).map(([key]) => key);
  }

  /** The standing stages of a resource, which one destroy undoes. */
  #stagesOf({ job, atom }: Pick<WorldCall, 'job' | 'atom'>): string[] {
    const resource = `${job}/${atom.slice(0, atom.lastIndexOf('.'))}.`;
    return [...this.standing.keys()].filter((key) => key.startsWith(resource) && !key.slice(resource.length).includes('.'));
  }
}

function keyOf({ job, atom, attempt }: Pick<TaskCall, 'job' | 'atom' | 'attempt'>): string {
  return `${job}/${atom}/${attempt}`;
}

const LARGE_TEXT = 'x'.repeat(LARGE);

/** The output names its attempt, so that a revert with another attempt's output is found. One output in four is large. */
function outputOf(call: WorldCall) {
  const isLarge = call.atom.charCodeAt(call.atom.length - 1) % 4 === 0;
  return { id: `${call.atom}#${call.attempt}`, ...givenBy(call), ...(isLarge ? { bulk: LARGE_TEXT } : {}) };
}
