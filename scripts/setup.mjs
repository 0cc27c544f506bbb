// Everything between a bare clone and a program that runs: install, generate, build. What is fresh is skipped.
import { bin, run, stepUnlessFresh } from './steps.mjs';

/** pnpm at a known version, without installing it; 11 refuses Node 20, and corepack trips over signatures. */
const PNPM = ['--yes', 'pnpm@12.21.0'];

export async function install() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Error(`Windlass needs Node 20.19 or newer; this is ${process.version}. Install a newer one from nodejs.org.`);
  }
  await stepUnlessFresh(
    'Installing packages',
    { name: 'install', inputs: ['pnpm-lock.yaml', 'pnpm-workspace.yaml'], result: 'node_modules/.modules.yaml' },
    () => run('npx', [...PNPM, 'install', '--frozen-lockfile', '--reporter=append-only'], { quiet: true, env: { CI: 'true' } }),
  );
  await stepUnlessFresh(
    'Generating the database client',
    {
      name: 'generate',
      inputs: ['prisma/models.prisma', 'prisma/make-schemas.mjs', 'pnpm-lock.yaml'],
      result: 'packages/backends/src/prisma/generated/sqlite/client.ts',
    },
    () => run(process.execPath, ['prisma/make-schemas.mjs'], { quiet: true }),
  );
}

export async function build() {
  await stepUnlessFresh(
    'Building the web app',
    {
      name: 'web',
      inputs: [
        'apps/web/src',
        'apps/web/public',
        'apps/web/index.html',
        'apps/web/vite.config.ts',
        'packages/engine/src',
        'packages/api/src',
        'pnpm-lock.yaml',
      ],
      result: 'apps/web/dist/index.html',
    },
    () => run(bin('vite'), ['build', 'apps/web', '--logLevel', 'warn'], { quiet: true }),
  );
  await stepUnlessFresh(
    'Bundling the server',
    {
      name: 'server',
      inputs: [
        'apps/server/src',
        'packages',
        'prisma/models.prisma',
        'prisma/make-schemas.mjs',
        'scripts/bundle-server.mjs',
        'pnpm-lock.yaml',
      ],
      result: 'apps/server/dist/main.js',
    },
    () => run(process.execPath, ['scripts/bundle-server.mjs'], { quiet: true }),
  );
}

/** Installs, generates and builds; ends the process with one sentence when something fails. */
export async function setUp({ builds = true } = {}) {
  try {
    await install();
    if (builds) await build();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
