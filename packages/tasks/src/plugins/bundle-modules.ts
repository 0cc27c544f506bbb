// A user's task modules as plain JavaScript that this server can import: TypeScript is transpiled, what they share is
// one module, and the modules that the server lends are its own. Packages that the folder has installed stay where
// they are and are loaded from there.
import { mkdir, readFile, rm } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildFailure, Loader, OnResolveArgs, Plugin } from 'esbuild';
import { hostModule, lendModules } from './host-modules.ts';

const SCRIPT = /\.[cm]?[jt]s$/;
const OWN_LOOK_UP = Symbol('resolved for the plugin itself');

/** Bundles the files into the folder `into`, which is emptied before; answers with the made file of each. Throws an Error of one sentence. */
export async function bundleModules(files: readonly string[], into: string): Promise<ReadonlyMap<string, string>> {
  // Servers without tasks of their own do not pay for it.
  const { build, stop } = await import('esbuild');
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
    const made = Object.entries(metafile.outputs).flatMap(([path, { entryPoint }]) =>
      entryPoint === undefined ? [] : [[resolve(entryPoint), resolve(path)] as const],
    );
    return new Map(made.sort(([one], [other]) => files.indexOf(one) - files.indexOf(other)));
  } catch (cause) {
    throw new Error(sentenceOf(cause), { cause });
  } finally {
    await stop();
  }
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

/** `import.meta` is that of the user's file, not of what was made of it. */
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
