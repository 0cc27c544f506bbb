// The world of the examples: a small site on loopback, served from the files folder, and a hook that keeps each
// message. Both run with the server unless WINDLASS_EXAMPLES=off.
import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, sep } from 'node:path';
import { MessageHook } from './message-hook.ts';

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

export interface ExampleSiteOptions {
  /** The site is served from `<filesFolder>/site/current`. */
  readonly filesFolder: string;
  /** The file that keeps the port: the example flows contain it. */
  readonly dataFolder: string;
  /** The port to begin with, if it is free. */
  readonly port: number;
}

/** Serves on the port of the last start, else on the preferred port, else on any free port. */
export async function startExampleSite({ filesFolder, dataFolder, port }: ExampleSiteOptions): Promise<ExampleSite> {
  const site = join(filesFolder, 'site');
  await mkdir(site, { recursive: true });
  const messages = new MessageHook(join(site, 'hooks.jsonl'));
  const server = createServer((request, response) => {
    answer({ site, messages }, request, response).catch(() => response.writeHead(500).end('The example site had trouble.'));
  });
  const memory = join(dataFolder, 'example-site-port');
  const remembered = Number(await readFile(memory, 'utf8').catch(() => String(port)));
  await listen(server, remembered)
    .catch(() => listen(server, port))
    .catch(() => listen(server, 0));
  const { port: taken } = server.address() as AddressInfo;
  // Written once: a second server on the same data, which is soon refused, must not write its own port.
  await writeFile(memory, String(taken), { flag: 'wx' }).catch(() => undefined);
  const place = `127.0.0.1:${taken}`;
  return {
    origin: `http://${place}`,
    place,
    close() {
      server.close();
      server.closeAllConnections();
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

async function answer(
  { site, messages }: { readonly site: string; readonly messages: MessageHook },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Flows send no Origin header; a page of another site in the same browser does.
  if (request.headers.origin !== undefined || !/^(127\.0\.0\.1|localhost):\d+$/.test(request.headers.host ?? '')) {
    response.writeHead(403, { 'content-type': 'text/plain' }).end('Only flows and people of this machine may ask here.');
    return;
  }
  const path = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname);
  if (path === '/hook' || path.startsWith('/hook/')) return messages.answer(path.slice('/hook/'.length), request, response);
  try {
    // Each request follows the link again, so switching the link releases the site.
    const root = await realpath(join(site, 'current'));
    const file = await realpath(join(root, path.endsWith('/') ? `${path}index.html` : path));
    if (!file.startsWith(root + sep)) throw new Error('outside');
    const body = await readFile(file);
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'cache-control': 'no-store' }).end(body);
  } catch {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('Nothing is released here yet.');
  }
}
