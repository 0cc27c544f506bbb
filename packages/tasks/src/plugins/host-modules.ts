// The server's own copies of the modules that a user's task modules import. A second copy would bring a second zod,
// whose schemas do not fit, and a second TaskError; and the user's folder would have to have them installed.
import * as engine from '@windlass/engine';
import * as engineTask from '@windlass/engine/task';
import * as zod from 'zod';

type Module = { readonly [name: string]: unknown };

const HOOK = Symbol.for('windlass.modules');
const MODULES: { readonly [specifier: string]: Module } = {
  '@windlass/engine': engine,
  '@windlass/engine/task': engineTask,
  // Types alone are taken from it, and they are gone when it runs.
  '@windlass/tasks': {},
  zod,
  'zod/v4': zod,
};

/** Makes the modules reachable for the text that `hostModule` gives. */
export function lendModules(): void {
  Object.assign(globalThis, { [HOOK]: MODULES });
}

/** The text of a module that hands on the server's copy, or null when the server lends none of that name. */
export function hostModule(specifier: string): string | null {
  const lent = MODULES[specifier];
  if (lent === undefined) return null;
  const names = Object.keys(lent);
  const source = `globalThis[Symbol.for(${JSON.stringify(HOOK.description)})][${JSON.stringify(specifier)}]`;
  // Some are words of the language, such as zod's `null`, hence names of their own and `as`.
  const own = names.map((name, index) => `const e${index} = lent[${JSON.stringify(name)}];`);
  return [`const lent = ${source};`, ...own, `export { ${names.map((name, index) => `e${index} as ${name}`).join(', ')} };`].join('\n');
}
