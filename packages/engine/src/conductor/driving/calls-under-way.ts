// One call of an atom at a time in a process. A driver that ended has told its calls to stop, and a call may need time to
// stop; the next driver of the job waits for that call before it calls the same atom.
import type { TaskOutcome, TaskRunner } from '../../dispatch/task-runner.ts';

interface UnderWay {
  readonly owner: object;
  readonly ended: Promise<unknown>;
}

const STOPPED: TaskOutcome = { kind: 'failed', failure: { code: 'ABORTED', message: 'It was told to stop before it began.' } };

/** The calls of all drivers of a conductor. */
export class CallsUnderWay {
  readonly #runner: TaskRunner;
  readonly #byAtom = new Map<string, UnderWay>();

  constructor(runner: TaskRunner) {
    this.#runner = runner;
  }

  /** The runner for one driver; it does not delay repeated calls by the same driver, which orders them itself. */
  runnerFor(owner: object): TaskRunner {
    return {
      run: (call, stop, onSign) => {
        const atom = `${call.job} ${call.atom}`;
        const former = this.#byAtom.get(atom);
        if (former === undefined || former.owner === owner) return this.#run(atom, owner, () => this.#runner.run(call, stop, onSign));
        const begin = () => (stop.signal.aborted ? Promise.resolve(STOPPED) : this.#runner.run(call, stop, onSign));
        return this.#run(atom, owner, () => former.ended.then(begin));
      },
    };
  }

  #run(atom: string, owner: object, call: () => ReturnType<TaskRunner['run']>): Promise<TaskOutcome> {
    const outcome = call();
    const underWay: UnderWay = { owner, ended: outcome.then(forget, forget) };
    const calls = this.#byAtom;
    calls.set(atom, underWay);
    return outcome;

    function forget(): void {
      if (calls.get(atom) === underWay) calls.delete(atom);
    }
  }
}
