// A user's task modules as plain JavaScript that this server can import: TypeScript is transpiled, modules that they share are
// bundled once, and modules of the server are shared with it. Packages that the folder has installed stay where
// they are and are loaded from there.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildFailure, Loader, Metafile, OnResolveArgs, Plugin, transform as Transforming } from 'esbuild';
import { hostModule, lendModules } from './host-modules.ts';

const SCRIPT = /\.[cm]?[jt]s$/;
type Transform = typeof Transforming;

const OWN_LOOK_UP = Symbol('resolved for the plugin itself');

export interface Bundled {
  /** The file that was made of the module. */
  readonly path: string;
  /** Identifies the code of the module and of its imports from the folder; packages in node_modules are not part of it. */
  readonly code: string;
}

/** Bundles the files into the folder `into`, which is emptied before; answers with the result for each. Throws an Error of one sentence. */
export async function bundleModules(files: readonly string[], into: string): Promise<ReadonlyMap<string, Bundled>> {
  // Servers without tasks of their own do not pay for it.
  const { build, stop, transform } = await import('esbuild');
  lendModules();
  await rm(into, { recursive: true, force: true });
  await mkdir(into, { recursive: true });
  try {
    const { metafile } = await build({
      entryPoints: [...files],
      outdir: into,
      // A changed module has another name, as a process never loads a name twice.
      entryNames: '[name]-[hash]',
      metafile: true,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      // A failure shows the lines of the user's file; the sources themselves are on the disk.
      sourcemap: 'linked',
      sourcesContent: false,
      logLevel: 'silent',
      define: Object.fromEntries(['url', 'dirname', 'filename'].map((name) => [`import.meta.${name}`, `__own_${name}`])),
      banner: { js: requireOf(files) },
      plugins: [lentByTheServer, installedByTheUser, knowsItsPlace],
    });
    const entries = Object.entries(metafile.outputs).flatMap(([path, { entryPoint }]) =>
      entryPoint === undefined ? [] : [{ file: resolve(entryPoint), path }],
    );
    entries.sort((one, other) => files.indexOf(one.file) - files.indexOf(other.file));
    const made = new Map<string, Bundled>();
    for (const { file, path } of entries)
      made.set(file, { path: resolve(path), code: await codeOf(path, { outputs: metafile.outputs, transform }) });
    return made;
  } catch (cause) {
    throw new Error(sentenceOf(cause), { cause });
  } finally {
    await stop();
  }
}

/**
 * A hash of the module and of all files that it imports from the folder. Comments, types, other modules and the place of
 * the folder do not change it.
 */
async function codeOf(entry: string, { outputs, transform }: { outputs: Metafile['outputs']; transform: Transform }): Promise<string> {
  const made = new Set([entry]);
  for (const path of made) for (const { path: imported, external } of outputs[path]?.imports ?? []) if (!external) made.add(imported);
  const sources = [...made].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {})).filter((path) => !path.startsWith('windlass:'));
  const folder = dirname(resolve(outputs[entry]?.entryPoint ?? ''));
  const hash = createHash('sha256');
  for (const source of sources.sort()) {
    const text = await readFile(source, 'utf8');
    const loader: Loader = /\.[cm]?ts$/.test(source) ? 'ts' : 'js';
    const bare = SCRIPT.test(source) ? (await transform(text, { loader, minifyWhitespace: true, legalComments: 'none' })).code : text;
    hash
      .update(relative(folder, resolve(source)))
      .update('\0')
      .update(bare)
      .update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

/** CommonJS among the user's files asks for `require`, which a module has not. */
function requireOf([first = '/']: readonly string[]): string {
  return `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(${JSON.stringify(pathToFileURL(first).href)});`;
}

const lentByTheServer: Plugin = {
  name: 'lent by the server',
  setup(build) {
    build.onResolve({ filter: /^(@windlass\/|zod)/ }, ({ path }) => (hostModule(path) === null ? null : { path, namespace: 'windlass' }));
    build.onLoad({ filter: /.*/, namespace: 'windlass' }, ({ path }) => ({ contents: hostModule(path) ?? '', loader: 'js' }));
  },
};

const installedByTheUser: Plugin = {
  name: 'installed by the user',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, async ({ path, kind, importer, resolveDir, pluginData }: OnResolveArgs) => {
      if (kind === 'entry-point' || pluginData === OWN_LOOK_UP || isBuiltin(path)) return null;
      const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: OWN_LOOK_UP });
      const isPackage = /[\\/]node_modules[\\/]/.test(found.path) && /\.[cm]?js$/.test(found.path);
      if (!isPackage || found.errors.length > 0) return found;
      return { path: kind.startsWith('require') ? found.path : pathToFileURL(found.path).href, external: true };
    });
  },
};

/** `import.meta` is that of the user's file, not that of the bundle. */
const knowsItsPlace: Plugin = {
  name: 'knows its place',
  setup(build) {
    build.onLoad({ filter: SCRIPT, namespace: 'file' }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      if (!text.includes('import.meta')) return null;
      const place = { url: pathToFileURL(path).href, dirname: dirname(path), filename: path };
      const own = Object.entries(place).map(([name, value]) => `const __own_${name} = ${JSON.stringify(value)};`);
      const loader: Loader = /\.[cm]?ts$/.test(path) ? 'ts' : 'js';
      // On one line with the first, so that line numbers stay.
      return { contents: `${own.join(' ')} ${text}`, loader, resolveDir: dirname(path) };
    });
  },
};

function sentenceOf(cause: unknown): string {
  const [first] = (cause as Partial<BuildFailure>).errors ?? [];
  if (first === undefined) return `The task modules could not be prepared: ${cause instanceof Error ? cause.message : String(cause)}`;
  const { text, location } = first;
  const place = location === null ? '' : `${resolve(location.file)}, line ${location.line}, `;
  return `The task module ${place}cannot be read: ${text}. Mend it, or take it out of the folder.`;
}
