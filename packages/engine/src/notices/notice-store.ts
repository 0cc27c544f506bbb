// The port to whatever keeps notices: that a job asked for a person, and how far the word of it has got.
//
// 1. One notice for each time that a job began to ask: the job, and the entry of its logbook by which the need arose.
// 2. A notice is sent at least once on each of its channels, or given up after so many tries, which is shown.
// 3. Whoever sends has taken the delivery under a lease first; so of several servers one sends. One that dies while it
// sends leaves a lease behind that ends, and then another sends again: what was sent says by its key that it is the same.
import type { Actor } from '../actor.ts';
import type { AttentionReason } from '../states.ts';

/** Ways to people beside the page. */
export type NoticeChannel = 'webhook' | 'email';

/** A job that waits for a person. Between two claims it does so for one reason: `token` says whether that is still the same time. */
export interface NeedyJob {
  readonly id: string;
  /** Order of posting. */
  readonly seq: number;
  readonly token: number;
  readonly attention: AttentionReason;
  readonly flow: string;
  readonly version: number;
  readonly flowName: string;
}

/** What people are told of. */
export interface NoticeOrder {
  readonly job: string;
  /** Number of the entry by which the need arose; 0 where the logbook cannot be read. */
  readonly entry: number;
  readonly attention: AttentionReason;
  readonly sentence: string;
  readonly raisedAt: number;
  readonly channels: readonly NoticeChannel[];
}

/** How a notice stands with one channel. */
export interface NoticeDelivery {
  readonly channel: NoticeChannel;
  /** FAILED: given up. */
  readonly state: 'PENDING' | 'SENDING' | 'SENT' | 'FAILED';
  readonly tries: number;
  /** When it is tried next, or, while it is being sent, again. */
  readonly dueAt: number;
  /** Why the last try failed, or what was wrong with one that succeeded. */
  readonly error: string | null;
  readonly sentAt: number | null;
}

/** A notice as the page lists it. */
export interface NoticeRow extends Omit<NoticeOrder, 'channels'> {
  readonly id: string;
  readonly flowName: string;
  /** Whether the job still waits for a person. */
  readonly isOpen: boolean;
  readonly readAt: number | null;
  readonly readBy: string | null;
  readonly deliveries: readonly NoticeDelivery[];
}
export interface NoticePage {
  /** Newest first. */
  readonly rows: readonly NoticeRow[];
  /** Give it back as `cursor` for the next page; null at the end. */
  readonly next: string | null;
}

/** What is to be sent, held under a lease. */
export interface TakenNotice extends Pick<NoticeOrder, 'job' | 'entry' | 'attention' | 'sentence' | 'raisedAt'> {
  readonly notice: string;
  readonly channel: NoticeChannel;
  readonly lease: string;
  readonly flowName: string;
  /** This one counted. */
  readonly tries: number;
}

/** What became of a try. `later`: not tried to the end, and not counted. */
export type TryEnd =
  | { readonly kind: 'sent'; readonly at: number; readonly remark: string | null }
  | { readonly kind: 'failed'; readonly why: string; readonly againAt: number | null }
  | { readonly kind: 'later'; readonly at: number };

export interface TakeOrder {
  readonly channel: NoticeChannel;
  readonly now: number;
  /** The lease ends then. */
  readonly until: number;
  readonly limit: number;
  /** One that was tried so often is given up instead. */
  readonly mostTries: number;
}

/** What pages need of it. */
export interface NoticeList {
  list(query: { readonly cursor?: string; readonly limit: number }): Promise<NoticePage>;
  unread(): Promise<number>;
  /** Marks them as read; one that was read before stays as it is. */
  markRead(notices: readonly string[], by: Actor, now: number): Promise<void>;
}

export interface NoticeStore extends NoticeList {
  /** Of these jobs, those that wait for a person now. */
  needing(jobs: readonly string[]): Promise<readonly NeedyJob[]>;
  /** All that do, oldest first, beginning after that `seq`. */
  allNeeding(after: number, limit: number): Promise<readonly NeedyJob[]>;
  /** Where a notice goes; null where there is none yet. */
  channelsOf(job: string, entry: number): Promise<readonly NoticeChannel[] | null>;
  /** Adds the notice, and its deliveries, if they are not there. */
  raise(order: NoticeOrder): Promise<void>;
  /** Deliveries that are due, each under a lease of its own. */
  take(order: TakeOrder): Promise<readonly TakenNotice[]>;
  /** False, with nothing changed, when the lease is no longer the one that it was taken under. */
  settle(taken: Pick<TakenNotice, 'notice' | 'channel' | 'lease'>, end: TryEnd): Promise<boolean>;
  /** Ends every lease of servers that are known to be dead (a restart of the only one). */
  releaseAll(now: number): Promise<void>;
  /** When the next delivery of that channel is due; null when nothing waits. */
  nextDue(channel: NoticeChannel): Promise<number | null>;
}
