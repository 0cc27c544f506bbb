// npm run bench -- W1 W5: runs the workloads named, all without a name. Set-up speaks on stderr, so that stdout is JSON lines.
import { join } from 'node:path';
import { install } from './setup.mjs';
import { home, run, speakOn } from './steps.mjs';

speakOn(process.stderr);
await install();
const { build } = await import('esbuild');
// Bundled, as the server is: what is measured is the program, not the loader of its sources.
const outfile = join(home, 'bench/dist/main.js');
await build({
  entryPoints: [join(home, 'bench/src/main.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'error',
  external: ['libsql', '@libsql/client'],
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
});
const { code } = await run(process.execPath, [outfile, ...process.argv.slice(2)]);
process.exit(code);
