import { type AddressInfo, type Server, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpClient } from './http-client.ts';
import { isPrivateAddress } from './private-address.ts';
import { type TestSite, testSite } from '../testing/site.ts';

let site: TestSite;
let other: TestSite;
let http: HttpClient;
beforeEach(async () => {
  [site, other] = await Promise.all([testSite(), testSite()]);
  http = new HttpClient([site.host, other.host]);
});
afterEach(() => {
  site.close();
  other.close();
});
const get = (url: string) => http.send({ method: 'GET', url });
const port = (of: TestSite) => of.host.split(':')[1];

describe('the http client refuses', () => {
  it.each([
    'http://127.0.0.1:PORT/',
    'http://127.1:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f000001:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://0.0.0.0:PORT/',
    'http://localhost:PORT/',
    'http://[::1]:PORT/',
    'http://[::]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::ffff:7f00:1]:PORT/',
    'http://[::127.0.0.1]:PORT/',
    'http://[64:ff9b::7f00:1]:PORT/',
    'http://[2002:7f00:1::]:PORT/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/',
    'http://10.0.0.1/',
    'http://172.31.255.255/',
    'http://192.168.0.1/',
    'https://127.0.0.1:PORT/',
  ])('the private address %s', async (url) => {
    const strict = new HttpClient([]);
    await expect(strict.send({ method: 'GET', url: url.replace('PORT', String(port(site))) })).rejects.toMatchObject({
      code: 'HTTP_ADDRESS_REFUSED',
      nothingDone: true,
    });
    expect(site.heard).toEqual([]);
  });

  it.each([301, 302, 303, 307, 308])('a %i redirect to a private address', async (status) => {
    const strict = new HttpClient([site.host]);
    for (const location of [other.origin, `//127.0.0.1:${port(other)}/`, `http://localhost:${port(other)}/`, 'http://169.254.169.254/']) {
      site.answer = () => ({ status, headers: { location } });
      await expect(strict.send({ method: 'POST', url: site.origin, body: 'x' })).rejects.toMatchObject({
        code: 'HTTP_ADDRESS_REFUSED',
        nothingDone: false,
      });
    }
    expect(other.heard).toEqual([]);
  });

  it('the other ports of a host that is allowed with one port', async () => {
    await expect(new HttpClient([site.host]).send({ method: 'GET', url: other.origin })).rejects.toMatchObject({
      code: 'HTTP_ADDRESS_REFUSED',
    });
  });

  it.each(['file:///etc/passwd', 'ftp://example.org/', 'javascript:1', 'nonsense', '', 'http://', 'http://me:hunter2@127.0.0.1/'])(
    'the address %j',
    async (url) => {
      await expect(get(url)).rejects.toMatchObject({
        code: 'HTTP_URL_INVALID',
        message: expect.not.stringContaining('hunter2'),
        nothingDone: true,
      });
    },
  );

  it.each(['file:///etc/passwd', 'http://'])('a redirect to %s', async (location) => {
    site.answer = () => ({ status: 302, headers: { location } });
    await expect(get(site.origin)).rejects.toMatchObject({ code: 'HTTP_URL_INVALID', nothingDone: false });
  });

  it('headers that would break out of their line', async () => {
    await expect(http.send({ method: 'GET', url: site.origin, headers: { a: 'b\r\nc: d' } })).rejects.toMatchObject({
      code: 'HTTP_REQUEST_INVALID',
    });
    expect(site.heard).toEqual([]);
  });
});

