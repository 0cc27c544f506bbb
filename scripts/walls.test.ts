// Each wall is shown to catch something: in a copy of the workspace a violation is planted behind every one, and the
// rule must name it. A tool that reads no file finds nothing wrong either; only a planted fault shows the difference.
import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyWorkspace, type PlantedCopy } from './planted-copy.ts';

const home = resolve(import.meta.dirname, '..');
const run = promisify(execFile);

/** Rule, where the violation stands, and what it says. */
const planted: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['no-cycles', 'packages/engine/src/planted-a.ts', "import { b } from './planted-b.ts';\nexport const a = () => b;\n"],
  ['engine-has-no-node', 'packages/engine/src/planted-node.ts', "import 'node:fs';\n"],
  ['engine-knows-only-its-libraries', 'packages/engine/src/planted-room.ts', "import '../../tasks/src/index.ts';\n"],
  ['tasks-know-only-the-engine', 'packages/tasks/src/planted.ts', "import '../../backends/src/index.ts';\n"],
  ['backends-know-only-the-engine', 'packages/backends/src/planted.ts', "import '../../tasks/src/index.ts';\n"],
  ['api-answers-only', 'packages/api/src/planted.ts', "import '../../backends/src/index.ts';\n"],
  ['prisma-only-in-backends', 'apps/server/src/planted.ts', "import 'libsql';\n"],
  ['web-imports-no-server-code', 'apps/web/src/planted-server.ts', "import '../../server/src/env.ts';\n"],
  ['web-sees-definitions-and-runs', 'apps/web/src/planted-ports.ts', "import '@windlass/engine/ports';\n"],
  ...['graph', 'state', 'values', 'plan', 'decide'].map(
    (room) =>
      [
        `run-${room}-knows-only-what-is-below`,
        `packages/engine/src/run/${room}/planted.ts`,
        `import '../${room === 'decide' ? 'acts/act' : 'decide/turn'}.ts';\n`,
      ] as const,
  ),
  ['definitions-know-no-run', 'packages/engine/src/definition/planted.ts', "import '../run/decide.ts';\n"],
  ['core-knows-no-board', 'packages/engine/src/logbook/planted.ts', "import '../board/job-board.ts';\n"],
  ['board-knows-no-conductor', 'packages/engine/src/board/planted.ts', "import '../conductor/conductor.ts';\n"],
  ['top-rooms-of-the-engine-are-strangers', 'packages/engine/src/operate/planted.ts', "import '../conductor/conductor.ts';\n"],
  [
    'web-takes-only-types-of-the-api',
    'apps/web/src/planted-api.ts',
    "import { appRouter } from '@windlass/api';\nexport const used = appRouter;\n",
  ],
  ['features-are-strangers', 'apps/web/src/features/home/planted.ts', "import '../jobs/jobs-screen.tsx';\n"],
  ['parts-know-no-feature', 'apps/web/src/ui/planted.ts', "import '../features/jobs/jobs-screen.tsx';\n"],
  ['nothing-imports-shell', 'apps/web/src/features/home/planted-shell.ts', "import '../../shell/frame.tsx';\n"],
  ['no-package-imports-an-app', 'packages/api/src/planted-app.ts', "import '../../../apps/server/src/env.ts';\n"],
  ['the-product-stands-without-its-workshop', 'packages/api/src/planted-bench.ts', "import '../../../bench/src/figures.ts';\n"],
  ['conformance-knows-only-the-engine', 'conformance/src/planted.ts', "import '../../packages/backends/src/index.ts';\n"],
  ['bench-measures-engine-and-backends', 'bench/src/planted.ts', "import '../../packages/tasks/src/index.ts';\n"],
  ['scripts-start-programs', 'scripts/planted.mjs', "import '../packages/engine/src/json.ts';\n"],
  ['scripts-begin-with-node-alone', 'scripts/planted-early.mjs', "import 'esbuild';\n"],
  ['resolvable', 'packages/api/src/planted-nowhere.ts', "import './not-there.ts';\n"],
];
/** The other half of the cycle, which is reported once. */
const half = ['packages/engine/src/planted-b.ts', "import { a } from './planted-a.ts';\nexport const b = () => a;\n"] as const;

