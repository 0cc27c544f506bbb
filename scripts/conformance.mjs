// npm run conformance -- FILE…: runs files of behaviours observed on TaskFlow against the engine; without a name, those in
// the repository. A path is taken from where the command was given.
// npm run conformance -- --cel: measures the expressions against CEL's public conformance data instead.
import { join, resolve } from 'node:path';
import { install } from './setup.mjs';
import { home, run, speakOn } from './steps.mjs';

speakOn(process.stderr);
await install();
const given = process.argv.slice(2);
const files = given.filter((one) => one !== '--cel').map((file) => resolve(process.env.INIT_CWD ?? process.cwd(), file));
const main = given.includes('--cel') ? 'conformance/src/cel/main.ts' : 'conformance/src/main.ts';
const { code } = await run(process.execPath, ['--import', 'tsx', join(home, main), ...files]);
process.exit(code);
