// Folders as users have them: outside of this workspace, with nothing installed.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inProcessRunner } from '@windlass/engine/ports';
import { TaskError, catalogOf, describeTask } from '@windlass/engine/task';
import { callOf } from '@windlass/engine/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { taskTypes } from '../catalog.ts';
import { loadTaskModules } from './plugin.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'windlass-plugin-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(files: { readonly [name: string]: string }): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, 'own', name)), { recursive: true });
    writeFileSync(join(root, 'own', name), text);
  }
}
const load = (more: { timeoutMs?: number } = {}) =>
  loadTaskModules({ folder: join(root, 'own'), into: join(root, 'made'), builtIn: taskTypes, ...more });

const spec = (type: string, more = '') => `{
  type: '${type}', version: 1, title: 'T', summary: 'S', icon: 'box', group: 'Own',
  input: z.object({ n: z.number().default(1) }), output: z.looseObject({}),
  effects: { kind: 'none' }, repeatable: true, apply: async () => ({}), ${more}
}`;
const head = `import { defineTask } from '@windlass/engine';\nimport { z } from 'zod';\n`;
const module = (type: string, more = '') => `${head}export default defineTask(${spec(type, more)});\n`;

async function apply(type: string) {
  const runner = inProcessRunner({
    catalog: catalogOf(await load()),
    world: {} as never,
    secrets: { resolve: async () => undefined },
    log: () => {},
  });
  return runner.run(callOf({ type }), new AbortController());
}

describe('what a task throws', () => {
  afterEach(() => process.setSourceMapsEnabled(false));

  it("is recorded with the line of the user's own file, as the server runs it (S3)", async () => {
    process.setSourceMapsEnabled(true);
    const thrower = 'interface Order { readonly n: number }\n\nfunction order(): Order {\n  throw new TypeError("no order");\n}\n';
    put({ 'own.ts': `${head}${thrower}export default defineTask(${spec('own.thrower', 'apply: async () => order(),')});` });
    const outcome = await apply('own.thrower');
    expect(outcome).toMatchObject({ kind: 'failed', failure: { message: 'no order', stack: expect.stringMatching(/own\.ts:6:9/) } });
  });
});

describe('what a folder may hold', () => {
  it('loads TypeScript and JavaScript, modules and CommonJS, one type or several, in the order of their names', async () => {
    put({
      'a.ts': `${head}type N = number; const version: N = 1; export default defineTask(${spec('own.a', 'version: version satisfies N,')});`,
      'b.mts': module('own.b'),
      'c.js': module('own.c'),
      'd.mjs': `${head}export default [defineTask(${spec('own.d')}), defineTask(${spec('own.e')})];`,
      'f.cjs': `const { defineTask } = require('@windlass/engine'); const { z } = require('zod'); module.exports = defineTask(${spec('own.f')});`,
      'a.test.ts': 'throw new Error("tests are not loaded");',
      'vitest.config.ts': 'throw new Error("nor is configuration");',
      'types.d.ts': 'declare const x: number;',
      'README.md': '# Own',
      'package.json': '{"type": "module"}',
    });
    expect((await load()).map(({ type }) => type)).toEqual(['own.a', 'own.b', 'own.c', 'own.d', 'own.e', 'own.f']);
  });

  it('gives them the engine and the zod of the server, so that errors and schemas are its own', async () => {
    put({
      'a.ts': `import { TaskError } from '@windlass/engine/task';\n${module('own.a', "async apply() { throw new TaskError('OWN', 'said', { data: { engine: TaskError } }); },")}`,
    });
    const [type] = await load();
    expect(describeTask(type as never).input).toMatchObject({ properties: { n: { type: 'number', default: 1 } } });
    const thrown = await type?.apply({}, {} as never).catch((cause: unknown) => cause);
    expect(thrown).toBeInstanceOf(TaskError);
    expect(await apply('own.a')).toMatchObject({ failure: { code: 'OWN', message: 'said' } });
  });

  it('lets modules share a module, import packages of their own folder and Node, and know where they are', async () => {
    const answer = (text: string) => `async apply() { return { ${text} }; },`;
    put({
      'shared/state.ts': 'export const state = { count: 0 };\nimport type { World } from "@windlass/tasks";\nexport type W = World;',
      'a.ts': `import { state } from './shared/state.ts'; state.count += 1;\n${module('own.a')}`,
      'b.ts': `import { state } from './shared/state.ts'; import { basename } from 'node:path'; import left from 'left'; import old from 'old';
        import { readFileSync } from 'node:fs';
        ${module('own.b', answer("n: state.count, left, old: old.name, file: basename(import.meta.url), text: readFileSync(new URL('./text.txt', import.meta.url), 'utf8')"))}`,
      'text.txt': 'beside it',
      'node_modules/left/package.json': '{"name": "left", "type": "module", "exports": "./index.js"}',
      'node_modules/left/index.js': 'export default "from left";',
      'node_modules/old/package.json': '{"name": "old", "main": "main.js"}',
      'node_modules/old/main.js': 'module.exports = { name: require("./package.json").name };',
    });
    expect(await apply('own.b')).toEqual({
      kind: 'done',
      output: { n: 1, left: 'from left', old: 'old', file: 'b.ts', text: 'beside it' },
    });
  });

  it('a changed module is loaded anew, and what was made of former ones is gone', async () => {
    put({ 'a.ts': module('own.a'), 'b.ts': module('own.b') });
    await load();
    rmSync(join(root, 'own/b.ts'));
    put({ 'a.ts': module('own.changed') });
    writeFileSync(join(root, 'made/old.mjs'), '');
    expect((await load()).map(({ type }) => type)).toEqual(['own.changed']);
    expect(existsSync(join(root, 'made/old.mjs'))).toBe(false);
  });
});

