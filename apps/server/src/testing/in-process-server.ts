// The server inside the test: real stores in a temporary folder, a real conductor, real HTTP on a free port.
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { readConfiguration } from '../env.ts';
import { buildHttp } from '../http.ts';
import { type Running, startServices } from '../services.ts';
import { SessionAccess } from '../session-access.ts';
import { newFolder } from './server-process.ts';

const home = resolve(import.meta.dirname, '../../../..');

export interface InProcessServer extends Running {
  readonly origin: string;
  /** The one-time address. */
  readonly address: string;
  close(): Promise<void>;
}

interface InProcessOptions {
  readonly webFolder?: string;
  readonly environment?: { readonly [name: string]: string };
}

/** With the web app of that folder, or without one. Its notifier is not started. */
export async function startInProcess({ webFolder = '', environment = {} }: InProcessOptions = {}): Promise<InProcessServer> {
  const folder = newFolder();
  const configuration = readConfiguration(home, { WINDLASS_DATA: folder.path, WINDLASS_PERSON: 'Ana', ...environment });
  const warn = (text: string, cause?: unknown) => console.error(text, cause);
  const running = await startServices({ configuration, version: '0.0.0', prismaFolder: resolve(home, 'prisma'), alsoAllow: [], warn });
  const access = new SessionAccess({
    sessions: running.backends.sessions,
    cookie: 'windlass_test',
    person: configuration.person,
    now: running.services.now,
  });
  const app = buildHttp({ services: running.services, records: running.backends.records, access, webFolder, version: '0.0.0' });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  return {
    ...running,
    origin,
    address: `${origin}${access.path}`,
    async close() {
      await app.close();
      await running.bulkRunner.stop();
      await Promise.all([running.notifier.stop(), running.conductor.stop()]);
      await running.flush();
      await running.backends.close();
      folder.remove();
    },
  };
}
