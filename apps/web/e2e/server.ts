// A real server of the test's own, in a folder of its own, and a browser page that has a session with it.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test as base, type Cookie } from '@playwright/test';

const home = resolve(import.meta.dirname, '../../..');

export class TestServer {
  readonly dataFolder = mkdtempSync(join(tmpdir(), 'windlass-e2e-'));
  address = '';
  readonly #environment: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;

  constructor(environment: NodeJS.ProcessEnv = {}) {
    this.#environment = environment;
  }

  get origin(): string {
    return new URL(this.address).origin;
  }

  get filesFolder(): string {
    return join(this.dataFolder, 'files');
  }

  /** Starts, on the port of the last time if there was one; resolves when it is ready. */
  async start(): Promise<void> {
    const port = this.address === '' ? '0' : new URL(this.address).port;
    const env = {
      ...process.env,
      WINDLASS_DATA: this.dataFolder,
      WINDLASS_PORT: port,
      WINDLASS_PERSON: 'ana',
      WINDLASS_COMMANDS: 'sleep sh',
      ...this.#environment,
    };
    const child = spawn(process.execPath, [join(home, 'apps/server/dist/main.js'), '--no-open'], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.address = await new Promise<string>((ready, failed) => {
      let said = '';
      const listen = (chunk: Buffer) => {
        said += chunk.toString();
        const found = /Windlass is ready: (\S+)/.exec(said);
        if (found?.[1]) ready(found[1]);
      };
      child.stdout?.on('data', listen);
      child.stderr?.on('data', listen);
      child.on('close', () => failed(new Error(`The server ended: ${said}`)));
    });
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.on('close', resolve));
    child.kill(signal);
    await ended;
  }

  remove(): void {
    rmSync(this.dataFolder, { recursive: true, force: true });
  }
}

/** Runs a server with that environment while `use` lasts, and removes its data. */
export async function withServer(
  use: (server: TestServer) => Promise<void>,
  ...environment: ConstructorParameters<typeof TestServer>
): Promise<void> {
  const server = new TestServer(...environment);
  await server.start();
  await use(server);
  await server.stop();
  server.remove();
}

/** Tests of one worker share a server; each gets a page with a session. */
export const test = base.extend<object, { server: TestServer; cookies: Cookie[] }>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from here
    async ({}, use) => {
      await withServer(use);
    },
    { scope: 'worker' },
  ],
  cookies: [
    async ({ server, browser }, use) => {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(server.address);
      await use(await context.cookies());
      await context.close();
    },
    { scope: 'worker' },
  ],
  page: async ({ context, server, cookies }, use) => {
    await context.addCookies(cookies);
    const page = await context.newPage();
    await page.goto(server.origin);
    await use(page);
  },
});

export { expect } from '@playwright/test';
