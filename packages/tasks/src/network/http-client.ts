// The one client for outbound requests. Private, loopback, link-local and metadata addresses are refused unless the
// host's configuration allows them.
//
// 1. The check uses the address of the connection, at the moment of connecting, so neither a redirect nor a
//    name that resolves to another address can avoid the check.
// 2. A redirect to another origin drops credentials and cookies.
// 3. A failure says that nothing was done only when the first request was never sent. After a redirect,
//    the first server may have carried out the request. HTTP_BROKEN and HTTP_TIMEOUT leave that open.
import { lookup as dnsLookup } from 'node:dns';
import { isIP } from 'node:net';
import { TaskError } from '@windlass/engine/task';
import { Agent, type Dispatcher, buildConnector, errors, request } from 'undici';
import { beforeAnything } from '../nothing-done.ts';
import { isPrivateAddress } from './private-address.ts';

const MOST_REDIRECTS = 5;
const MOST_BYTES = 1_000_000;
const CONNECT_MS = 10_000;

export interface HttpOrder {
  readonly method: string;
  readonly url: string;
  readonly headers?: Headers;
  readonly body?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}
type Headers = { readonly [name: string]: string };

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** After redirects. */
  readonly url: string;
  /** The number of redirects: the redirecting servers may have done something. */
  readonly redirects: number;
}

export class HttpClient {
  readonly #allowed: ReadonlySet<string>;
  readonly #agent: Dispatcher;

  /** `allowed` holds `host:port` pairs, or hosts with all their ports, that may be private; IPv6 as `[::1]:80`. */
  constructor(allowed: readonly string[]) {
    this.#allowed = new Set(allowed.map((one) => one.toLowerCase()));
    const open = buildConnector({ timeout: CONNECT_MS, lookup: lookupPublic });
    const openAllowed = buildConnector({ timeout: CONNECT_MS });
    this.#agent = new Agent({
      // The time limit of the order applies, not the limit of the agent.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (options, done) => {
        const host = unbracketed(options.hostname);
        const place = `${isIP(host) === 6 ? `[${host}]` : host}:${options.port || (options.protocol === 'https:' ? '443' : '80')}`;
        if (this.#allows(place)) openAllowed(options, done);
        else if (isIP(host) !== 0 && isPrivateAddress(host)) done(refusal(place), null);
        else open(options, done);
      },
    });
  }

  /** One request with its redirects. Throws TaskError with a code that starts with HTTP_. */
  async send(order: HttpOrder): Promise<HttpAnswer> {
    const timeout = AbortSignal.timeout(order.timeoutMs ?? 30_000);
    const signal = order.signal ? AbortSignal.any([order.signal, timeout]) : timeout;
    let url = await beforeAnything(() => parseUrl(order.url));
    let hop: Hop = { method: order.method, headers: lowerCased(order.headers ?? {}), body: order.body };
    for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
      const answer = await this.#once(hop, url, { signal, timeout, redirects: hops });
      const location = answer.headers['location'];
      if (location === undefined || ![301, 302, 303, 307, 308].includes(answer.status)) return answer;
      const next = parseUrl(location, url);
      hop = redirected(hop, { status: answer.status, isSameOrigin: next.origin === url.origin });
      url = next;
    }
    throw new TaskError('HTTP_REDIRECTS', `${order.url} redirects more than ${MOST_REDIRECTS} times; give the address that it ends at.`);
  }

  #allows(place: string): boolean {
    const lower = place.toLowerCase();
    return this.#allowed.has(lower) || this.#allowed.has(lower.slice(0, lower.lastIndexOf(':')));
  }

  async #once(hop: Hop, url: URL, at: Sending): Promise<HttpAnswer> {
    try {
      const { statusCode, headers, body } = await request(url, {
        dispatcher: this.#agent,
        method: hop.method as Dispatcher.HttpMethod,
        headers: { 'user-agent': 'Windlass', ...hop.headers },
        body: hop.body ?? null,
        signal: at.signal,
      });
      const text = await readText(body, url);
      return { status: statusCode, headers: flattened(headers), text, url: url.href, redirects: at.redirects };
    } catch (cause) {
      throw translated(cause, url, at);
    }
  }
}

interface Sending {
  readonly signal: AbortSignal;
  readonly timeout: AbortSignal;
  /** Requests of the same order that were answered before. */
  readonly redirects: number;
}

interface Hop {
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | undefined;
}

