// The only reader of the environment. It checks every value once; a wrong value is reported in one sentence.
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { NOTICE_VARIABLES, type NoticeSettings, noticeSettings } from './notices/settings.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const list = z.string().transform((text) => text.split(/[,\s]+/).filter((one) => one !== ''));
const places = list.pipe(
  z.array(z.string().regex(/^[^\s/:]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i, 'write host:port, such as 127.0.0.1:8080')),
);

const schema = z.object({
  WINDLASS_PORT: port.default(4700),
  WINDLASS_HOST: z.string().default('127.0.0.1'),
  WINDLASS_DATA: z.string().min(1).optional(),
  WINDLASS_DATABASE_URL: z.string().min(1).optional(),
  WINDLASS_FILES: z.string().min(1).optional(),
  WINDLASS_TASKS: z.string().min(1).optional(),
  WINDLASS_HTTP_ALLOW: places.default([]),
  WINDLASS_COMMANDS: z.union([z.enum(['off', 'all']), list]).default('off'),
  WINDLASS_EXAMPLES: z.enum(['on', 'off']).default('on'),
  WINDLASS_PERSON: z.string().trim().min(1).max(100).optional(),
  ...NOTICE_VARIABLES,
});

/** The configuration of a server. */
export interface Configuration {
  readonly port: number;
  readonly host: string;
  readonly dataFolder: string;
  readonly databaseUrl: string;
  readonly filesFolder: string;
  /** The user's own task modules; null for none. */
  readonly tasksFolder: string | null;
  readonly httpAllow: readonly string[];
  readonly commands: 'off' | 'all' | readonly string[];
  readonly examples: boolean;
  readonly person: string;
  readonly notices: NoticeSettings;
  readonly secret: (name: string) => string | undefined;
  /** True where the server must not open a browser. */
  readonly headless: boolean;
  /** The environment for programs that Windlass starts for the person, such as a browser: without the variables of Windlass. */
  readonly desktop: NodeJS.ProcessEnv;
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1', '[::1]']);

/** Reads the configuration; throws an Error with one sentence. `home` is the folder of the installation. */
export function readConfiguration(home: string, environment: NodeJS.ProcessEnv = process.env): Configuration {
  // An empty value means no value: shells and compose files leave variables out in this way.
  const given = Object.fromEntries(Object.entries(environment).filter(([name, value]) => name.startsWith('WINDLASS_') && value !== ''));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const name = String(issue?.path[0]);
    const shown = name in NOTICE_VARIABLES ? name : `${name}=${given[name]}`;
    throw new Error(`${shown} cannot be used: ${issue?.message}.`);
  }
  const env = parsed.data;
  if (!LOOPBACK.has(env.WINDLASS_HOST)) {
    throw new Error(
      `WINDLASS_HOST=${env.WINDLASS_HOST} would let others on the network in, and there are no accounts yet to tell them apart. Leave it at 127.0.0.1 and use a tunnel such as ssh -L.`,
    );
  }
  const dataFolder = resolve(env.WINDLASS_DATA ?? join(home, 'data'));
  return {
    port: env.WINDLASS_PORT,
    host: env.WINDLASS_HOST.replace(/^\[(.*)\]$/, '$1'),
    dataFolder,
    databaseUrl: env.WINDLASS_DATABASE_URL ?? `file:${join(dataFolder, 'windlass.db')}`,
    filesFolder: resolve(env.WINDLASS_FILES ?? join(dataFolder, 'files')),
    tasksFolder: env.WINDLASS_TASKS === undefined ? null : resolve(env.WINDLASS_TASKS),
    httpAllow: env.WINDLASS_HTTP_ALLOW,
    commands: env.WINDLASS_COMMANDS,
    examples: env.WINDLASS_EXAMPLES === 'on',
    person: env.WINDLASS_PERSON ?? nameOfUser(),
    notices: noticeSettings(env),
    secret: (name) => environment[`WINDLASS_SECRET_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`],
    headless:
      environment['CI'] !== undefined || (process.platform === 'linux' && !environment['DISPLAY'] && !environment['WAYLAND_DISPLAY']),
    desktop: Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('WINDLASS_'))),
  };
}

function nameOfUser(): string {
  try {
    return userInfo().username || 'operator';
  } catch {
    return 'operator';
  }
}
