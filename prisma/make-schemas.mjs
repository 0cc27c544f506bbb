// Makes the schema of each provider from models.prisma, and the client from them. With --check it only says
// whether the schemas on disk are the ones that the models give.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
export const providers = ['sqlite', 'postgresql'];

/** The schema of one provider: its header, then the models as they are. */
export function schemaFor(provider) {
  const models = readFileSync(join(here, 'models.prisma'), 'utf8');
  return `// Made from ../models.prisma by make-schemas.mjs; change that.

generator client {
  provider     = "prisma-client"
  output       = "../../packages/backends/src/prisma/generated/${provider}"
  moduleFormat = "esm"
}

datasource db {
  provider = "${provider}"
}

${models}`;
}

function schemaFile(provider) {
  return join(here, provider, 'schema.prisma');
}

export function drifted() {
  return providers.filter(
    (provider) => !existsSync(schemaFile(provider)) || readFileSync(schemaFile(provider), 'utf8') !== schemaFor(provider),
  );
}

function generate(provider) {
  // The client needs no schema engine. Naming one that always fails keeps Prisma from downloading it, which
  // would fail without a network; one that succeeds would be worse, as migrations would seem to be applied.
  // Where there is no such program Prisma fetches its engine.
  const failing = ['/bin/false', '/usr/bin/false'].find((path) => existsSync(path));
  const env = { CHECKPOINT_DISABLE: '1', ...(failing === undefined ? {} : { PRISMA_SCHEMA_ENGINE_BINARY: failing }), ...process.env };
  const prisma = join(here, '..', 'node_modules', '.bin', process.platform === 'win32' ? 'prisma.cmd' : 'prisma');
  const done = spawnSync(prisma, ['generate', '--schema', schemaFile(provider)], { env, encoding: 'utf8', cwd: join(here, '..') });
  if (done.status !== 0) throw new Error(`prisma generate failed for ${provider}:\n${done.stdout}${done.stderr}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--check')) {
    const wrong = drifted();
    if (wrong.length > 0) {
      console.error(`The schemas of ${wrong.join(' and ')} are not what prisma/models.prisma gives; run: node prisma/make-schemas.mjs`);
      process.exit(1);
    }
  } else {
    for (const provider of providers) {
      mkdirSync(join(here, provider), { recursive: true });
      writeFileSync(schemaFile(provider), schemaFor(provider));
    }
    for (const provider of providers) generate(provider);
  }
}
