// Raw requests to a server, so that a test sees what is on the wire.
import { request as httpRequest } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly text: string;
}

export interface RawRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
}

/** One request with exactly these headers; `fetch` would not let a test forge Host, Origin or Sec-Fetch-Site. */
export function send(origin: string, { method = 'GET', path, headers = {}, body }: RawRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${origin}${path}`, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** A client with a session: the key is used up for it. */
export async function signIn(address: string): Promise<Client> {
  const { origin, pathname, search } = new URL(address);
  const { status, headers } = await send(origin, { path: pathname + search });
  const cookie = headers['set-cookie']?.[0]?.split(';')[0];
  if (status !== 302 || cookie === undefined) throw new Error(`The address ${address} gave no session but ${status}.`);
  return new Client(origin, cookie);
}

export class Client {
  readonly origin: string;
  readonly cookie: string;

  constructor(origin: string, cookie: string) {
    this.origin = origin;
    this.cookie = cookie;
  }

  raw(request: RawRequest): Promise<Answer> {
    return send(this.origin, { ...request, headers: { cookie: this.cookie, ...request.headers } });
  }

  query(procedure: string, input?: unknown): Promise<Answer> {
    const search = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`;
    return this.raw({ path: `/trpc/${procedure}${search}` });
  }

  mutate(procedure: string, input: unknown): Promise<Answer> {
    return this.raw({
      method: 'POST',
      path: `/trpc/${procedure}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
  }

  /** The result of a query; throws when it was refused. The type is what the test knows of the procedure. */
  async get<Result>(procedure: string, input?: unknown): Promise<Result> {
    return resultOf<Result>(await this.query(procedure, input));
  }

  async do<Result>(procedure: string, input: unknown): Promise<Result> {
    return resultOf<Result>(await this.mutate(procedure, input));
  }
}

function resultOf<Result>({ status, text }: Answer): Result {
  if (status !== 200) throw new Error(`${status}: ${text}`);
  return (JSON.parse(text) as { result: { data: Result } }).result.data;
}

/** Message and codes of a refusal. */
export function errorOf({ text }: Answer): { message: string; data: { code: string; httpStatus: number; engineCode?: string | null } } {
  return (JSON.parse(text) as { error: { message: string; data: { code: string; httpStatus: number; engineCode?: string | null } } }).error;
}
