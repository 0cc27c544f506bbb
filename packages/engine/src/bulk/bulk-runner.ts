// Carries out bulk acts. Each job's act goes through the operator like a single act, so it is checked, refused and written
// to the job's logbook in the same way; its entry has the number of the bulk act, in its data and for people in its reason.
//
// 1. Outcomes are stored before the next few jobs begin. After a server died, only the outcomes of those few jobs are
//    unknown; the next server reads their logbooks first, so no act is done twice.
// 2. A job whose act fails is an outcome; the bulk act goes on.
// 3. Only one server carries out a bulk act at a time: it takes a lease on it.
import type { Clock } from '../clock.ts';
import type { LogbookStore } from '../logbook/logbook-store.ts';
import type { Operator } from '../operator.ts';
import type { Act } from '../run/acts/act.ts';
import type { BulkAct, BulkActStore, BulkJob, SettledBulkJob } from './bulk-act.ts';

/** Number of jobs at the same time. */
const AT_ONCE = 8;
/** Interval of looking for bulk acts that another server has left. */
const LOOK_EVERY_MS = 5_000;
/** Number of last entries searched for an act that a dead server has done. */
const LOOK_BACK = 500;

export interface BulkRunnerOptions {
  readonly store: BulkActStore;
  readonly operator: Pick<Operator, 'act'>;
  readonly logbook: Pick<LogbookStore, 'readBack'>;
  readonly clock: Clock;
  /** The name of this server. */
  readonly server: string;
  readonly onTrouble: (cause: unknown) => void;
}

export class BulkRunner {
  readonly #options: BulkRunnerOptions;
  #going: Promise<void> | null = null;
  #isAskedAgain = false;
  #isStopped = false;
  #cancelTimer = () => {};

  constructor(options: BulkRunnerOptions) {
    this.#options = options;
  }

  /** Starts working, or looks again after the present work, because a bulk act may be waiting. */
  wake(): void {
    if (this.#isStopped) return;
    this.#isAskedAgain = true;
    this.#going ??= this.#go().finally(() => {
      this.#going = null;
      if (!this.#isStopped) this.#cancelTimer = this.#options.clock.after(LOOK_EVERY_MS, () => this.wake());
    });
  }

  /** Finishes the jobs that have begun; the others wait for the next start. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelTimer();
    await this.#going;
  }

  async #go(): Promise<void> {
    const { store, server, clock, onTrouble } = this.#options;
    this.#cancelTimer();
    try {
      while (this.#isAskedAgain && !this.#isStopped) {
        this.#isAskedAgain = false;
        for (
          let act = await store.take(server, clock.now());
          act !== undefined && !this.#isStopped;
          act = await store.take(server, clock.now())
        ) {
          await this.#carryOut(act);
        }
      }
    } catch (cause) {
      onTrouble(cause);
    }
  }

  async #carryOut(act: BulkAct): Promise<void> {
    const { store, server, clock } = this.#options;
    for (let isFirst = true; !this.#isStopped; isFirst = false) {
      if (!(await store.hold(act.id, server, clock.now()))) return;
      const waiting = await store.jobs(act.id, { outcome: null, after: -1, limit: AT_ONCE });
      if (waiting.length === 0) {
        await store.end(act.id, 'ENDED', clock.now());
        return;
      }
      await store.settle(act.id, await Promise.all(waiting.map((one) => this.#settle(act, one, isFirst))));
    }
    await store.release(act.id, server);
  }

  async #settle(bulk: BulkAct, one: BulkJob, mayBeDone: boolean): Promise<SettledBulkJob> {
    const { operator, clock } = this.#options;
    const settled = (outcome: SettledBulkJob['outcome'], note: string) => ({ ...one, outcome, note, at: clock.now() });
    try {
      if (mayBeDone && (await this.#isDone(bulk, one.job))) return settled('done', '');
      const answer = await operator.act(one.job, actOf(bulk), bulk.actor);
      return answer.kind === 'done' ? settled('done', '') : settled('refused', answer.message);
    } catch (thrown) {
      return settled('failed', thrown instanceof Error ? thrown.message : String(thrown));
    }
  }

  async #isDone(bulk: BulkAct, job: string): Promise<boolean> {
    const last = await this.#options.logbook.readBack(job, { before: Number.MAX_SAFE_INTEGER, limit: LOOK_BACK });
    return last.some((entry) => entry.kind === 'ACT' && entry.data?.['bulk'] === bulk.id);
  }
}

function actOf({ id, act }: BulkAct): Act {
  const reason = [act.reason, `(bulk act ${id})`].filter((part) => part !== '').join(' ');
  return act.kind === 'RETRY_FAILED' ? { ...act, reason, bulk: id, parameters: {} } : { ...act, reason, bulk: id };
}
