// Each wall is shown to catch something: a violation is planted in a file of its own, and the rule must name it.
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const home = resolve(import.meta.dirname, '..');
const run = promisify(execFile);

/** Rule, where the violation stands, and what it says. */
const planted: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['no-cycles', 'packages/engine/src/planted-a.ts', "import { b } from './planted-b.ts';\nexport const a = () => b;\n"],
  ['engine-has-no-node', 'packages/engine/src/planted-node.ts', "import 'node:fs';\n"],
  ['engine-knows-only-its-two-libraries', 'packages/engine/src/planted-room.ts', "import '../../tasks/src/index.ts';\n"],
  ['tasks-know-only-the-engine', 'packages/tasks/src/planted.ts', "import '../../backends/src/index.ts';\n"],
  ['backends-know-only-the-engine', 'packages/backends/src/planted.ts', "import '../../tasks/src/index.ts';\n"],
  ['api-answers-only', 'packages/api/src/planted.ts', "import '../../backends/src/index.ts';\n"],
  ['prisma-only-in-backends', 'apps/server/src/planted.ts', "import 'libsql';\n"],
  ['web-imports-no-server-code', 'apps/web/src/planted-server.ts', "import '../../server/src/env.ts';\n"],
  [
    'web-takes-only-types-of-the-api',
    'apps/web/src/planted-api.ts',
    "import { appRouter } from '@windlass/api';\nexport const used = appRouter;\n",
  ],
  ['features-are-strangers', 'apps/web/src/features/home/planted.ts', "import '../jobs/jobs-screen.tsx';\n"],
  ['parts-know-no-feature', 'apps/web/src/ui/planted.ts', "import '../features/jobs/jobs-screen.tsx';\n"],
  ['nothing-imports-shell', 'apps/web/src/features/home/planted-shell.ts', "import '../../shell/frame.tsx';\n"],
  ['no-package-imports-an-app', 'packages/api/src/planted-app.ts', "import '../../../apps/server/src/env.ts';\n"],
  ['resolvable', 'packages/api/src/planted-nowhere.ts', "import './not-there.ts';\n"],
];
/** The other half of the cycle, which is reported once. */
const half = ['packages/engine/src/planted-b.ts', "import { a } from './planted-a.ts';\nexport const b = () => a;\n"] as const;
let found: string;

beforeAll(async () => {
  for (const [file, text] of [half, ...planted.map(([, file, text]) => [file, text] as const)]) {
    mkdirSync(dirname(join(home, file)), { recursive: true });
    writeFileSync(join(home, file), text);
  }
  const args = ['packages', 'apps', '--config', '.dependency-cruiser.cjs', '--output-type', 'json'];
  const cruise = await run(join(home, 'node_modules/.bin/depcruise'), args, { cwd: home, maxBuffer: 64_000_000 }).catch(
    (failed: { stdout: string }) => failed,
  );
  const { summary } = JSON.parse(cruise.stdout) as { summary: { violations: { rule: { name: string }; from: string }[] } };
  found = summary.violations.map(({ rule, from }) => `${rule.name} ${from}`).join('\n');
}, 60_000);

afterAll(() => {
  for (const file of [half[0], ...planted.map(([, one]) => one)]) rmSync(join(home, file), { force: true });
});

it.each(planted)('%s catches %s', (rule, file) => {
  expect(found).toContain(`${rule} ${file}`);
});
