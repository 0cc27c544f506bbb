// Sessions. The server prints a one-time address at its start; a browser that opens the address gets a session.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Sessions } from '@windlass/backends';
import type { Actor } from '@windlass/engine/run';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const MONTH_S = 30 * 24 * 3_600;

export interface SessionAccessOptions {
  readonly sessions: Sessions;
  /** Name of the cookie. Browsers share cookies among the ports of a host, so each store has its own name. */
  readonly cookie: string;
  readonly person: string;
  readonly now: () => number;
}

export class SessionAccess {
  readonly #options: SessionAccessOptions;
  #key: string | null = randomBytes(18).toString('base64url');

  constructor(options: SessionAccessOptions) {
    this.#options = options;
  }

  /** Path and query of the one-time address. */
  get path(): string {
    return `/open?key=${this.#key ?? ''}`;
  }

  /** The person of a request's session, or null. */
  async actorOf(request: Pick<FastifyRequest, 'headers'>): Promise<Actor | null> {
    const secret = cookieOf(request.headers.cookie, this.#options.cookie);
    if (secret === null) return null;
    return (await this.#options.sessions.find(secret, this.#options.now())) ?? null;
  }

  /** Serves the one-time address. */
  mount(app: FastifyInstance): void {
    // A HEAD request or a prefetch does not use the key up; only a visit of the person does.
    app.get<{ Querystring: { key?: string } }>('/open', { exposeHeadRoute: false }, async (request, reply) => {
      reply.header('cache-control', 'no-store');
      if (/prefetch|prerender/.test(`${request.headers['sec-purpose'] ?? ''}${request.headers['purpose'] ?? ''}`))
        return reply.code(503).send();
      if (!this.#use(request.query.key ?? '')) {
        // A browser with a session may have opened the address twice.
        if ((await this.actorOf(request)) !== null) return reply.redirect('/');
        return reply.code(403).type('text/html; charset=utf-8').send(USED_PAGE);
      }
      const { sessions, person, cookie, now } = this.#options;
      const secret = await sessions.open({ id: 'local', name: person }, now());
      return reply.header('set-cookie', `${cookie}=${secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${MONTH_S}`).redirect('/');
    });
  }

  /** True for the right key, once. */
  #use(given: string): boolean {
    if (this.#key === null) return false;
    const wanted = Buffer.from(this.#key);
    const got = Buffer.from(given);
    if (got.length !== wanted.length || !timingSafeEqual(got, wanted)) return false;
    this.#key = null;
    return true;
  }
}

function cookieOf(header: string | undefined, wanted: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const [name, value] = part.trim().split('=');
    if (name === wanted && value) return value;
  }
  return null;
}

const USED_PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Windlass</title>
<body style="font:14px/1.6 system-ui;max-width:34em;margin:12vh auto;padding:0 1em">
<h1 style="font-size:20px">This address no longer opens Windlass</h1>
<p>The address that the server prints works once. If this browser has no session yet, stop the server with Ctrl-C,
start it again with <code>npm start</code>, and open the address that it prints then. Running jobs go on.</p></body></html>`;
