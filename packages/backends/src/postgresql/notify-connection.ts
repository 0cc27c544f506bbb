// The connection by which processes on one database notify each other: LISTEN, NOTIFY, and the locks that show
// which conductors live (presence.ts).
//
// 1. A notice is only a hint to read. It is sent after the change is durable, in a transaction of
//    its own. (In the transaction of the commit it would hold PostgreSQL's one lock on notices through the sync, and so
//    make all processes commit one after another.)
// 2. Notices are lost while the connection is cut. So `onConnect` is called after each connect,
//    and every listener reads again.
// 3. Notices are gathered for 20 ms after each one: a run at full speed costs 50 of them a second.
import { randomBytes } from 'node:crypto';
import { OwnConnection } from './connection.ts';
import { DATABASE_NOW, type DatabaseClock } from './database-clock.ts';
import { type Notice, noticeOf, textsOf } from './notice.ts';

const CHANNEL = 'windlass';
const GATHER_MS = 20;
/** A connection that is silent for this time is tested. */
const ASK_EVERY = 5_000;
const ANSWERS_WITHIN = 5_000;
/** A larger difference is reported, because other files of this machine have the time of its clock. */
const MOST_AHEAD = 5_000;
const TIME = `SELECT ${DATABASE_NOW} AS now`;

export interface BulletinOptions {
  readonly url: string;
  readonly clock: DatabaseClock;
  readonly onNotice: (notice: Notice) => void;
  /** Called after each connection, the first one too, and before the next notice; throwing means to connect again. */
  readonly onConnect: (connection: OwnConnection, isFirst: boolean) => Promise<void>;
  readonly warn: (text: string) => void;
}

export class NotifyConnection {
  readonly #options: BulletinOptions;
  readonly #self = randomBytes(6).toString('base64url');
  #connection: OwnConnection | null = null;
  #connects = 0;
  #connectedAt = 0;
  #isClockOff = false;
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

  /** Connects for the first time. Throws the error of PostgreSQL. */
  async open(): Promise<void> {
    await this.#connect();
    this.#asking = setInterval(() => void this.#ask(), ASK_EVERY).unref();
  }

  /** The open connection; null while it is cut. */
  get connection(): OwnConnection | null {
    return this.#connection;
  }

  /** Time since the last connect, in ms; Infinity for the first connection. */
  get standsFor(): number {
    return this.#connects > 1 ? performance.now() - this.#connectedAt : Number.POSITIVE_INFINITY;
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

  /** Sends the waiting notices. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of [this.#gathering, this.#asking, this.#reconnecting]) if (timer !== null) clearTimeout(timer);
    await this.#sending;
    await this.#send();
    const connection = this.#connection;
    this.#connection = null;
    await connection?.end();
  }

  #gather(): void {
    if (this.#gathering !== null || this.#closed) return;
    // The first notice is sent at the end of this turn, with the other notices of the same commit.
    setImmediate(() => {
      this.#sending = this.#sending.then(() => this.#send());
    });
    this.#gathering = setTimeout(() => {
      this.#gathering = null;
      if (this.#posted || this.#changed.size > 0 || this.#written.size > 0) this.#gather();
    }, GATHER_MS).unref();
  }

  async #send(): Promise<void> {
    const connection = this.#connection;
    if (connection === null) return;
    const texts = textsOf({ posted: this.#posted, changed: [...this.#changed], written: [...this.#written.values()] }, this.#self);
    this.#changed.clear();
    this.#written.clear();
    this.#posted = false;
    if (texts.length === 0) return;
    // Notifications lost with the connection are made up for by polling: every conductor looks for jobs four times a second.
    await connection.query('SELECT pg_notify($1, p) FROM unnest($2::text[]) p', [CHANNEL, texts]).catch(() => this.#drop(connection));
  }

  async #connect(): Promise<void> {
    const connection = await OwnConnection.open(this.#options.url, {
      onEnd: (cut) => this.#drop(cut),
      onNotice: (text) => this.#hear(text),
    });
    try {
      // No work of this connection has to survive a crash of PostgreSQL, so it waits for no sync.
      await connection.query('SET synchronous_commit = off');
      await connection.query(`LISTEN ${CHANNEL}`);
      await this.#compareClocks(connection);
      await this.#options.onConnect(connection, this.#connects === 0);
    } catch (thrown) {
      await connection.end();
      throw thrown;
    }
    this.#connects += 1;
    this.#connectedAt = performance.now();
    if (this.#closed) await connection.end();
    else this.#connection = connection;
  }

  #drop(connection: OwnConnection): void {
    if (this.#connection !== connection) return;
    this.#connection = null;
    void connection.end();
    this.#reconnect(0);
  }

  #reconnect(tries: number): void {
    if (this.#closed) return;
    if (tries === 3) this.#options.warn('PostgreSQL cannot be reached; nothing is claimed or recorded until it can be');
    this.#reconnecting = setTimeout(
      () =>
        void this.#connect().then(
          () => {
            if (tries >= 3) this.#options.warn('PostgreSQL is there again');
          },
          () => this.#reconnect(tries + 1),
        ),
      tries === 0 ? 0 : Math.min(1_000, 20 * 2 ** tries),
    );
  }

  async #ask(): Promise<void> {
    const connection = this.#connection;
    if (connection === null) return;
    const late = setTimeout(() => this.#drop(connection), ANSWERS_WITHIN);
    await this.#compareClocks(connection).catch(() => this.#drop(connection));
    clearTimeout(late);
  }

  async #compareClocks(connection: OwnConnection): Promise<void> {
    const { clock, warn } = this.#options;
    await clock.measure(async () => Number((await connection.query<{ now: string }>(TIME)).rows[0]?.now));
    const wasOff = this.#isClockOff;
    this.#isClockOff = Math.abs(clock.localAhead) > MOST_AHEAD;
    if (this.#isClockOff && !wasOff) warn(`${sayAhead(clock.localAhead)}; jobs are timed by PostgreSQL's`);
  }

  #hear(text: string): void {
    const notice = noticeOf(text);
    if (notice !== null && notice.from !== this.#self) this.#options.onNotice(notice);
  }
}

/** The difference of this machine's clock, as a sentence without its full stop. */
function sayAhead(ahead: number): string {
  return `The clock of this machine is ${(Math.abs(ahead) / 1_000).toFixed(1)} s ${ahead > 0 ? 'ahead of' : 'behind'} PostgreSQL's`;
}
