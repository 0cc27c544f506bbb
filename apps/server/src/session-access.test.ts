// Access to the server: the session, and the origin of a request.
import { appRouter } from '@windlass/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type InProcessServer, startInProcess } from './testing/in-process-server.ts';
import { Client, errorOf, send, signIn } from './testing/requests.ts';

let server: InProcessServer;
let client: Client;
let keyPath: string;

beforeAll(async () => {
  server = await startInProcess();
  keyPath = server.address.slice(server.origin.length);
});
afterAll(() => server.close());

describe('the one-time address', () => {
  test('a wrong key opens nothing and says how to go on', async () => {
    const answer = await send(server.origin, { path: '/open?key=wrong' });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('npm start');
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect((await send(server.origin, { path: '/open' })).status).toBe(403);
    expect((await send(server.origin, { path: '/open?key=a&key=b' })).status).toBe(403);
  });

  test('neither a HEAD nor a look ahead uses the key up', async () => {
    expect((await send(server.origin, { method: 'HEAD', path: keyPath })).headers['set-cookie']).toBeUndefined();
    const ahead = await send(server.origin, { path: keyPath, headers: { 'sec-purpose': 'prefetch;prerender' } });
    expect(ahead.headers['set-cookie']).toBeUndefined();
  });

  test('the right key gives a session, once', async () => {
    const first = await send(server.origin, { path: keyPath });
    expect(first.status).toBe(302);
    expect(first.headers['location']).toBe('/');
    expect(first.headers['cache-control']).toBe('no-store');
    expect(first.headers['set-cookie']?.[0]).toMatch(/^windlass_test=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
    const cookie = first.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const second = await send(server.origin, { path: keyPath });
    expect(second.status).toBe(403);
    expect(second.headers['set-cookie']).toBeUndefined();
    // A browser that has the session is only redirected.
    expect((await send(server.origin, { path: keyPath, headers: { cookie } })).status).toBe(302);
    client = new Client(server.origin, cookie);
  });

  test('the person is the one of the session', async () => {
    expect(await client.get('session.me')).toMatchObject({ person: { id: 'local', name: 'Ana' }, server: { version: '0.0.0' } });
  });
});

describe('without a session', () => {
  // The router keeps its procedures in one flat table, which its type does not show.
  const table = appRouter._def.procedures as unknown as { readonly [path: string]: { readonly _def: { readonly type: string } } };
  const procedures = Object.entries(table).map(([path, { _def }]) => ({ path, type: _def.type }));

  test('there are procedures to look at', () => expect(procedures.length).toBeGreaterThan(30));

  test.each(procedures)('$path refuses', async ({ path, type }) => {
    for (const cookie of ['', 'windlass_test=', `windlass_test=${'A'.repeat(43)}`, "windlass_test=' OR 1=1 --"]) {
      const headers = { 'content-type': 'application/json', ...(cookie ? { cookie } : {}) };
      const answer = await (type === 'mutation'
        ? send(server.origin, { method: 'POST', path: `/trpc/${path}`, headers, body: '{}' })
        : send(server.origin, {
            path: `/trpc/${path}`,
            headers: { ...headers, ...(type === 'subscription' ? { accept: 'text/event-stream' } : {}) },
          }));
      expect(answer.text).toContain('"UNAUTHORIZED"');
      // A stream says it in its first message, and ends; nothing else is in it.
      if (type === 'subscription') expect(answer.text.match(/^event: .*$/gm)).toEqual(['event: connected', 'event: serialized-error']);
      else expect(answer.status).toBe(401);
    }
  });

  test('the health of the server may be asked for', async () => {
    const { status, text } = await send(server.origin, { path: '/health' });
    expect([status, JSON.parse(text)]).toEqual([200, { ok: true, version: '0.0.0' }]);
  });
});

describe('with the cookie, from elsewhere', () => {
  const asks = (headers: { [name: string]: string }, path = '/trpc/session.me') => client.raw({ path, headers });

  test.each([
    'evil.example',
    'evil.example:4700',
    '127.0.0.1.evil.example',
    '192.168.0.2:4700',
    '127.0.0.1',
    'localhost:1',
    '127.0.0.1:4700@evil.example',
  ])('the host %s is refused', async (host) => {
    for (const path of ['/trpc/session.me', '/health', '/', '/open?key=x']) {
      const { status, text } = await asks({ host }, path);
      expect([status, text]).toEqual([403, expect.stringContaining('127.0.0.1')]);
    }
  });

  test('its own names are accepted', async () => {
    const { port: own } = new URL(server.origin);
    for (const host of [`127.0.0.1:${own}`, `localhost:${own}`, `LOCALHOST:${own}`, `[::1]:${own}`])
      expect((await asks({ host })).status).toBe(200);
  });

  test.each(['http://evil.example', 'null', 'http://127.0.0.1:1', 'https://127.0.0.1', 'http://localhost:5173'])(
    'the origin %s is refused',
    async (origin) => {
      expect((await asks({ origin })).status).toBe(403);
      const change = await client.raw({
        method: 'POST',
        path: '/trpc/flows.create',
        headers: { origin, 'content-type': 'application/json' },
        body: '{"name":"x","pattern":"linear"}',
      });
      expect(change.status).toBe(403);
    },
  );

  test.each(['cross-site', 'same-site'])('a request that the browser calls %s is refused', async (site) => {
    expect((await asks({ 'sec-fetch-site': site })).status).toBe(403);
  });

  test('its own page is accepted, and a link to it from elsewhere leads in', async () => {
    expect((await asks({ origin: server.origin, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect((await asks({ 'sec-fetch-site': 'cross-site' }, '/health')).status).toBe(200);
  });

  test('no other site is invited to read, frame or run anything', async () => {
    const { headers } = await asks({ origin: server.origin });
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['content-security-policy']).not.toContain('unsafe-eval');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cache-control']).toBe('no-store');
  });
});

test('a second session is another secret, and both hold', async () => {
  const other = await startInProcess();
  const stranger = await signIn(other.address);
  expect((await send(server.origin, { path: '/trpc/session.me', headers: { cookie: stranger.cookie } })).status).toBe(401);
  expect((await client.query('session.me')).status).toBe(200);
  expect(errorOf(await send(server.origin, { path: '/trpc/session.me' })).data.code).toBe('UNAUTHORIZED');
  await other.close();
});
