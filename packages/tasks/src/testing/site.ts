// A real, temporary world for tests of task types: a folder, a client that may reach the test's own servers, and the
// runner that the engine uses. A test applies a type, reverts it, and compares pictures of the folder.
import { lstatSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { type IncomingMessage, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { type SignOfLife, type TaskOutcome, inProcessRunner } from '@windlass/engine/ports';
import { type Failure, type Json, type JsonObject, catalogOf } from '@windlass/engine/task';
import { taskTypes } from '../catalog.ts';
import { FilesRoot, type UnpackLimits } from '../files/files-root.ts';
import { HttpClient } from '../network/http-client.ts';
import type { CommandPolicy, World } from '../world.ts';

export interface TestWorldOptions {
  /** Hosts that may be private. */
  readonly allow?: readonly string[];
  readonly commands?: CommandPolicy;
  readonly limits?: UnpackLimits;
  /** A folder that is there already, of a world that another process began. */
  readonly root?: string;
}

export interface CallOptions {
  readonly attempt?: number;
  /** When the attempt was first started; a repeated attempt has the same. */
  readonly startedAt?: number;
  readonly signal?: AbortSignal;
}

/** One attempt: how apply went, and its revert, which may be told of another end than apply had. */
export interface Attempt {
  readonly outcome: TaskOutcome;
  readonly output: JsonObject;
  readonly code: string | undefined;
  revert(as?: { output?: Json | null; failure?: Failure | null; drift?: string }): Promise<TaskOutcome>;
  /** What no longer looks as it was left, in words; null when nothing does. */
  check(): Promise<Json>;
}

export interface TestWorld {
  readonly root: string;
  readonly world: World;
  readonly lines: string[];
  /** What calls have said of themselves. */
  readonly signs: SignOfLife[];
  /** A path in the folder. */
  at(path: string): string;
  /** The folder as a list, without what tasks keep for themselves. */
  picture(): string[];
  apply(type: string, input: JsonObject, options?: CallOptions): Promise<Attempt>;
  /** A revert without an apply before it in this process: as after a crash. */
  revert(type: string, input: JsonObject, options?: CallOptions & { output?: Json; failure?: Failure }): Promise<TaskOutcome>;
  close(): void;
}

const STARTED = 1_700_000_000_000;

export function testWorld({
  allow = [],
  commands = 'off',
  limits,
  root = mkdtempSync(join(tmpdir(), 'windlass-tasks-')),
}: TestWorldOptions = {}): TestWorld {
  const world: World = { files: new FilesRoot(root, limits), http: new HttpClient(allow), commands };
  const lines: string[] = [];
  const signs: SignOfLife[] = [];
  const runner = inProcessRunner({
    catalog: catalogOf(taskTypes),
    world,
    secrets: { resolve: async () => undefined },
    log: ({ text }) => void lines.push(text),
  });
  const call = (
    kind: 'apply' | 'revert' | 'check',
    order: { type: string; input: JsonObject; output: Json | null; failure: Failure | null; drift?: string },
    options: CallOptions,
  ) => {
    const { attempt = 1, startedAt = STARTED, signal = new AbortController().signal } = options;
    const idempotencyKey = `job/atom/${attempt}${kind === 'apply' ? '' : `/${kind}`}`;
    return runner.run(
      {
        ...order,
        kind,
        job: 'job',
        atom: 'atom',
        attempt,
        typeVersion: 1,
        secrets: {},
        idempotencyKey,
        startedAt,
        stage: null,
        prior: null,
        byApply: false,
      },
      { signal },
      (sign) => void signs.push(sign),
    );
  };
  return {
    root,
    world,
    lines,
    signs,
    at: (path) => join(root, path),
    picture: () => picture(root),
    async apply(type, input, options = {}) {
      const outcome = await call('apply', { type, input, output: null, failure: null }, options);
      const ended =
        outcome.kind === 'done'
          ? { output: outcome.output, failure: null }
          : { output: null, failure: outcome.kind === 'failed' ? outcome.failure : null };
      const { signal: _, ...later } = options;
      return {
        outcome,
        output: (ended.output ?? {}) as JsonObject,
        code: ended.failure?.code,
        revert: (as = {}) => call('revert', { type, input, ...ended, ...as }, later),
        async check() {
          const checked = await call('check', { type, input, ...ended }, later);
          return checked.kind === 'done' ? checked.output : checked.kind;
        },
      };
    },
    revert: (type, input, { output = null, failure, ...options } = {}) =>
      call('revert', { type, input, output, failure: failure ?? null }, options),
    close: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Names, kinds, permissions and contents, so that two worlds can be compared. */
function picture(folder: string, under = ''): string[] {
  return readdirSync(folder)
    .filter((name) => name !== '.windlass')
    .sort()
    .flatMap((name) => {
      const full = join(folder, name);
      const shown = join(under, name);
      const stat = lstatSync(full);
      if (stat.isSymbolicLink()) return [`${shown} -> ${readlinkSync(full)}`];
      if (stat.isDirectory()) return [`${shown}/`, ...picture(full, shown)];
      return [`${shown} ${(stat.mode & 0o7777).toString(8)} = ${readFileSync(full, 'utf8').slice(0, 40)}`];
    });
}

export interface Heard {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}
export interface Reply {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

/** A real server on loopback that keeps what it hears; `answer` may be replaced, and may never answer. */
export interface TestSite {
  readonly origin: string;
  readonly host: string;
  readonly heard: Heard[];
  answer: (heard: Heard) => Reply | Promise<Reply>;
  close(): void;
}

export async function testSite(): Promise<TestSite> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    void textOf(request)
      .then(async (body) => {
        const one = { method: request.method ?? '', url: request.url ?? '', body, headers: request.headers };
        heard.push(one);
        const { status, body: text, headers } = await site.answer(one);
        response.writeHead(status, headers).end(text);
      })
      .catch(() => request.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const site: TestSite = {
    origin: `http://${host}`,
    host,
    heard,
    answer: () => ({ status: 200, body: 'ok' }),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return site;
}
