// npm run logbook -- verify | export | rebuild: without a command it prints its usage.
import { join } from 'node:path';
import { install } from './setup.mjs';
import { home, run, speakOn } from './steps.mjs';

// An export may go to standard output.
speakOn(process.stderr);
await install();
const { code } = await run(process.execPath, [
  '--import',
  'tsx',
  join(home, 'apps/server/src/logbook-command.ts'),
  ...process.argv.slice(2),
]);
process.exit(code);
