// HTTP: the API under /trpc, the web app, and the rules that refuse foreign requests.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { TRPCError } from '@trpc/server';
import { type FastifyTRPCPluginOptions, fastifyTRPCPlugin } from '@trpc/server/adapters/fastify';
import { type AppRouter, type Services, appRouter, isTrouble } from '@windlass/api';
import type { RecordSource } from '@windlass/backends';
import { flowDefinitionJsonSchema } from '@windlass/engine/definition';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { mountExport } from './logbook-export.ts';
import type { SessionAccess } from './session-access.ts';

/** Largest request body that the server reads. */
const BODY_LIMIT = 8 * 1024 * 1024;

const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; object-src 'none'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

export interface HttpOptions {
  readonly services: Services;
  readonly records: RecordSource;
  readonly access: SessionAccess;
  readonly webFolder: string;
  readonly version: string;
}

/** The server's HTTP side, not yet listening. */
export function buildHttp({ services, records, access, webFolder, version }: HttpOptions): FastifyInstance {
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 5_000 },
    logger: {
      level: 'warn',
      stream: process.stderr,
      // The log has no headers, which hold the cookie, and no query, which may hold the key.
      serializers: { req: ({ method, url }) => ({ method, path: url.split('?')[0] }) },
    },
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    const { host, origin, 'sec-fetch-site': site = 'none' } = request.headers;
    if (!isOwnHost(host, request.socket.localPort)) {
      return reply.code(403).send({ message: 'Open Windlass by 127.0.0.1 or localhost; other host names are refused.' });
    }
    // Pages of other sites send the cookie too, so requests of other origins are refused.
    const foreignOrigin = origin !== undefined && origin !== `http://${host}`;
    // A page on another port of this machine is `same-site`, and its requests carry the cookie.
    const isApi = request.url.startsWith('/trpc') || request.url.startsWith('/export');
    const foreignSite = isApi && site !== 'same-origin' && site !== 'none';
    if (isApi) reply.header('cache-control', 'no-store');
    if (foreignOrigin || foreignSite) return reply.code(403).send({ message: 'This request comes from another site and was refused.' });
  });
  app.setErrorHandler((thrown: { code?: string; statusCode?: number; message: string }, request, reply) => {
    if (thrown.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
      const message = `The request is larger than ${BODY_LIMIT / 1024 / 1024} MB and was not read; nothing was changed. Send less at once.`;
      return reply.code(413).send({ error: { message, code: -32_600, data: { code: 'PAYLOAD_TOO_LARGE', httpStatus: 413 } } });
    }
    const status = thrown.statusCode ?? 500;
    if (status >= 500) request.log.error(thrown);
    return reply.code(status).send({ message: status < 500 ? thrown.message : 'Something went wrong on the server; its log says what.' });
  });
  app.get('/health', async () => ({ ok: true, version }));
  app.get('/flow.schema.json', async (_request, reply) => reply.type('application/schema+json').send(flowDefinitionJsonSchema()));
  access.mount(app);
  mountExport(app, { records, access });
  void app.register(fastifyTRPCPlugin, {
    prefix: '/trpc',
    trpcOptions: {
      router: appRouter,
      createContext: async ({ req }) => ({ services, actor: await access.actorOf(req) }),
      // A query that is too long for an address is sent as a POST.
      allowMethodOverride: true,
      maxBatchSize: 100,
      onError: ({ error, path, req }: { error: TRPCError; path: string | undefined; req: FastifyRequest }) => {
        if (isTrouble(error)) req.log.error({ err: error.cause ?? error, path }, 'a procedure failed');
      },
    } satisfies FastifyTRPCPluginOptions<AppRouter>['trpcOptions'],
  });
  mountWeb(app, webFolder);
  return app;
}

function mountWeb(app: FastifyInstance, folder: string): void {
  if (!existsSync(join(folder, 'index.html'))) {
    app.get('/', async (_request, reply) => reply.code(503).send({ message: 'The web app is not built; start with npm start.' }));
    return;
  }
  void app.register(fastifyStatic, {
    root: folder,
    cacheControl: false,
    setHeaders: (reply, path) => {
      // File names in assets/ hold a hash of the content. Browsers request other files again, above all index.html.
      reply.setHeader('cache-control', path.startsWith(join(folder, 'assets')) ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.setNotFoundHandler((request, reply) => {
    const isPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
    return isPage ? reply.sendFile('index.html') : reply.code(404).send({ message: 'There is nothing here.' });
  });
}

/** The host names of this machine. A foreign name that resolves to this machine (DNS rebinding) is not in the list. */
function isOwnHost(host: string | undefined, port: number | undefined): boolean {
  const [, given = '80'] = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::(\d+))?$/i.exec(host ?? '') ?? [undefined, ''];
  return Number(given) === port;
}
