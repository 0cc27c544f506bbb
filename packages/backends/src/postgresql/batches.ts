// Group commit: orders that arrive during the sync of a transaction form the next transaction.
//
// 1. A caller is answered only after the transaction with the order is durable.
// 2. A failing order does not fail other orders: a refused batch is repeated one by one.
// 3. Two orders with the same key are never in one batch nor under way at the same time, so their order is kept.
// 4. After a cut connection the outcome of a batch is unknown. The batch is repeated until the server answers, or for
//    `PATIENCE`. So `perform` must give the same answer for a finished order (`again` is set).
import { EngineError } from '@windlass/engine/ports';
import { isCut, translate } from './connection.ts';

const PATIENCE = 15_000;

export type Outcome<Answer> = { readonly kind: 'done'; readonly value: Answer } | { readonly kind: 'failed'; readonly cause: unknown };

export interface BatchesOptions<Order, Answer> {
  /** Performs all orders in one transaction; returns an outcome for each, in order. */
  readonly perform: (orders: readonly Order[], again: boolean) => Promise<readonly Outcome<Answer>[]>;
  readonly keyOf?: (order: Order) => string;
  /** Transactions under way at once. */
  readonly lanes: number;
  /** Most orders in one. */
  readonly most: number;
}

interface Waiting<Order, Answer> {
  readonly order: Order;
  readonly answer: (answer: Answer) => void;
  readonly fail: (cause: unknown) => void;
}

export class Batches<Order, Answer> {
  readonly #options: BatchesOptions<Order, Answer>;
  readonly #busy = new Set<string>();
  #waiting: Waiting<Order, Answer>[] = [];
  #scheduled = false;
  #underWay = 0;
  #closed = false;
  #idle: (() => void)[] = [];

  constructor(options: BatchesOptions<Order, Answer>) {
    this.#options = options;
  }

  submit(order: Order): Promise<Answer> {
    if (this.#closed) return Promise.reject(new EngineError('STORE_FAILED', 'The database is closed; the server is going down.'));
    return new Promise((answer, fail) => {
      this.#waiting.push({ order, answer, fail });
      this.#schedule();
    });
  }

  /** Performs the waiting orders, then refuses new ones. */
  async close(): Promise<void> {
    if (this.#waiting.length > 0 || this.#underWay > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
    this.#closed = true;
  }

  #schedule(): void {
    if (this.#scheduled || this.#underWay >= this.#options.lanes) return;
    this.#scheduled = true;
    // Runs after all other ready work of this turn of the event loop, whose writes join the same transaction.
    setImmediate(() => {
      this.#scheduled = false;
      const batch = this.#next();
      if (batch.length > 0) void this.#run(batch);
    });
  }

  #next(): Waiting<Order, Answer>[] {
    const { keyOf, most } = this.#options;
    if (keyOf === undefined) return this.#waiting.splice(0, most);
    const batch: Waiting<Order, Answer>[] = [];
    const later: Waiting<Order, Answer>[] = [];
    const passed = new Set<string>();
    for (const one of this.#waiting) {
      const key = keyOf(one.order);
      if (batch.length >= most || this.#busy.has(key) || passed.has(key)) {
        passed.add(key);
        later.push(one);
      } else {
        this.#busy.add(key);
        batch.push(one);
      }
    }
    this.#waiting = later;
    return batch;
  }

  async #run(batch: readonly Waiting<Order, Answer>[]): Promise<void> {
    this.#underWay += 1;
    if (this.#waiting.length > 0) this.#schedule();
    const outcomes = await this.#perform(batch.map(({ order }) => order));
    const { keyOf } = this.#options;
    batch.forEach(({ order, answer, fail }, index) => {
      if (keyOf !== undefined) this.#busy.delete(keyOf(order));
      const outcome = outcomes[index];
      if (outcome?.kind === 'done') answer(outcome.value);
      else fail(translate(outcome?.cause));
    });
    this.#underWay -= 1;
    if (this.#waiting.length > 0) this.#schedule();
    else if (this.#underWay === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #perform(
    orders: readonly Order[],
    { again = false, until = performance.now() + PATIENCE } = {},
  ): Promise<readonly Outcome<Answer>[]> {
    for (let tries = 0; ; tries += 1) {
      const isRepeated = again || tries > 0;
      try {
        return await this.#options.perform(orders, isRepeated);
      } catch (cause) {
        if (!isCut(cause))
          return orders.length === 1 ? [{ kind: 'failed', cause }] : await this.#oneByOne(orders, { again: isRepeated, until });
        if (performance.now() > until) return orders.map(() => ({ kind: 'failed', cause }));
        await new Promise((resolve) => setTimeout(resolve, Math.min(1_000, 20 * 2 ** tries)));
      }
    }
  }

  async #oneByOne(orders: readonly Order[], patience: { again: boolean; until: number }): Promise<readonly Outcome<Answer>[]> {
    const outcomes: Outcome<Answer>[] = [];
    for (const order of orders) outcomes.push(...(await this.#perform([order], patience)));
    return outcomes;
  }
}
