// The connection on which processes that share a database hear of one another: LISTEN, NOTIFY, and the locks that say
// which conductors are alive (presence.ts).
//
// 1. A notice is a hint to look, never the news itself: it is sent after what it tells of is durable, in a transaction of
//    its own. (In the transaction of the commit it would hold PostgreSQL's one lock on notices through the sync, and so
//    make all processes commit one after another.)
// 2. When this connection was cut, whatever was said meanwhile is lost; so `onReturn` is called once it stands again,
//    and everybody looks for themselves.
// 3. Notices are gathered for 20 ms after each one: a run at full speed costs 50 of them a second.
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { connect, queryInTurn } from './connection.ts';

const CHANNEL = 'windlass';
const GATHER_MS = 20;
/** A connection that says nothing for so long is asked whether it still stands. */
const ASK_EVERY = 5_000;
const ANSWERS_WITHIN = 5_000;
/** PostgreSQL takes 8,000 bytes in a notice; an item is below 60. */
const MOST_ITEMS = 120;

/** What one process tells the others. */
export interface Notice {
  /** There may be something to claim. */
  readonly posted: boolean;
  /** Jobs whose row changed. */
  readonly changed: readonly string[];
  /** Records written: job, number of the first and of the last entry. */
  readonly written: readonly (readonly [job: string, first: number, last: number])[];
}

export interface BulletinOptions {
  readonly url: string;
  readonly onNotice: (notice: Notice) => void;
  /** Called after each connection, the first one too, and before the next notice; throwing means to connect again. */
  readonly onConnect: (client: pg.Client, isFirst: boolean) => Promise<void>;
}

export class Bulletin {
  readonly #options: BulletinOptions;
  readonly #self = randomBytes(6).toString('base64url');
  #client: pg.Client | null = null;
  #connects = 0;
  #closed = false;
  #posted = false;
  readonly #changed = new Set<string>();
  readonly #written = new Map<string, [string, number, number]>();
  #gathering: NodeJS.Timeout | null = null;
  #sending: Promise<void> = Promise.resolve();
  #asking: NodeJS.Timeout | null = null;
  #reconnecting: NodeJS.Timeout | null = null;

  constructor(options: BulletinOptions) {
    this.#options = options;
  }

  /** Connects for the first time; throws what PostgreSQL says. */
  async open(): Promise<void> {
    await this.#connect();
    this.#asking = setInterval(() => void this.#ask(), ASK_EVERY).unref();
  }

  /** The connection while it stands. */
  get client(): pg.Client | null {
    return this.#client;
  }

  tellPosted(): void {
    this.#posted = true;
    this.#gather();
  }

  tellChanged(job: string): void {
    this.#changed.add(job);
    this.#gather();
  }

  tellWritten(job: string, first: number, last: number): void {
    const known = this.#written.get(job);
    this.#written.set(job, [job, Math.min(first, known?.[1] ?? first), Math.max(last, known?.[2] ?? last)]);
    this.#gather();
  }

  /** Says what is still to be said. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of [this.#gathering, this.#asking, this.#reconnecting]) if (timer !== null) clearTimeout(timer);
    await this.#sending;
    await this.#send();
    await this.#client?.end().catch(() => undefined);
    this.#client = null;
  }

  #gather(): void {
    if (this.#gathering !== null || this.#closed) return;
    // The first one goes at the end of this turn, with whatever else the same commit has to say.
    setImmediate(() => {
      this.#sending = this.#send();
    });
    this.#gathering = setTimeout(() => {
      this.#gathering = null;
      if (this.#posted || this.#changed.size > 0 || this.#written.size > 0) this.#gather();
    }, GATHER_MS).unref();
  }

  async #send(): Promise<void> {
    const client = this.#client;
    if (client === null) return;
    const notices = this.#takeNotices();
    if (notices.length === 0) return;
    const payloads = notices.map((notice) => JSON.stringify({ from: this.#self, ...notice }));
    // What is lost with the connection is made up for by whoever hears of its end: every other process is cut as well,
    // or looks for jobs once a second anyway.
    await queryInTurn(client, 'SELECT pg_notify($1, p) FROM unnest($2::text[]) p', [CHANNEL, payloads]).catch(() => this.#drop(client));
  }

  #takeNotices(): Notice[] {
    const [changed, written, posted] = [[...this.#changed], [...this.#written.values()], this.#posted];
    this.#changed.clear();
    this.#written.clear();
    this.#posted = false;
    const notices: Notice[] = [];
    for (let at = 0; at < Math.max(changed.length, written.length, posted ? 1 : 0); at += MOST_ITEMS) {
      notices.push({
        posted: posted && at === 0,
        changed: changed.slice(at, at + MOST_ITEMS),
        written: written.slice(at, at + MOST_ITEMS),
      });
    }
    return notices;
  }

  async #connect(): Promise<void> {
    const client = await connect(this.#options.url);
    client.on('end', () => this.#drop(client));
    client.on('notification', ({ payload }) => this.#hear(payload));
    try {
      // Nothing of what this connection does has to outlive a crash of PostgreSQL, so nothing waits for a sync.
      await client.query(`SET synchronous_commit = off; LISTEN ${CHANNEL}`);
      await this.#options.onConnect(client, this.#connects === 0);
    } catch (thrown) {
      void client.end().catch(() => undefined);
      throw thrown;
    }
    this.#connects += 1;
    if (this.#closed) await client.end();
    else this.#client = client;
  }

  #drop(client: pg.Client): void {
    if (this.#client !== client) return;
    this.#client = null;
    void client.end().catch(() => undefined);
    this.#reconnect(0);
  }

  #reconnect(tries: number): void {
    if (this.#closed) return;
    this.#reconnecting = setTimeout(
      () => void this.#connect().catch(() => this.#reconnect(tries + 1)),
      tries === 0 ? 0 : Math.min(1_000, 20 * 2 ** tries),
    );
  }

  async #ask(): Promise<void> {
    const client = this.#client;
    if (client === null) return;
    const late = setTimeout(() => this.#drop(client), ANSWERS_WITHIN);
    await queryInTurn(client, 'SELECT 1').catch(() => this.#drop(client));
    clearTimeout(late);
  }

  #hear(payload = ''): void {
    const notice = noticeOf(payload);
    if (notice !== null && notice.from !== this.#self) this.#options.onNotice(notice);
  }
}

/** Anybody who may connect can send notices: what is not one of ours is passed over. */
function noticeOf(payload: string): (Notice & { readonly from: string }) | null {
  let told: Partial<{ readonly [field in keyof Notice | 'from']: unknown }>;
  try {
    told = Object(JSON.parse(payload)) as typeof told;
  } catch {
    return null;
  }
  const { from, posted, changed, written } = told;
  if (typeof from !== 'string' || !Array.isArray(changed) || !Array.isArray(written)) return null;
  return {
    from,
    posted: posted === true,
    changed: changed.map(String),
    written: written.filter(Array.isArray).map(([job, first, last]) => [String(job), Number(first), Number(last)] as const),
  };
}
