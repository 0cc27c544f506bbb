// npm run dev: server and web app from their sources, both reloading on change.
import { spawn } from 'node:child_process';
import { setUp } from './setup.mjs';
import { bin, home } from './steps.mjs';

await setUp({ builds: false });
const children = [
  spawn(process.execPath, ['--watch', '--import', 'tsx', 'apps/server/src/main.ts', '--no-open'], { cwd: home, stdio: 'inherit' }),
  spawn(bin('vite'), ['apps/web', '--clearScreen', 'false'], { cwd: home, stdio: 'inherit' }),
];
console.log('Open the address that the server prints once, then http://127.0.0.1:5173 for the reloading web app.');
const stop = () => children.forEach((child) => child.kill('SIGTERM'));
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
await Promise.race(children.map((child) => new Promise((ended) => child.on('close', ended))));
stop();
