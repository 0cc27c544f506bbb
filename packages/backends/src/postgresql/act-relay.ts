// Acts of people on a job that another server drives: stored as a request, which that server takes and answers (B4).
//
// 1. The server that took a request carries it out once. A request that no server took in time, or whose job is released
//    meanwhile, is withdrawn: then nothing was done, and the caller may claim the job.
// 2. The answer is given after the act is durable, by the server that made it so.
// 3. A server that finds that it does not drive the job gives the request back for the next holder.
import type { ActRelay } from '@windlass/engine/ports';
import type { ActAnswer, ActBy } from '@windlass/engine/run';
import type pg from 'pg';
import { translate } from './connection.ts';

/** Interval at which a server looks for requests, and a requester for its answer. */
const LOOK_EVERY = 100;
/** A server that drives the job looks several times within this time; after it, the server is gone or another one drives the job. */
const TAKEN_WITHIN = 3_000;
const ANSWERED_WITHIN = 15_000;
const KEEP_MS = 60_000;

const ASK = 'INSERT INTO act_request (job, act, actor, asked_at) VALUES ($1, $2, $3, $4) RETURNING id';
const LOOK = `SELECT a.taken_by, a.answer, j.state = 'CLAIMED' AS is_held FROM act_request a JOIN job j ON j.id = a.job WHERE a.id = $1`;
const TAKE_BACK = 'DELETE FROM act_request WHERE id = $1 AND taken_by IS NULL RETURNING id';
const FORGET = 'DELETE FROM act_request WHERE id = $1 OR asked_at < $2';
const TAKE = `
UPDATE act_request SET taken_by = $1 WHERE id IN (
  SELECT a.id FROM act_request a JOIN job j ON j.id = a.job
  WHERE a.taken_by IS NULL AND j.owner = $1 AND j.state = 'CLAIMED' ORDER BY a.id FOR UPDATE OF a SKIP LOCKED
) RETURNING id, job, act, actor`;
const ANSWER = 'UPDATE act_request SET answer = $2 WHERE id = $1';
const GIVE_BACK = 'UPDATE act_request SET taken_by = NULL WHERE id = $1';

interface Request {
  readonly id: string;
  readonly job: string;
  readonly act: string;
  readonly actor: string;
}

interface Asked {
  readonly taken_by: string | null;
  readonly answer: string | null;
  readonly is_held: boolean;
}

const UNANSWERED: ActAnswer = {
  kind: 'refused',
  code: 'CLAIM_TAKEN',
  message: 'The server that drives this job took the act and has not answered; look at the logbook before you try again.',
};

export class PostgresActRelay implements ActRelay {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async ask(job: string, { act, by }: ActBy, now: number): Promise<ActAnswer | null> {
    try {
      const { rows } = await this.#pool.query<{ id: string }>(ASK, [job, JSON.stringify(act), JSON.stringify(by), now]);
      const id = rows[0]?.id ?? '';
      const answer = await this.#await(id);
      await this.#pool.query(FORGET, [id, now - KEEP_MS]);
      return answer;
    } catch (thrown) {
      throw translate(thrown);
    }
  }

  serve(conductor: string, perform: (job: string, order: ActBy) => Promise<ActAnswer | null>): () => void {
    let isOver = false;
    let timer: NodeJS.Timeout | undefined;
    const look = async () => {
      const { rows } = await this.#pool.query<Request>({ name: 'take_acts', text: TAKE, values: [conductor] });
      await Promise.all(rows.map((request) => this.#perform(request, perform)));
    };
    const again = () => {
      // The conductor reports a cut connection; the caller is answered after the reconnection.
      const next = () => {
        if (!isOver) timer = setTimeout(again, LOOK_EVERY).unref();
      };
      look().then(next, next);
    };
    again();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }

  async #perform({ id, job, act, actor }: Request, perform: (job: string, order: ActBy) => Promise<ActAnswer | null>): Promise<void> {
    const answer = await perform(job, { act: JSON.parse(act) as ActBy['act'], by: JSON.parse(actor) as ActBy['by'] }).catch(
      () => UNANSWERED,
    );
    if (answer === null) await this.#pool.query(GIVE_BACK, [id]);
    else await this.#pool.query(ANSWER, [id, JSON.stringify(answer)]);
  }

  async #await(id: string): Promise<ActAnswer | null> {
    const asked = performance.now();
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY / 2));
      const { rows } = await this.#pool.query<Asked>(LOOK, [id]);
      const [row] = rows;
      if (row?.answer != null) return JSON.parse(row.answer) as ActAnswer;
      const waited = performance.now() - asked;
      const isInVain = row?.taken_by == null && (waited > TAKEN_WITHIN || row?.is_held !== true);
      if (isInVain && (await this.#pool.query(TAKE_BACK, [id])).rowCount === 1) return null;
      if (waited > ANSWERED_WITHIN) return UNANSWERED;
    }
  }
}
