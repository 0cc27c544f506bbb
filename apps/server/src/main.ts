// The server: stores, conductor and HTTP in one process.
import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { failureFrom } from '@windlass/engine/task';
import { type Configuration, readConfiguration } from './env.ts';
import { startExampleSite } from './example-site.ts';
import { buildHttp } from './http.ts';
import { openBrowser } from './open-browser.ts';
import { seedExamples } from './seed.ts';
import { startServices } from './services.ts';
import { SessionAccess } from './session-access.ts';

/** The folder of the installation: this file is in apps/server/src, or bundled in apps/server/dist. */
const home = resolve(import.meta.dirname, '../../..');

// Tasks of users run in this process. A task that leaves a rejected promise behind does no harm to the logbook. If the
// rejection ended the server, each start would repeat the task and end again (docs/decisions/0005).
process.on('unhandledRejection', (cause) =>
  warn('A promise was rejected and no code waited for it; probably a task left it behind. Jobs go on', cause),
);

async function main(): Promise<void> {
  const configuration = readConfiguration(home);
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string };
  makeFolders(configuration);
  const { dataFolder, filesFolder, port: wanted } = configuration;
  const site = configuration.examples ? await startExampleSite({ filesFolder, dataFolder, port: wanted === 0 ? 0 : wanted + 1 }) : null;
  const running = await startServices({
    configuration,
    version,
    prismaFolder: join(home, 'prisma'),
    alsoAllow: site ? [site.place] : [],
    warn,
  });
  if (site) {
    const { services } = running;
    const seeding = { services, examplesFolder: join(home, 'examples'), filesFolder, origin: site.origin };
    await running.backends
      .runExclusively('examples', () => seedExamples(seeding))
      .catch((thrown: unknown) => warn('The examples could not be put in place', thrown));
  }
  const cookie = `windlass_${createHash('sha256').update(configuration.databaseUrl).digest('hex').slice(0, 8)}`;
  const access = new SessionAccess({
    sessions: running.backends.sessions,
    cookie,
    person: configuration.person,
    now: running.services.now,
  });
  const app = buildHttp({
    services: running.services,
    records: running.backends.records,
    access,
    webFolder: join(home, 'apps/web/dist'),
    version,
  });

  stopOnSignal(async () => {
    site?.close();
    await app.close();
    await running.bulkRunner.stop();
    await Promise.all([running.notifier.stop(), running.conductor.stop()]);
    await running.flush();
    await running.backends.close();
  });

  try {
    await app.listen({ host: configuration.host, port: configuration.port });
  } catch (cause) {
    await running.bulkRunner.stop();
    await Promise.all([running.notifier.stop(), running.conductor.stop()]);
    await running.backends.close();
    throw cause;
  }
  const { port } = app.server.address() as AddressInfo;
  const host = configuration.host.includes(':') ? `[${configuration.host}]` : configuration.host;
  // Without the one-time path: the path is only for the person who started the server.
  running.notifier.start(`http://${host}:${port}`);
  const address = `http://${host}:${port}${access.path}`;
  console.log(`Windlass is ready: ${address}`);
  if (!configuration.headless && !process.argv.includes('--no-open')) openBrowser(address, configuration.desktop);
}

function warn(text: string, cause?: unknown): void {
  console.error(cause === undefined ? text : `${text}: ${failureFrom(cause).message}`);
}

function makeFolders({ dataFolder, filesFolder }: Configuration): void {
  try {
    for (const folder of [dataFolder, filesFolder]) {
      mkdirSync(folder, { recursive: true });
      accessSync(folder, constants.W_OK);
    }
  } catch (cause) {
    throw new Error(`The data folder ${dataFolder} cannot be written to; choose another with WINDLASS_DATA.`, { cause });
  }
}

/** The first signal ends the server cleanly; running jobs continue after the next start. The second signal ends it at once. */
function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(130);
      stopping = true;
      stop().then(
        () => process.exit(0),
        (thrown: unknown) => fail(thrown),
      );
    });
  }
}

function fail(thrown: unknown): never {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  const port = thrown instanceof Error && 'port' in thrown ? String(thrown.port) : '';
  const text =
    code === 'EADDRINUSE'
      ? `Port ${port} is in use, perhaps by another Windlass. Stop that program, or choose another port: WINDLASS_PORT=4800 npm start`
      : code === 'EACCES' && port !== ''
        ? `Port ${port} is kept for the system; choose one above 1024: WINDLASS_PORT=4700 npm start`
        : thrown instanceof Error
          ? thrown.message
          : String(thrown);
  console.error(`Windlass could not start. ${text}`);
  process.exit(1);
}

main().catch(fail);
