// npm start: sets up what is missing, then runs the server until a signal stops it.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setUp } from './setup.mjs';
import { home } from './steps.mjs';

const { ppid } = process;
await setUp();
const server = spawn(process.execPath, ['--enable-source-maps', join(home, 'apps/server/dist/main.js'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
// A terminal sends Ctrl-C to the server itself, and a second one would end it unready; a supervisor signals only this process.
process.on('SIGINT', () => process.stdin.isTTY || server.kill('SIGINT'));
process.on('SIGTERM', () => server.kill('SIGTERM'));
// npm passes SIGTERM to its shell alone, which dies of it and passes it to no process: a supervisor would leave a server behind.
// Told once, for the second signal ends the server at once.
const orphaned = setInterval(() => {
  if (process.ppid === ppid || !process.env.npm_lifecycle_event) return;
  clearInterval(orphaned);
  server.kill('SIGTERM');
}, 500).unref();
server.on('close', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
