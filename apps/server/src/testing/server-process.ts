// The server as people run it: a process of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const home = resolve(import.meta.dirname, '../../../..');

export class ServerProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  out = '';
  errors = '';

  /** From its sources; `bundled`: as npm start runs it. */
  constructor(environment: { readonly [name: string]: string }, { bundled = false }: { readonly bundled?: boolean } = {}) {
    const program = bundled ? [join(home, 'apps/server/dist/main.js')] : ['--import', 'tsx', join(home, 'apps/server/src/main.ts')];
    this.child = spawn(process.execPath, [...program, '--no-open'], {
      cwd: home,
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', CI: 'true', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      this.out += chunk;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      this.errors += chunk;
    });
    this.ended = new Promise((done) => this.child.on('close', done));
  }

  /** The address that it prints when it is ready. */
  async ready(): Promise<string> {
    let over = false;
    void this.ended.then(() => {
      over = true;
    });
    for (;;) {
      const address = /^Windlass is ready: (\S+)$/m.exec(this.out)?.[1];
      if (address !== undefined) return address;
      if (over) throw new Error(`The server ended before it was ready: ${this.errors}`);
      await new Promise((done) => setTimeout(done, 10));
    }
  }

  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }
}

/** A folder of one test, and the way to remove it. */
export function newFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'windlass-server-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A port without a listener. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.on('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
