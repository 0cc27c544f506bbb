// Loads a user's own task types: every script in a folder is a module whose default export is a task type, or an array
// of them, made by defineTask. Their code runs in the server's process, with all that the server may do.
//
// 1. All or nothing: with half a catalogue running jobs would fail with TASK_TYPE_ABSENT, so a fault of one
//    module is thrown, as one sentence that names the file and the cure, and the server does not start.
// 2. A name of a built-in type is not taken over, in any version: flows that were drawn with it mean the built-in.
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type TaskType, describeTask } from '@windlass/engine/task';
import { z } from 'zod';
import { bundleModules } from './bundle-modules.ts';
import type { World } from '../world.ts';

export interface PluginOrder {
  /** The user's folder. Files in its subfolders are loaded only if a module imports them. */
  readonly folder: string;
  /** A folder of the server's own for the bundles; it is emptied. */
  readonly into: string;
  /** The types that come with Windlass. */
  readonly builtIn: readonly TaskType<World>[];
  /** How long a module may take to load; 30 s if not given. */
  readonly timeoutMs?: number;
}

const MODULE = /\.[cm]?[jt]s$/;
/** Files that may stand beside the modules: tests, configuration, declarations. */
const BESIDE = /\.(test|spec|config|d)\.[cm]?[jt]s$/;
const CURE = 'Mend it, or take it out of the folder.';

/** The task types of a folder, by file name. Throws an Error of one sentence. */
export async function loadTaskModules({ folder, into, builtIn, timeoutMs = 30_000 }: PluginOrder): Promise<readonly TaskType<World>[]> {
  const files = await moduleFiles(resolve(folder));
  const made = await bundleModules(files, into);
  const owners = new Map<string, string>();
  const reserved = new Set(builtIn.map(({ type }) => type));
  const types: TaskType<World>[] = [];
  for (const [file, bundled] of made) {
    for (const type of typesIn(await load(file, bundled.path, timeoutMs), file)) {
      const key = `${type.type} version ${type.version}`;
      const owner = owners.get(key);
      if (reserved.has(type.type)) {
        throw new Error(`The task module ${file} defines the type ${type.type}, which comes with Windlass; give it a name of your own.`);
      }
      if (owner !== undefined) {
        const where = owner === file ? ' twice' : `, and so does ${owner}`;
        throw new Error(`The task module ${file} defines ${key}${where}; give one of them another name or version.`);
      }
      owners.set(key, file);
      types.push({ ...type, code: bundled.code });
    }
  }
  return types;
}

async function moduleFiles(folder: string): Promise<string[]> {
  const isFolder = await stat(folder).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new Error(`WINDLASS_TASKS=${folder} is not a folder; give the folder that your task modules are in.`);
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => !entry.isDirectory() && MODULE.test(entry.name) && !BESIDE.test(entry.name) && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
  if (names.length === 0) {
    throw new Error(`WINDLASS_TASKS=${folder} has no task modules (.ts or .js files right in it); give another folder, or leave it out.`);
  }
  return names.map((name) => join(folder, name));
}

async function load(file: string, bundled: string, timeoutMs: number): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not finish loading within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    const module = (await Promise.race([import(/* @vite-ignore */ pathToFileURL(bundled).href), late])) as { readonly default?: unknown };
    return module.default;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The task module ${file} could not be loaded: ${why.split('\n')[0]}. ${CURE}`, { cause });
  } finally {
    clearTimeout(timer);
  }
}

const words = z.string().trim().min(1);
const method = z.custom((value) => typeof value === 'function', 'must be a function');
const schema = z.custom((value) => value instanceof z.ZodObject, 'must be a z.object()');
/** The fields by which a result of defineTask is recognised. */
const shape = z.object({
  type: z.string().regex(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*$/, 'must be lower case words with dots, such as dns.record'),
  version: z.int().min(1),
  title: words,
  summary: words,
  icon: words,
  group: words,
  input: schema,
  output: schema,
  defaults: z.custom((value) => typeof value === 'object' && value !== null, 'is missing: make it with defineTask'),
  effects: z.custom((value) => typeof value === 'object' && value !== null, 'must be given'),
  apply: method,
});

function typesIn(exported: unknown, file: string): readonly TaskType<World>[] {
  if (exported === undefined) {
    throw new Error(
      `The task module ${file} has no default export; export default defineTask({...}), or put what is no task type into a folder below.`,
    );
  }
  const types: readonly unknown[] = Array.isArray(exported) ? exported : [exported];
  if (types.length === 0) throw new Error(`The task module ${file} exports an empty array. ${CURE}`);
  for (const [index, type] of types.entries()) {
    const issue = shape.safeParse(type).error?.issues[0];
    const name = (type as { readonly type?: unknown } | null)?.type;
    const which =
      typeof name === 'string' ? `the type ${name}` : Array.isArray(exported) ? `number ${index + 1} of its array` : 'its default export';
    if (issue !== undefined) {
      const what =
        issue.path.length === 0 ? 'is no task type made with defineTask' : `has a wrong ${issue.path.join('.')}: ${issue.message}`;
      throw new Error(`In the task module ${file} ${which} ${what}. ${CURE}`);
    }
    try {
      JSON.stringify(describeTask(type as TaskType<never>));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`In the task module ${file} ${which} has schemas that cannot be shown as JSON Schema: ${why}. ${CURE}`, { cause });
    }
  }
  return types as readonly TaskType<World>[];
}
