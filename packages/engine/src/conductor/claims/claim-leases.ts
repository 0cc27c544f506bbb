// The leases of all claims that a conductor holds: renewed together, and asked about before a call begins.
import type { Actor } from '../../actor.ts';
import type { JobBoard } from '../../board/job-board.ts';
import { momentOf } from '../../clock.ts';
import type { HeldClaim, HeldClaims } from './held-claims.ts';
import type { ConductorTime } from '../steady-time.ts';

export interface ClaimLeasesOptions {
  readonly board: Pick<JobBoard, 'renew'>;
  readonly time: ConductorTime;
  readonly conductor: Actor;
  readonly onTrouble: (job: string, cause: unknown) => void;
  /** Resolves when the pending requests for claims have been answered. */
  readonly claiming: () => Promise<unknown>;
}

export class ClaimLeases {
  readonly #claims: HeldClaims;
  readonly #options: ClaimLeasesOptions;

  constructor(claims: HeldClaims, options: ClaimLeasesOptions) {
    this.#claims = claims;
    this.#options = options;
  }

  /** Renews the leases; a claim that is no longer ours ends. `settled` waits for our own pending claims. */
  async renew(settled: () => Promise<unknown> = this.#options.claiming): Promise<void> {
    const { board, time, conductor, onTrouble } = this.#options;
    const asked = [...this.#claims].filter((held) => this.#claims.of(held.claim.job) === held).map((held) => ({ held, claim: held.claim }));
    if (asked.length === 0) return;
    const askedAt = momentOf(time);
    try {
      const claims = asked.map(({ claim }) => claim);
      const lost = new Set(await board.renew(conductor.id, claims, askedAt.now));
      if (lost.size > 0) await settled();
      for (const { held, claim } of asked) {
        if (!lost.has(claim.job)) held.renewed(askedAt);
        else if (held.claim === claim) held.lost();
      }
    } catch (thrown) {
      onTrouble('', thrown);
    }
  }

  /** After a sleep or a jump of the clock, our own leases look ended like those of dead conductors, so they are renewed first. */
  async renewEnded(): Promise<void> {
    const now = momentOf(this.#options.time);
    for (const held of this.#claims) {
      if (!held.isOver && !held.isLeasedAt(now)) return this.renew(async () => undefined);
    }
  }

  /** Is the claim still ours: by our clock, or else by the board, because a claim whose lease has ended need not have been taken. */
  isHeld(held: HeldClaim): true | Promise<boolean> {
    return this.#isLeased(held) || this.renew().then(() => this.#isLeased(held));
  }

  #isLeased(held: HeldClaim): boolean {
    return held.isLeasedAt(momentOf(this.#options.time));
  }
}