describe('a folder that is not in order is refused with one sentence that names file and cure', () => {
  const cases: readonly (readonly [string, { readonly [name: string]: string }, RegExp])[] = [
    ['a syntax error', { 'a.ts': 'const x = ;\n' }, /a\.ts, line 1, cannot be read: Unexpected ";"\. Mend it, or/],
    [
      'an import that is not there',
      { 'a.ts': `import './gone.ts';\n${module('own.a')}` },
      /a\.ts, line 1, .*Could not resolve ".\/gone.ts"/,
    ],
    ['a package that is not installed', { 'a.ts': `import 'gone';\n${module('own.a')}` }, /a\.ts, line 1, .*Could not resolve "gone"/],
    [
      'a name that the engine does not have',
      { 'a.ts': `import { defineTsk } from '@windlass/engine';\nexport default defineTsk({});` },
      /a\.ts, line \d, .*defineTsk/,
    ],
    ['a module that throws', { 'a.ts': 'throw new Error("no licence");' }, /a\.ts could not be loaded: no licence\. Mend it/],
    [
      'a reversible type without a revert',
      { 'a.ts': module('own.a', "effects: { kind: 'reversible', undo: 'x' },") },
      /a\.ts could not be loaded: Task type own.a says .* no revert/,
    ],
    [
      'a top-level await that never ends',
      { 'a.ts': 'await new Promise(() => {});\nexport default 1;' },
      /a\.ts could not be loaded: it did not finish loading within 300 ms/,
    ],
    ['no default export', { 'a.ts': 'export const x = 1;' }, /a\.ts has no default export; .*folder below/],
    ['something else', { 'a.ts': 'export default 7;' }, /a\.ts its default export is no task type/],
    ['null', { 'a.ts': 'export default null;' }, /a\.ts its default export is no task type/],
    ['an empty array', { 'a.ts': 'export default [];' }, /a\.ts exports an empty array/],
    [
      'a spec without defineTask',
      { 'a.ts': `${head}export default ${spec('own.a')};` },
      /a\.ts the type own\.a has a wrong defaults: .*defineTask/,
    ],
    ['a name in capitals', { 'a.ts': module('Own.A') }, /a\.ts the type Own\.A has a wrong type: must be lower case/],
    ['a version that is no number', { 'a.ts': module('own.a', "version: 'one',") }, /a\.ts the type own\.a has a wrong version/],
    [
      'a name that comes with Windlass',
      { 'a.ts': module('file.write', 'version: 9,') },
      /a\.ts defines the type file\.write, which comes with Windlass/,
    ],
    [
      'the same type in two files',
      { 'a.ts': module('own.a'), 'b.ts': module('own.a') },
      /b\.ts defines own\.a version 1, and so does .*a\.ts; give/,
    ],
    [
      'the same type twice in a file',
      { 'a.ts': `${head}const a = defineTask(${spec('own.a')}); export default [a, a];` },
      /a\.ts defines own\.a version 1 twice; give/,
    ],
    ['no modules', { 'README.md': '' }, /WINDLASS_TASKS=.*own has no task modules/],
    [
      'a good module beside a broken one',
      { 'a.ts': module('own.a'), 'b.ts': 'export default {};' },
      /b\.ts its default export has a wrong type/,
    ],
  ];
  it.each(cases)('%s', async (_, files, words) => {
    put(files);
    const refusal = await load({ timeoutMs: 300 }).catch((cause: unknown) => cause);
    expect(refusal).toBeInstanceOf(Error);
    const { message } = refusal as Error;
    expect(message).toMatch(words);
    expect(message).not.toContain('\n');
    expect(message).not.toContain(join(root, 'made'));
  });

  it('a folder that is not there', async () => {
    await expect(load()).rejects.toThrow(/WINDLASS_TASKS=.*own is not a folder/);
  });
});

describe('R6: the code of a type has a name', () => {
  const shared = 'export const say = (): string => "one"; // a word';
  const using = `import { say } from './shared/say.ts';\n${module('own.a', 'async apply() { return { n: say() }; },')}`;
  const codes = async () => new Map((await load()).map(({ type, code }) => [type, code]));

  it('that changes with the module and with what it imports, and not with another module', async () => {
    put({ 'shared/say.ts': shared, 'a.ts': using, 'b.ts': module('own.b') });
    const first = await codes();
    expect(first.get('own.a')).toMatch(/^[0-9a-f]{16}$/);
    put({
      'b.ts': module('own.b', "title: 'Other',"),
      'c.ts': `import { say } from './shared/say.ts';\n${module('own.c', 'summary: say(),')}`,
    });
    const second = await codes();
    expect(second.get('own.a')).toBe(first.get('own.a'));
    expect(second.get('own.b')).not.toBe(first.get('own.b'));
    put({ 'shared/say.ts': shared.replace('one', 'two') });
    const third = await codes();
    expect(third.get('own.a')).not.toBe(first.get('own.a'));
    expect(third.get('own.b')).toBe(second.get('own.b'));
  });

  it('that no comment, no type and no other place of the folder changes', async () => {
    put({ 'shared/say.ts': shared, 'a.ts': using });
    const first = await codes();
    put({ 'shared/say.ts': '// Says a word.\nexport const say = () => "one";' });
    expect(await codes()).toEqual(first);
    renameSync(join(root, 'own'), join(root, 'moved'));
    const moved = await loadTaskModules({ folder: join(root, 'moved'), into: join(root, 'made'), builtIn: taskTypes });
    expect(moved.map(({ type, code }) => [type, code])).toEqual([...first]);
  });
});
