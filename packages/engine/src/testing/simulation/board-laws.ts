// Laws of the board in a simulation of conductors, checked when a request is carried out: who may write (I6), how often a parked
// job is offered (J6), and whom the end of a job wakes (P9).
import type { Claim } from '../../board/job.ts';
import { WOKEN_AT } from '../../board/job-board.ts';
import type { JobCommit } from '../../logbook/logbook-store.ts';
import type { MemoryStore } from '../../board/memory-store.ts';
import type { SimulatedWorld } from '../simulated-world.ts';

/** A request to the board that was carried out; its answer may be late or lost. */
interface Noted {
  readonly by: string;
  readonly asked: string;
  readonly args: readonly unknown[];
  readonly answer: unknown;
  readonly now: number;
}

/** A parked job is offered at most so often in that time: each wait lasts a second, and the ends of its children wake it too. */
const MOST_OFFERS = 30;
const OFFERS_IN_MS = 10_000;

export class BoardLaws {
  readonly #store: MemoryStore;
  readonly #world: SimulatedWorld;
  /** The conductor that has committed under each token of a job. */
  readonly #holders = new Map<string, string>();
  /** Times at which a parked job was offered and claimed. */
  readonly #offered = new Map<string, number[]>();

  constructor(store: MemoryStore, world: SimulatedWorld) {
    this.#store = store;
    this.#world = world;
  }

  async note({ by, asked, args, answer, now }: Noted): Promise<void> {
    if (asked === 'claim') for (const claim of answer as readonly Claim[]) this.#noteClaim(claim, now);
    if (asked === 'commit' && answer === 'committed') await this.#noteCommit(by, args[0] as JobCommit, now);
  }

  /** J6: with clocks that differ, too, a parked job is not claimed without pause. */
  #noteClaim({ job, from }: Claim, now: number): void {
    if (from !== 'WAITING') return;
    const times = [...(this.#offered.get(job) ?? []), now].filter((time) => time > now - OFFERS_IN_MS);
    this.#offered.set(job, times);
    if (times.length > MOST_OFFERS) this.#world.broken.push(`J6: ${job} is claimed and parked without pause`);
  }

  async #noteCommit(name: string, { job, token, change, entries }: JobCommit, now: number): Promise<void> {
    // I6: only one conductor commits under a token.
    const held = `${job} ${token}`;
    const holder = this.#holders.get(held) ?? name;
    this.#holders.set(held, holder);
    if (holder !== name) this.#world.broken.push(`I6: ${holder} and ${name} committed ${job} under token ${token}`);
    const parked = entries.findLast((entry) => entry.kind === 'JOB' && entry.to === 'WAITING');
    if (parked?.kind === 'JOB' && parked.data?.until !== undefined) await this.#checkParked(job, now + parked.data.until - parked.time);
    if (change?.state === 'COMPLETE' || (change?.state === 'WAITING' && change.attention !== null)) await this.#checkWoken(job, now);
  }

  /** J6: however the clocks differ, the board offers the job after as long as its run waits, or at once when it was woken. */
  async #checkParked(job: string, due: number): Promise<void> {
    const row = await this.#store.get(job);
    if (row?.state !== 'WAITING' || row.wakeAt === WOKEN_AT || row.wakeAt === due) return;
    this.#world.broken.push(`J6: ${job} is parked until ${row.wakeAt}, and its run waits until ${due}`);
  }

  /** P9: the end of a job, and its need of a person, make its parent due in the same commit. */
  async #checkWoken(child: string, now: number): Promise<void> {
    const row = await this.#store.get(child);
    const parent = row?.parent == null ? undefined : await this.#store.get(row.parent);
    // A claimed parent may have been claimed because it was woken; a dead letter waits for a person (J4).
    if (parent?.state !== 'WAITING' || parent.attention === 'dead_lettered') return;
    if (parent.wakeAt === null || parent.wakeAt > now) this.#world.broken.push(`P9: ${parent.id} is not woken by the end of ${child}`);
  }
}
