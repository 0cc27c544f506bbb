// npm run conformance -- FILE…: runs files of behaviours observed on TaskFlow against the engine; without a name, those in
// the repository. A path is taken from where the command was given.
import { join, resolve } from 'node:path';
import { install } from './setup.mjs';
import { home, run, speakOn } from './steps.mjs';

speakOn(process.stderr);
await install();
const files = process.argv.slice(2).map((file) => resolve(process.env.INIT_CWD ?? process.cwd(), file));
const { code } = await run(process.execPath, ['--import', 'tsx', join(home, 'conformance/src/main.ts'), ...files]);
process.exit(code);
