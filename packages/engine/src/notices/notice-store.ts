// The port to the store of notices: which jobs need a person, and whether a message about it was sent.
//
// 1. Each need of a job has one notice, identified by the job and by the entry with which the need began.
// 2. A notice is sent at least once on each of its channels, or is FAILED after a number of attempts, which is shown.
// 3. A sender takes a delivery under a lease, so only one of several servers sends it. When a sender dies, its lease ends and
// another server sends again; both messages carry the same key, so a receiver can recognise the second one.
import type { Actor } from '../actor.ts';
import type { AttentionReason } from '../states.ts';

/** Ways to tell people, besides the page. */
export type NoticeChannel = 'webhook' | 'email';

/** A job that needs a person. */
export interface NeedyJob {
  readonly id: string;
  /** Sequence number of posting. */
  readonly seq: number;
  /** While a job is not claimed its need does not change, so an equal token means the same need. */
  readonly token: number;
  /** A conductor holds the job, because a call that is in doubt may still be running (R11). Other needs may follow it. */
  readonly isClaimed: boolean;
  readonly attention: AttentionReason;
  readonly flow: string;
  readonly version: number;
  readonly flowName: string;
}

/** A notice to raise. */
export interface NoticeOrder {
  readonly job: string;
  /** Number of the entry with which the need began; 0 when the logbook cannot be read. */
  readonly entry: number;
  readonly attention: AttentionReason;
  readonly sentence: string;
  readonly raisedAt: number;
  readonly channels: readonly NoticeChannel[];
}

/** The delivery of a notice on one channel. */
export interface NoticeDelivery {
  readonly channel: NoticeChannel;
  /** FAILED: there is no further attempt. */
  readonly state: 'PENDING' | 'SENDING' | 'SENT' | 'FAILED';
  readonly tries: number;
  /** Time of the next attempt or, while it is being sent, the time at which it is sent again. */
  readonly dueAt: number;
  /** Why the last attempt failed, or what was wrong with one that succeeded. */
  readonly error: string | null;
  readonly sentAt: number | null;
}

/** A notice as the page lists it. */
export interface NoticeRow extends Omit<NoticeOrder, 'channels'> {
  readonly id: string;
  readonly flowName: string;
  /** Does the job still wait for a person? */
  readonly isOpen: boolean;
  readonly readAt: number | null;
  readonly readBy: string | null;
  readonly deliveries: readonly NoticeDelivery[];
}
export interface NoticePage {
  /** Newest first. */
  readonly rows: readonly NoticeRow[];
  /** The `cursor` of the next page; null on the last page. */
  readonly next: string | null;
}

/** A delivery to send, held under a lease. */
export interface TakenNotice extends Pick<NoticeOrder, 'job' | 'entry' | 'attention' | 'sentence' | 'raisedAt'> {
  readonly notice: string;
  readonly channel: NoticeChannel;
  readonly lease: string;
  readonly flowName: string;
  /** Number of attempts, this one included. */
  readonly tries: number;
}

/** The end of an attempt. `later` means that it was interrupted and does not count. */
export type TryEnd =
  | { readonly kind: 'sent'; readonly at: number; readonly remark: string | null }
  | { readonly kind: 'failed'; readonly why: string; readonly againAt: number | null }
  | { readonly kind: 'later'; readonly at: number };

export interface TakeOrder {
  readonly channel: NoticeChannel;
  readonly now: number;
  /** End of the lease. */
  readonly until: number;
  readonly limit: number;
  /** After this many attempts a delivery is FAILED. */
  readonly mostTries: number;
}

/** The part of the store that pages use. */
export interface NoticeList {
  list(query: { readonly cursor?: string; readonly limit: number }): Promise<NoticePage>;
  unread(): Promise<number>;
  /** Marks notices as read; does not change one that was read before. */
  markRead(notices: readonly string[], by: Actor, now: number): Promise<void>;
}

export interface NoticeStore extends NoticeList {
  /** Those of the given jobs that need a person now. */
  needing(jobs: readonly string[]): Promise<readonly NeedyJob[]>;
  /** All jobs that need a person, oldest first, after that `seq`. */
  allNeeding(after: number, limit: number): Promise<readonly NeedyJob[]>;
  /** The channels of a notice; null when the notice does not exist yet. */
  channelsOf(job: string, entry: number): Promise<readonly NoticeChannel[] | null>;
  /** Adds a notice and its deliveries; does nothing when they exist. */
  raise(order: NoticeOrder): Promise<void>;
  /** Takes deliveries that are due, each under its own lease. */
  take(order: TakeOrder): Promise<readonly TakenNotice[]>;
  /** False, with nothing changed, when another sender has a newer lease on the delivery. */
  settle(taken: Pick<TakenNotice, 'notice' | 'channel' | 'lease'>, end: TryEnd): Promise<boolean>;
  /** Ends all leases, after a restart of the only server showed that their holders are dead. */
  releaseAll(now: number): Promise<void>;
  /** When the next delivery of that channel is due; null when none is waiting. */
  nextDue(channel: NoticeChannel): Promise<number | null>;
}
