// The claims that a conductor holds. The board may end a lease by mistake while the process lives, and the same conductor may
// then get the same job again with a higher token. So a claim is identified by its token, not only by its job.
//
// 1. At most one claim of a job is the present one. A claim that follows without another holder in between (the next token,
//    from CLAIMED) replaces it in place: its driver goes on, and no call is repeated or put in doubt.
// 2. The end of an earlier claim changes neither the later claim nor its driver.
// 3. A lease counts from before its request, so that it never seems longer here than on the board.
import type { Claim } from '../../board/job.ts';
import type { Moment } from '../../clock.ts';
import { LEASE_MS } from '../../board/job-board.ts';
import type { RunDriver } from '../driving/run-driver.ts';

/** A job under our claim. */
export class HeldClaim {
  #claim: Claim;
  #askedAt: Moment;
  #isOver = false;
  /** Null until the run is loaded. */
  driver: RunDriver | null = null;
  /** The present attempt to load the run; never rejects. */
  loading: Promise<void> = Promise.resolve();
  /** Why the last attempt to load the run failed, until an attempt succeeds. */
  trouble: unknown = null;

  constructor(claim: Claim, askedAt: Moment) {
    this.#claim = claim;
    this.#askedAt = askedAt;
  }

  get claim(): Claim {
    return this.#claim;
  }

  /** Was the claim given back or lost, or has its driver ended? */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Setting the clock back does not prolong a lease, nor does a sleep of the machine. */
  isLeasedAt({ now, elapsed }: Moment): boolean {
    const lasted = Math.max(now - this.#askedAt.now, elapsed - this.#askedAt.elapsed);
    return !this.#isOver && lasted < LEASE_MS;
  }

  /** Did no conductor hold the job between this claim and that one? */
  isFollowedBy(claim: Claim): boolean {
    return !this.#isOver && claim.from === 'CLAIMED' && claim.token === this.#claim.token + 1;
  }

  goOnUnder(claim: Claim, askedAt: Moment): void {
    this.#claim = claim;
    this.renewed(askedAt);
  }

  renewed(askedAt: Moment): void {
    this.#askedAt = askedAt;
  }

  end(): void {
    this.#isOver = true;
  }

  /** Called when the board says that the claim is no longer ours. A driver that is releasing the job learns that from its commit. */
  lost(): void {
    if (this.driver === null) this.end();
    else this.driver.claimLost();
  }
}

/** All claims that a conductor holds, by job. */
export class HeldClaims {
  readonly #all = new Set<HeldClaim>();
  readonly #present = new Map<string, HeldClaim>();
  readonly #onIdle: () => void;

  /** `onIdle` is called whenever no claim is left. */
  constructor(onIdle: () => void) {
    this.#onIdle = onIdle;
  }

  get size(): number {
    return this.#all.size;
  }

  [Symbol.iterator](): IterableIterator<HeldClaim> {
    return this.#all.values();
  }

  /** The present claim of that job. */
  of(job: string): HeldClaim | undefined {
    return this.#present.get(job);
  }

  add(claim: Claim, askedAt: Moment): HeldClaim {
    const held = new HeldClaim(claim, askedAt);
    this.#all.add(held);
    this.#present.set(claim.job, held);
    return held;
  }

  forget(held: HeldClaim): void {
    if (!this.#all.delete(held)) return;
    held.end();
    if (this.#present.get(held.claim.job) === held) this.#present.delete(held.claim.job);
    if (this.#all.size === 0) this.#onIdle();
  }
}