/** The name of a lint rule, and a line that breaks it. The lines are planted in one file of the engine. */
const lines: readonly (readonly [complaint: string, line: string])[] = [
  ['noExplicitAny', 'export const loose: any = 1;'],
  ['noNonNullAssertion', 'export const sure = (x: number | null) => x!;'],
  ['variable Date', 'export const now = () => new Date();'],
  ['variable setTimeout', 'export const later = () => setTimeout(now, 1);'],
  ['variable setInterval', 'export const often = () => setInterval(now, 1);'],
  ['variable crypto', 'export const id = () => crypto.randomUUID();'],
  ['variable performance', 'export const since = () => performance.now();'],
  ['variable process', 'export const where = () => process.cwd();'],
  ['variable fetch', "export const get = () => fetch('/');"],
];
const lintFile = 'packages/engine/src/planted-lint.ts';

let copy: PlantedCopy;
const outputOf = async (command: string, args: string[]): Promise<string> => {
  const { stdout, stderr } = await run(command, args, { cwd: copy.folder, maxBuffer: 64_000_000 }).catch(
    (failed: { stdout: string; stderr: string }) => failed,
  );
  return stdout + stderr;
};
const bin = (name: string) => join(home, 'node_modules/.bin', name);

beforeAll(() => {
  copy = copyWorkspace();
  copy.plant(...half);
  for (const [, file, text] of planted) copy.plant(file, text);
  copy.plant(lintFile, `${lines.map(([, line]) => line).join('\n')}\n`);
  copy.plant('packages/engine/src/planted-long.ts', '// one more\n'.repeat(401));
  copy.plant('packages/engine/src/planted-long.test.ts', '// one more\n'.repeat(600));
  copy.plant('packages/engine/src/planted-lots.ts', 'export const lot = () => Math.random();\n');
  copy.plant('packages/engine/src/planted-global.ts', 'export const now = () => new globalThis.Date();\n');
});

afterAll(() => copy.remove());

describe('between the rooms', () => {
  let found: string;
  beforeAll(async () => {
    const rooms = ['packages', 'apps', 'bench', 'conformance', 'scripts'];
    const cruise = await outputOf(bin('depcruise'), [...rooms, '--config', '.dependency-cruiser.cjs', '--output-type', 'json']);
    const { summary } = JSON.parse(cruise) as { summary: { violations: { rule: { name: string }; from: string }[] } };
    found = summary.violations.map(({ rule, from }) => `${rule.name} ${from}`).join('\n');
  });

  it.each(planted)('%s catches %s', (rule, file) => {
    expect(found).toContain(`${rule} ${file}`);
  });
});

describe('within a file', () => {
  let complaints: { message: string; line: number }[];
  beforeAll(async () => {
    const output = await outputOf(bin('biome'), ['lint', '--reporter=github', '--max-diagnostics=100', lintFile]);
    complaints = [...output.matchAll(/^::error title=(.*?),.*?line=(\d+).*?::(.*)$/gm)].map(([, title, line, text]) => ({
      message: `${title} ${text}`,
      line: Number(line),
    }));
  });

  it.each(lines.map(([complaint, line], index) => ({ complaint, line, number: index + 1 })))('lint: $line', ({ complaint, number }) => {
    const said = complaints.filter(({ line }) => line === number).map(({ message }) => message);
    expect(said.join('\n')).toContain(complaint);
  });

  it('lint says the cure, not only the crime', async () => {
    const output = await outputOf(bin('biome'), ['lint', '--max-diagnostics=100', lintFile]);
    expect(output).toContain('The engine gets time with its events; only clock.ts asks for it.');
  });

  it('a file over its length, Math.random and globalThis in the engine are reported', async () => {
    const output = (await outputOf(process.execPath, ['scripts/own-rules.mjs'])).trim().split('\n').sort();
    expect(output).toEqual([
      expect.stringContaining('planted-global.ts uses globalThis;'),
      expect.stringContaining('planted-long.ts has 401 lines; at most 400.'),
      expect.stringContaining('planted-lots.ts uses Math.random;'),
    ]);
  });
});

it('a file that nothing uses is reported', async () => {
  expect(await outputOf(bin('knip'), ['--no-progress'])).toMatch(/Unused files[\s\S]*planted-lots\.ts/);
});
