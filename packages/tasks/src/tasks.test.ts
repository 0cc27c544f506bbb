// Every task type applied to the real thing and reverted, the world compared before and after.
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import { type JsonObject, type TaskOutcome, catalogOf, inProcessRunner } from '@windlass/engine';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { taskTypes } from './catalog.ts';
import { FilesRoot } from './files-root.ts';
import { HttpClient, isPrivateAddress } from './http-client.ts';
import type { CommandPolicy, World } from './world.ts';

let root: string;
let server: Server;
let origin: string;
let seen: { method: string; url: string; body: string; key: string | undefined }[];
let answer: (request: IncomingMessage) => { status: number; body?: string; headers?: Record<string, string> };

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'windlass-tasks-'));
  seen = [];
  answer = () => ({ status: 200, body: '{"id":"a/1"}', headers: { 'content-type': 'application/json' } });
  server = createServer((request, response) => {
    void buffer(request).then((body) => {
      seen.push({ method: request.method ?? '', url: request.url ?? '', body: body.toString(), key: request.headers['idempotency-key'] as string | undefined });
      const { status, body: text, headers } = answer(request);
      response.writeHead(status, headers).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(root, { recursive: true, force: true });
});

function world(commands: CommandPolicy = 'off'): World {
  return { files: new FilesRoot(root), http: new HttpClient([new URL(origin).host]), commands };
}

/** Applies, and gives back the outcome and the way to revert. */
async function apply(type: string, input: JsonObject, options: { attempt?: number; commands?: CommandPolicy; signal?: AbortSignal } = {}) {
  const runner = inProcessRunner({ catalog: catalogOf(taskTypes), world: world(options.commands), secrets: { resolve: async () => undefined }, log: () => {} });
  const attempt = options.attempt ?? 1;
  const base = { job: 'j', atom: 'a', attempt, type, typeVersion: 1, input, secrets: {}, startedAt: Date.now(), output: null, failure: null };
  const signal = options.signal ?? new AbortController().signal;
  const outcome = await runner.run({ ...base, kind: 'apply', idempotencyKey: `j/a/${attempt}` }, signal);
  const revert = (): Promise<TaskOutcome> =>
    runner.run(
      {
        ...base,
        kind: 'revert',
        output: outcome.kind === 'done' ? outcome.output : null,
        failure: outcome.kind === 'failed' ? outcome.failure : null,
        idempotencyKey: `j/a/${attempt}/revert`,
      },
      signal,
    );
  return { outcome, revert };
}

/** The files folder as a list, without what tasks keep for themselves. */
function picture(folder = root, under = ''): string[] {
  return readdirSync(folder)
    .filter((name) => name !== '.windlass')
    .sort()
    .flatMap((name) => {
      const full = join(folder, name);
      const shown = join(under, name);
      const stat = lstatSync(full);
      if (stat.isSymbolicLink()) return [`${shown} -> ${readlinkSync(full)}`];
      if (stat.isDirectory()) return [`${shown}/`, ...picture(full, shown)];
      return [`${shown} = ${readFileSync(full, 'utf8').slice(0, 40)}`];
    });
}

async function tarOf(entries: { name: string; text?: string; type?: 'symlink' | 'directory' }[], file: string): Promise<void> {
  const tar = pack();
  for (const { name, text = '', type } of entries) {
    if (type === 'symlink') tar.entry({ name, type, linkname: '/etc' });
    else if (type === 'directory') tar.entry({ name, type });
    else tar.entry({ name }, text);
  }
  tar.finalize();
  writeFileSync(join(root, file), await buffer(tar.pipe(createGzip())));
}

describe('files', () => {
  it('folder.create: makes the folder and its parents, revert takes just those away', async () => {
    mkdirSync(join(root, 'old'));
    const before = picture();
    const { outcome, revert } = await apply('folder.create', { path: 'old/new/deep' });
    expect(outcome).toMatchObject({ kind: 'done', output: { created: true, parents: ['old/new'] } });
    writeFileSync(join(root, 'old/new/deep/x'), 'x');
    expect((await revert()).kind).toBe('done');
    expect(picture()).toEqual(before);
  });

  it('folder.create: a folder that stood before stays', async () => {
    mkdirSync(join(root, 'old'));
    const { outcome, revert } = await apply('folder.create', { path: 'old' });
    expect(outcome).toMatchObject({ output: { created: false } });
    await revert();
    expect(picture()).toEqual(['old/']);
  });

  it('file.write: revert puts back what was there, or removes the file', async () => {
    writeFileSync(join(root, 'a'), 'before');
    const before = picture();
    const one = await apply('file.write', { path: 'a', content: 'after' });
    const two = await apply('file.write', { path: 'b', content: 'bmV3', encoding: 'base64' }, { attempt: 2 });
    expect(picture()).toEqual(['a = after', 'b = new']);
    await two.revert();
    await one.revert();
    expect(picture()).toEqual(before);
  });

  it('file.write: repeated with the same key it still knows what stood before', async () => {
    writeFileSync(join(root, 'a'), 'before');
    await apply('file.write', { path: 'a', content: 'after' });
    const again = await apply('file.write', { path: 'a', content: 'after' });
    await again.revert();
    expect(picture()).toEqual(['a = before']);
  });

  it('file.write: a file that somebody changed is left alone and the revert says so', async () => {
    const { revert } = await apply('file.write', { path: 'a', content: 'after' });
    writeFileSync(join(root, 'a'), 'mine');
    expect(await revert()).toMatchObject({ kind: 'failed', failure: { code: 'FILE_CHANGED' } });
    expect(picture()).toEqual(['a = mine']);
  });

  it('link.switch: switches in one step and back', async () => {
    for (const name of ['v1', 'v2']) mkdirSync(join(root, name));
    const first = await apply('link.switch', { path: 'current', target: 'v1' });
    const second = await apply('link.switch', { path: 'current', target: 'v2' }, { attempt: 2 });
    expect(second.outcome).toMatchObject({ output: { previous: 'v1', target: 'v2' } });
    await second.revert();
    expect(picture()).toContain('current -> v1');
    await first.revert();
    expect(picture()).toEqual(['v1/', 'v2/']);
  });

  it('archive.unpack: unpacks 200 files and removes exactly those', async () => {
    mkdirSync(join(root, 'site'));
    writeFileSync(join(root, 'site/mine'), 'mine');
    await tarOf(Array.from({ length: 200 }, (_, index) => ({ name: `top/d${index % 7}/f${index}.html`, text: `<p>${index}` })), 'a.tgz');
    const before = picture();
    const { outcome, revert } = await apply('archive.unpack', { archive: 'a.tgz', into: 'site', strip: 1 });
    expect(outcome).toMatchObject({ kind: 'done', output: { files: 200 } });
    expect(readFileSync(join(root, 'site/d3/f10.html'), 'utf8')).toBe('<p>10');
    await revert();
    expect(picture()).toEqual(before);
  });

  it.each([
    ['a path that climbs out', [{ name: 'ok', text: 'x' }, { name: '../evil', text: 'x' }], 'ARCHIVE_HOSTILE'],
    ['an absolute path', [{ name: 'ok', text: 'x' }, { name: '/tmp/evil', text: 'x' }], 'ARCHIVE_HOSTILE'],
    ['a link', [{ name: 'ok', text: 'x' }, { name: 'link', type: 'symlink' as const }], 'ARCHIVE_HOSTILE'],
    ['the same file twice', [{ name: 'ok', text: 'x' }, { name: 'ok', text: 'y' }], 'FILE_IN_THE_WAY'],
  ])('archive.unpack: refuses %s, and revert removes what came before it', async (_, entries, code) => {
    await tarOf(entries, 'a.tgz');
    const { outcome, revert } = await apply('archive.unpack', { archive: 'a.tgz', into: 'out' });
    expect(outcome).toMatchObject({ kind: 'failed', failure: { code } });
    await revert();
    expect(existsSync(join(root, 'out'))).toBe(false);
  });

  it('archive.unpack: says what is wrong with something that is no archive', async () => {
    writeFileSync(join(root, 'a.tgz'), 'hello');
    expect((await apply('archive.unpack', { archive: 'a.tgz', into: 'out' })).outcome).toMatchObject({ failure: { code: 'ARCHIVE_INVALID' } });
  });

  it.each(['../x', '/etc/passwd', 'out/../../x', 'escape/x', '.windlass/x', 'a\0b'])('refuses the path %j', async (path) => {
    symlinkSync('/tmp', join(root, 'escape'));
    for (const [type, input] of [
      ['folder.create', { path }],
      ['file.write', { path, content: '' }],
    ] as const) {
      expect((await apply(type, input)).outcome).toMatchObject({ kind: 'failed', failure: { code: 'PATH_OUTSIDE' } });
    }
  });
});

describe('network', () => {
  it('http.request: sends it, and revert sends the request that undoes it, filled from the answer', async () => {
    const undo = { method: 'DELETE', url: `${origin}/things/{output.body.id}` };
    const { outcome, revert } = await apply('http.request', { method: 'POST', url: `${origin}/things`, body: { n: 1 }, undo });
    expect(outcome).toMatchObject({ kind: 'done', output: { status: 200, body: { id: 'a/1' } } });
    expect((await revert()).kind).toBe('done');
    expect(seen).toEqual([
      { method: 'POST', url: '/things', body: '{"n":1}', key: 'j/a/1' },
      { method: 'DELETE', url: '/things/a%2F1', body: '', key: 'j/a/1/revert' },
    ]);
  });

  it('http.request: an unexpected status is a failure with what was answered', async () => {
    answer = () => ({ status: 500, body: 'broken' });
    expect((await apply('http.request', { url: origin })).outcome).toMatchObject({ failure: { code: 'HTTP_STATUS', data: { status: 500, body: 'broken' } } });
  });

  it.each(['http://127.0.0.1:1/', 'http://[::1]:1/', 'http://[::ffff:127.0.0.1]:1/', 'http://169.254.169.254/', 'http://10.0.0.1/', 'http://2130706433:1/', 'http://localhost:1/', 'http://0x7f.1:1/'])(
    'refuses the private address %s',
    async (url) => {
      expect((await apply('http.request', { url })).outcome).toMatchObject({ failure: { code: 'HTTP_ADDRESS_REFUSED' } });
    },
  );

  it('refuses a redirect to a private address', async () => {
    answer = () => ({ status: 302, headers: { location: 'http://127.0.0.1:1/' } });
    expect((await apply('http.request', { url: origin })).outcome).toMatchObject({ failure: { code: 'HTTP_ADDRESS_REFUSED' } });
  });

  it('refuses what is not http', async () => {
    expect((await apply('http.request', { url: 'file:///etc/passwd' })).outcome).toMatchObject({ failure: { code: 'HTTP_URL_INVALID' } });
  });

  it('tells private addresses from public ones', () => {
    expect(['fe80::1', 'fd00::1', '::', '192.168.1.1', '::ffff:7f00:1'].map(isPrivateAddress)).toEqual([true, true, true, true, true]);
    expect(['1.1.1.1', '2606:4700::1111', '172.32.0.1'].map(isPrivateAddress)).toEqual([false, false, false]);
  });

  it('url.check: waits until it is healthy', async () => {
    let tries = 0;
    answer = () => ({ status: ++tries < 3 ? 503 : 200, body: 'up' });
    expect((await apply('url.check', { url: origin, expectText: 'up', everyMs: 50 })).outcome).toMatchObject({ kind: 'done', output: { tries: 3 } });
  });

  it('url.check: gives up and says what it saw last', async () => {
    answer = () => ({ status: 404 });
    const { outcome } = await apply('url.check', { url: origin, everyMs: 50, forMs: 120 });
    expect(outcome).toMatchObject({ kind: 'failed', failure: { code: 'UNHEALTHY', message: expect.stringContaining('status 404') } });
  });
});

describe('the rest', () => {
  it('command.run: is off unless the server allows it', async () => {
    expect((await apply('command.run', { program: 'true' })).outcome).toMatchObject({ failure: { code: 'COMMAND_NOT_ALLOWED' } });
    expect((await apply('command.run', { program: '/bin/true' }, { commands: ['true'] })).outcome).toMatchObject({ failure: { code: 'COMMAND_NOT_ALLOWED' } });
  });

  it('command.run: runs in a clean environment and undoes by command', async () => {
    process.env['WINDLASS_SECRET_X'] = 'hidden';
    const input = { program: 'sh', args: ['-c', 'env; touch made'], undo: { program: 'rm', args: ['made'] } };
    const { outcome, revert } = await apply('command.run', input, { commands: ['sh', 'rm'] });
    expect(outcome.kind === 'done' && JSON.stringify(outcome.output)).not.toContain('hidden');
    expect(picture()).toEqual(['made = ']);
    await revert();
    expect(picture()).toEqual([]);
  });

  it('command.run: a failing command tells its last words, and an aborted one is ended with all its children', async () => {
    expect((await apply('command.run', { program: 'sh', args: ['-c', 'echo no >&2; exit 3'] }, { commands: 'all' })).outcome).toMatchObject({
      failure: { code: 'COMMAND_FAILED', message: expect.stringContaining('no') },
    });
    const started = Date.now();
    const { outcome } = await apply('command.run', { program: 'sh', args: ['-c', 'sleep 30 & wait'] }, { commands: 'all', signal: AbortSignal.timeout(100) });
    expect(outcome).toMatchObject({ failure: { code: 'ABORTED' } });
    expect(Date.now() - started).toBeLessThan(5_000);
  });

  it('values.set, message and delay answer with what they were given', async () => {
    expect((await apply('values.set', { values: { a: [1] } })).outcome).toMatchObject({ output: { values: { a: [1] } } });
    expect((await apply('message', { text: 'hello' })).outcome).toMatchObject({ output: { text: 'hello', level: 'info' } });
    expect((await apply('delay', { ms: 20 })).outcome).toMatchObject({ output: { waitedMs: 20 } });
  });
});
