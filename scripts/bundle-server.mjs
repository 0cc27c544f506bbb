// One file of the server and its packages, so that a start reads one file instead of some hundred.
// Native binaries and packages that load files beside themselves stay outside.
import { join } from 'node:path';
import { build } from 'esbuild';
import { home } from './steps.mjs';

await build({
  entryPoints: [join(home, 'apps/server/src/main.ts')],
  outfile: join(home, 'apps/server/dist/main.js'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  // The sources are on the disk; with them inside, the map would be 13 MB to parse at each start.
  sourcesContent: false,
  logLevel: 'error',
  external: ['libsql', '@libsql/client', 'esbuild'],
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
});
