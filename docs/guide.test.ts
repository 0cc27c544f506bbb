// The code of the guides: written into a folder as its reader would have it, linked as the guide says, type-checked,
// loaded as the server loads it, and its tests run.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTaskModules, taskTypes } from '../packages/tasks/src/index.ts';

const home = resolve(import.meta.dirname, '..');
const guides = join(import.meta.dirname, 'guide');

interface Block {
  readonly language: string;
  readonly text: string;
}

function blocksOf(guide: string): Block[] {
  const text = readFileSync(join(guides, guide), 'utf8');
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', body = '']) => ({ language, text: body }));
}

/** The first line of a block of TypeScript says which file it is. */
function fileOf({ text }: Block): string {
  return /^\/\/ (\S+\.ts)\n/.exec(text)?.[1] ?? '';
}

const withCode = readdirSync(guides).filter((guide) => guide.endsWith('.md') && blocksOf(guide).some(({ language }) => language === 'ts'));

it('every guide stands in the index, and what the index links to is there', () => {
  const index = readFileSync(join(guides, 'README.md'), 'utf8');
  const linked = [...index.matchAll(/\]\((\S+\.md)\)/g)].map(([, name]) => name);
  expect(linked.sort()).toEqual(readdirSync(guides).filter((name) => name !== 'README.md'));
  expect(withCode).toContain('write-a-task.md');
});

describe.each(withCode)('%s', (guide) => {
  const blocks = blocksOf(guide);
  const scripts = blocks.filter(({ language }) => language === 'ts');
  const names = scripts.map(fileOf);
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'windlass-guide-'));
    for (const [index, { text }] of scripts.entries()) writeFileSync(join(folder, names[index] ?? ''), text);
    const links = blocks.find(({ language, text }) => language === 'sh' && text.includes('ln -s'));
    if (links !== undefined) execFileSync('sh', ['-ec', links.text], { cwd: folder, env: { PATH: process.env['PATH'], WINDLASS: home } });
    // What a reader has besides: Node's types, and a TypeScript loader for the tests.
    symlinkSync(join(home, 'node_modules/@types'), join(folder, 'node_modules/@types'));
    symlinkSync(join(home, 'node_modules/tsx'), join(folder, 'node_modules/tsx'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('each block of TypeScript says which file it is', () => {
    expect(names.filter((name) => name === '')).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('its code has the right types', () => {
    const config = {
      extends: join(home, 'tsconfig.base.json'),
      compilerOptions: { typeRoots: ['node_modules/@types'] },
      include: ['*.ts'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    expect(outputOf(join(home, 'node_modules/.bin/tsc'), ['-p', folder], folder)).toBe('');
  });

  it('its task modules are loaded by a server', async () => {
    const into = mkdtempSync(join(tmpdir(), 'windlass-guide-made-'));
    const types = await loadTaskModules({ folder, into, builtIn: taskTypes }).finally(() => rmSync(into, { recursive: true }));
    expect(types.map(({ type }) => `${type.replace('.', '-')}.ts`)).toEqual(names.filter((name) => !name.includes('.test.')).sort());
  });

  // The guide says what is answered when the lines that make apply repeatable are left out.
  it.runIf(guide === 'write-a-task.md')('a fault is told in the words that the guide quotes', () => {
    const sound = readFileSync(join(folder, 'licence-take.ts'), 'utf8');
    const faulty = sound.replace(/ {4}const mine = [^\n]*\n {4}if [^\n]*return \{ licence: mine \};\n/, '');
    const words = /check reports \*(.*?)\*/.exec(readFileSync(join(guides, guide), 'utf8'))?.[1];
    expect(faulty).not.toBe(sound);
    writeFileSync(join(folder, 'licence-take.ts'), faulty);
    const output = outputOf('sh', ['-ec', commands[0]?.text ?? ''], folder);
    writeFileSync(join(folder, 'licence-take.ts'), sound);
    expect(output).toContain(words);
  });

  const commands = blocks.filter(({ language, text }) => language === 'sh' && text.includes('--test'));
  it.each(commands.map(({ text }) => [text.trim()]))('%s', (command) => {
    expect(outputOf('sh', ['-ec', command], folder)).toMatch(/# pass [1-9]\d*\n# fail 0/);
  });
});

/** What a command printed, also when it failed: that is what the reader of a failed test wants to see. */
function outputOf(command: string, args: readonly string[], cwd: string): string {
  try {
    // Without the test runner's own variables: Node's would print for its parent.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    return execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (failed) {
    const { stdout, stderr } = failed as { readonly stdout: string; readonly stderr: string };
    return `failed: ${stdout}${stderr}`;
  }
}