describe('the http client', () => {
  it('reaches a host that is allowed with its port, or with all its ports', async () => {
    expect((await get(site.origin)).text).toBe('ok');
    const anyPort = new HttpClient(['127.0.0.1']);
    expect((await anyPort.send({ method: 'GET', url: other.origin })).status).toBe(200);
    const byName = new HttpClient([`LOCALHOST:${port(site)}`]);
    expect((await byName.send({ method: 'GET', url: `http://localhost:${port(site)}` })).status).toBe(200);
  });

  it('follows a redirect and says where it ended', async () => {
    site.answer = ({ url }) => (url === '/a' ? { status: 302, headers: { location: '/b?c' } } : { status: 200, body: 'there' });
    expect(await get(`${site.origin}/a`)).toMatchObject({ text: 'there', url: `${site.origin}/b?c` });
  });

  it('takes what was given for one origin to no other', async () => {
    site.answer = () => ({ status: 307, headers: { location: `${other.origin}/x` } });
    await http.send({
      method: 'POST',
      url: site.origin,
      body: '{}',
      headers: { Authorization: 'Bearer s', 'X-Api-Key': 's', Cookie: 's', 'Content-Type': 'application/json' },
    });
    expect(other.heard[0]).toMatchObject({ method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } });
    expect(Object.keys(other.heard[0]?.headers ?? {})).not.toEqual(expect.arrayContaining(['authorization']));
    expect(JSON.stringify(other.heard[0]?.headers)).not.toMatch(/"s"|Bearer/);
  });

  it.each([
    [301, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [302, 'DELETE', 'DELETE'],
    [308, 'POST', 'POST'],
  ])('after a %i turns %s into %s', async (status, method, then) => {
    site.answer = ({ url }) => (url === '/a' ? { status, headers: { location: '/b' } } : { status: 200 });
    await http.send({ method, url: `${site.origin}/a`, body: 'x' });
    expect(site.heard[1]).toMatchObject({ method: then, body: then === 'GET' ? '' : 'x' });
  });

  it('gives up on redirects that go round', async () => {
    site.answer = () => ({ status: 302, headers: { location: '/' } });
    await expect(get(site.origin)).rejects.toMatchObject({ code: 'HTTP_REDIRECTS' });
    expect(site.heard).toHaveLength(6);
  });

  it('stops at an answer that is too large, also where it comes in pieces without end', async () => {
    site.answer = () => ({ status: 200, body: 'x'.repeat(1_000_001) });
    await expect(get(site.origin)).rejects.toMatchObject({ code: 'HTTP_TOO_LARGE' });
  });

  it('stops waiting at its time limit, and when it is aborted', async () => {
    site.answer = () => new Promise(() => {});
    await expect(http.send({ method: 'GET', url: site.origin, timeoutMs: 150 })).rejects.toMatchObject({ code: 'HTTP_TIMEOUT' });
    await expect(http.send({ method: 'GET', url: site.origin, signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
      code: 'HTTP_BROKEN',
    });
  });

  it('tells what was never sent from what broke off', async () => {
    const closed = await testSite();
    closed.close();
    await expect(new HttpClient([closed.host]).send({ method: 'GET', url: closed.origin })).rejects.toMatchObject({
      code: 'HTTP_UNREACHABLE',
      nothingDone: true,
    });
    await expect(http.send({ method: 'GET', url: 'http://no-such-host.invalid/' })).rejects.toMatchObject({
      code: 'HTTP_UNREACHABLE',
      nothingDone: true,
    });
    site.answer = () => ({ status: 307, headers: { location: closed.origin } });
    await expect(new HttpClient([site.host, closed.host]).send({ method: 'POST', url: site.origin, body: 'x' })).rejects.toMatchObject({
      code: 'HTTP_UNREACHABLE',
      nothingDone: false,
    });
    const rude = await rudeServer('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\npart');
    const host = `127.0.0.1:${(rude.address() as AddressInfo).port}`;
    await expect(new HttpClient([host]).send({ method: 'GET', url: `http://${host}` })).rejects.toMatchObject({
      code: 'HTTP_BROKEN',
      nothingDone: false,
    });
    rude.close();
  });
});

it.each([
  ['127.8.9.1', true],
  ['100.100.100.200', true],
  ['168.63.129.16', true],
  ['fe80::1%eth0', true],
  ['fd12::1', true],
  ['::ffff:0:127.0.0.1', true],
  ['0:0:0:0:0:ffff:a00:1', true],
  ['ff02::1', true],
  ['not an address', true],
  ['1.1.1.1', false],
  ['172.32.0.1', false],
  ['2606:4700::1111', false],
  ['::ffff:1.1.1.1', false],
  ['64:ff9b::101:101', false],
])('of %s it says that private is %s', (address, isPrivate) => {
  expect(isPrivateAddress(address)).toBe(isPrivate);
});

function rudeServer(words: string): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', () => socket.end(words));
    });
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}
