// The world of the examples: a small site on loopback that is really served from the files folder, and a hook that
// really keeps what it is told. It runs with the server unless WINDLASS_EXAMPLES=off.
import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, sep } from 'node:path';
import { text } from 'node:stream/consumers';

const TYPES: { readonly [extension: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

export interface ExampleSite {
  readonly origin: string;
  /** `host:port`, for the list of addresses that tasks may reach. */
  readonly place: string;
  close(): void;
}

/** Serves `<filesFolder>/site/current`, on the port wished for or any free one. */
export async function startExampleSite(filesFolder: string, port: number): Promise<ExampleSite> {
  const site = join(filesFolder, 'site');
  await mkdir(site, { recursive: true });
  const server = createServer((request, response) => {
    answer(site, request, response).catch(() => response.writeHead(500).end('The example site had trouble.'));
  });
  await listen(server, port).catch(() => listen(server, 0));
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin: `http://${place}`,
    place,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function answer(site: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname);
  if (path.startsWith('/hook')) return hook(join(site, 'hooks.jsonl'), path, request, response);
  try {
    // The link is followed anew for each request: that is what makes switching it a release.
    const root = await realpath(join(site, 'current'));
    const file = await realpath(join(root, path.endsWith('/') ? `${path}index.html` : path));
    if (!file.startsWith(root + sep)) throw new Error('outside');
    const body = await readFile(file);
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'cache-control': 'no-store' }).end(body);
  } catch {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('Nothing is released here yet.');
  }
}

/** POST keeps a message and answers with its id; DELETE /hook/<id> takes it back; GET lists. */
async function hook(file: string, path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const json = (status: number, body: unknown) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const lines = async () => (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
  if (request.method === 'POST') {
    const id = randomUUID();
    const body = await text(request);
    await appendFile(file, `${JSON.stringify({ id, body })}\n`);
    json(201, { id });
  } else if (request.method === 'DELETE') {
    const id = path.slice('/hook/'.length);
    const kept = (await lines()).filter((line) => !line.includes(`"id":"${id}"`));
    await writeFile(file, kept.map((line) => `${line}\n`).join(''));
    json(200, { removed: id });
  } else {
    json(200, (await lines()).map((line) => JSON.parse(line) as unknown));
  }
}