/** As in browsers: 303 becomes GET, 301 and 302 become GET only from POST; a redirected DELETE stays a DELETE. */
function redirected(hop: Hop, { status, isSameOrigin }: { status: number; isSameOrigin: boolean }): Hop {
  const becomesGet = status === 303 ? hop.method !== 'HEAD' : status <= 302 && hop.method === 'POST';
  const harmless = ['accept', 'accept-language', 'content-type', 'user-agent', 'idempotency-key'];
  const kept = Object.entries(hop.headers).filter(
    ([name]) => (isSameOrigin || harmless.includes(name)) && !(becomesGet && name.startsWith('content-')),
  );
  return { method: becomesGet ? 'GET' : hop.method, headers: Object.fromEntries(kept), body: becomesGet ? undefined : hop.body };
}

async function readText(body: Dispatcher.ResponseData['body'], url: URL): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) {
      body.destroy();
      throw new TaskError('HTTP_TOO_LARGE', `The answer of ${url.href} is larger than ${MOST_BYTES} bytes; ask for less.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Socket errors that mean that no connection was made. */
const NOT_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT'];
const NOT_TRUSTED = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;

function translated(cause: unknown, url: URL, { signal, timeout, redirects }: Sending): TaskError {
  const isFirst = redirects === 0;
  const own = cause instanceof Error && cause.cause instanceof TaskError ? cause.cause : cause;
  if (own instanceof TaskError) return own.code === REFUSED ? new TaskError(REFUSED, own.message, { nothingDone: isFirst }) : own;
  if (timeout.aborted) return new TaskError('HTTP_TIMEOUT', `${url.href} did not answer in time.`, { cause });
  if (signal.aborted) return new TaskError('HTTP_BROKEN', `The request to ${url.href} was stopped before it was answered.`, { cause });
  if (cause instanceof errors.InvalidArgumentError || cause instanceof errors.NotSupportedError || cause instanceof TypeError) {
    const why = `The request to ${url.href} cannot be sent: ${cause.message}.`;
    return new TaskError('HTTP_REQUEST_INVALID', why, { cause, nothingDone: isFirst });
  }
  const code = codeOf(cause);
  if (NOT_CONNECTED.includes(code) || NOT_TRUSTED.test(code)) {
    const why = `${url.href} could not be reached (${code}).`;
    return new TaskError('HTTP_UNREACHABLE', why, { cause, nothingDone: isFirst && wasNeverOpen(cause) });
  }
  return new TaskError('HTTP_BROKEN', `The connection to ${url.href} broke before the answer was whole.`, { cause });
}

/** An open connection may end with the same codes, and then the request may have been sent. */
function wasNeverOpen(cause: unknown): boolean {
  if (cause instanceof AggregateError) return cause.errors.every(wasNeverOpen);
  const code = codeOf(cause);
  // A certificate is looked at before anything is sent; other faults of TLS may come later.
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || (NOT_TRUSTED.test(code) && !code.startsWith('ERR_SSL_'))) return true;
  return cause instanceof Error && 'syscall' in cause && (cause.syscall === 'connect' || String(cause.syscall).startsWith('getaddrinfo'));
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

/** Resolves a name and refuses it when any of its addresses is private: the checked address is the address of the connection. */
function lookupPublic(name: string, options: object, done: (error: Error | null, ...rest: never[]) => void): void {
  dnsLookup(name, { ...options, all: true }, (error, addresses) => {
    if (error) {
      done(error);
      return;
    }
    const bad = addresses.find(({ address }) => isPrivateAddress(address));
    if (bad) done(refusal(`${name} (${bad.address})`));
    else if ('all' in options && options.all) (done as (error: null, all: unknown) => void)(null, addresses);
    else (done as (error: null, address: unknown, family: unknown) => void)(null, addresses[0]?.address, addresses[0]?.family);
  });
}

const REFUSED = 'HTTP_ADDRESS_REFUSED';

function refusal(place: string): TaskError {
  return new TaskError(
    REFUSED,
    `${place} is a private address, which flows may not reach. The operator of the server can allow it with WINDLASS_HTTP_ALLOW=host:port.`,
  );
}

function parseUrl(text: string, base?: URL): URL {
  let url: URL;
  try {
    url = new URL(text, base);
  } catch (cause) {
    throw new TaskError('HTTP_URL_INVALID', `"${text}" is not an address; give one such as https://example.org/path.`, { cause });
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new TaskError('HTTP_URL_INVALID', `Only http and https addresses can be reached, not ${url.protocol}`);
  }
  // The login would appear in every message and in the output.
  if (url.username !== '' || url.password !== '') {
    throw new TaskError(
      'HTTP_URL_INVALID',
      `The address of ${url.host} has a user or password in it; send them in an Authorization header, from a secret.`,
    );
  }
  return url;
}

function lowerCased(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function flattened(headers: { [name: string]: string | string[] | undefined }): Headers {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}

function unbracketed(host: string): string {
  return host.startsWith('[') ? host.slice(1, -1) : host;
}
