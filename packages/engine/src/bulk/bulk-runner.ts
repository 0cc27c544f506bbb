// Carries out bulk acts, each job's act by the same way as a single one, so that it is checked, refused and written in
// that job's logbook like any other, with the number of the bulk act behind its reason.
//
// 1. What became of a job is written before the next few are begun. A server that dies leaves at most those few in doubt;
//    whoever goes on looks into their logbooks first, and does nothing twice.
// 2. One job that fails is an outcome, and the others go on.
// 3. Of any number of servers one carries out a bulk act: it is taken with a lease.
import type { Clock } from '../clock.ts';
import type { LogbookStore } from '../logbook/logbook-store.ts';
import type { Operator } from '../operator.ts';
import type { Act } from '../run/acts/act.ts';
import type { BulkAct, BulkActStore, BulkJob, SettledBulkJob } from './bulk-act.ts';

/** Jobs at the same time. */
const AT_ONCE = 8;
/** How often it looks for bulk acts that another server has left. */
const LOOK_EVERY_MS = 5_000;
/** So far back a logbook is looked into for an act that a dead server has done. */
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

  /** There may be something to do. */
  wake(): void {
    if (this.#isStopped) return;
    this.#isAskedAgain = true;
    this.#going ??= this.#go().finally(() => {
      this.#going = null;
      if (!this.#isStopped) this.#cancelTimer = this.#options.clock.at(this.#options.clock.now() + LOOK_EVERY_MS, () => this.wake());
    });
  }

  /** Ends after the jobs that are being done; the rest waits for the next start. */
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
    await store.letGo(act.id, server);
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
    return last.some((entry) => entry.kind === 'ACT' && entry.act === bulk.act.kind && entry.reason.endsWith(markOf(bulk)));
  }
}

function actOf(bulk: BulkAct): Act {
  const reason = [bulk.act.reason, markOf(bulk)].filter((part) => part !== '').join(' ');
  return bulk.act.kind === 'RETRY_FAILED' ? { ...bulk.act, reason, parameters: {} } : { ...bulk.act, reason };
}

function markOf({ id }: BulkAct): string {
  return `(bulk act ${id})`;
}
