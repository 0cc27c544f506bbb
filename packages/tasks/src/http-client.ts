// The one client for outbound requests. Private, loopback, link-local and metadata addresses are refused unless the
// host's configuration allows that host and port. The check is made on the address that is connected to, at the
// moment of connecting, so neither a redirect nor a name that resolves anew can get around it.
import { lookup as dnsLookup } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { TaskError } from '@windlass/engine';
import { Agent, type Dispatcher, buildConnector, request } from 'undici';

const MOST_REDIRECTS = 5;
const MOST_BYTES = 1_000_000;

export interface HttpOrder {
  readonly method: string;
  readonly url: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly text: string;
  /** After redirects. */
  readonly url: string;
}

const refused = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  refused.addSubnet(network, bits, 'ipv4');
}
for (const [network, bits] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  refused.addSubnet(network, bits, 'ipv6');
}

/** Is this an address that only an allowed host may have? IPv4 in IPv6 form counts as what it is. */
export function isPrivateAddress(address: string): boolean {
  const mapped = /^::ffff:(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]+):([0-9a-f]+))$/i.exec(address);
  if (mapped?.[1] !== undefined) return refused.check(mapped[1], 'ipv4');
  if (mapped?.[2] !== undefined && mapped[3] !== undefined) {
    const high = Number.parseInt(mapped[2], 16);
    const low = Number.parseInt(mapped[3], 16);
    return refused.check(`${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`, 'ipv4');
  }
  return refused.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

export class HttpClient {
  readonly #allowed: ReadonlySet<string>;
  readonly #agent: Dispatcher;

  /** `allowed` holds `host:port` pairs that may be private. */
  constructor(allowed: readonly string[]) {
    this.#allowed = new Set(allowed.map((one) => one.toLowerCase()));
    const open = buildConnector({ timeout: 10_000, lookup: (name, options, done) => this.#lookup(name, options, done) });
    this.#agent = new Agent({
      connect: (options, done) => {
        const host = unbracketed(options.hostname);
        const place = `${host}:${options.port || (options.protocol === 'https:' ? '443' : '80')}`;
        const allowedHere = this.#allowed.has(place.toLowerCase());
        if (isIP(host) !== 0 && isPrivateAddress(host) && !allowedHere) done(refusal(place), null);
        else if (allowedHere) allowedConnect(options, done);
        else open(options, done);
      },
    });
  }

  /** One request with its redirects. Throws TaskError with a code that starts with HTTP_. */
  async send(order: HttpOrder): Promise<HttpAnswer> {
    const timeout = AbortSignal.timeout(order.timeoutMs ?? 30_000);
    const signal = order.signal ? AbortSignal.any([order.signal, timeout]) : timeout;
    let url = parseUrl(order.url);
    let { method, body } = order;
    for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
      const answer = await this.#once({ ...order, method, ...(body === undefined ? {} : { body }), signal }, url, timeout);
      const location = answer.headers['location'];
      if (location === undefined || ![301, 302, 303, 307, 308].includes(answer.status)) return answer;
      url = parseUrl(new URL(location, url).href);
      if (answer.status <= 303 && method !== 'HEAD') {
        method = 'GET';
        body = undefined;
      }
    }
    throw new TaskError('HTTP_REDIRECTS', `${order.url} redirects more than ${MOST_REDIRECTS} times.`);
  }

  async #once(order: HttpOrder, url: URL, timeout: AbortSignal): Promise<HttpAnswer> {
    try {
      const { statusCode, headers, body } = await request(url, {
        dispatcher: this.#agent,
        method: order.method as Dispatcher.HttpMethod,
        headers: { 'user-agent': 'Windlass', ...order.headers },
        body: order.body ?? null,
        ...(order.signal ? { signal: order.signal } : {}),
      });
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of body as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > MOST_BYTES) {
          body.destroy();
          throw new TaskError('HTTP_TOO_LARGE', `The answer of ${url.href} is larger than ${MOST_BYTES} bytes.`);
        }
        chunks.push(chunk);
      }
      const flat = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]));
      return { status: statusCode, headers: flat, text: Buffer.concat(chunks).toString('utf8'), url: url.href };
    } catch (cause) {
      if (cause instanceof TaskError) throw cause;
      const inner = cause instanceof Error && cause.cause instanceof TaskError ? cause.cause : undefined;
      if (inner) throw inner;
      if (timeout.aborted) throw new TaskError('HTTP_TIMEOUT', `${url.href} did not answer in time.`, { cause });
      throw new TaskError('HTTP_UNREACHABLE', `${url.href} could not be reached.`, { cause });
    }
  }

  /** Resolves a name and refuses it when any of its addresses is private: what is checked is what is connected to. */
  #lookup(name: string, options: object, done: (error: Error | null, ...rest: never[]) => void): void {
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
}

const allowedConnect = buildConnector({ timeout: 10_000 });

function refusal(place: string): TaskError {
  return new TaskError(
    'HTTP_ADDRESS_REFUSED',
    `${place} is a private address, which flows may not reach. Whoever runs the server can allow it with WINDLASS_HTTP_ALLOW=host:port.`,
  );
}

function parseUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw new TaskError('HTTP_URL_INVALID', `"${text}" is not an address.`, { cause });
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new TaskError('HTTP_URL_INVALID', `Only http and https addresses can be reached, not ${url.protocol}`);
  }
  return url;
}

function unbracketed(host: string): string {
  return host.startsWith('[') ? host.slice(1, -1) : host;
}
