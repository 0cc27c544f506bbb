// npm run check: types, lint, walls, unused code, schemas. All are run, then all failures are printed.
import { install } from './setup.mjs';
import { bin, run } from './steps.mjs';

const checks = [
  ['types of packages and server', bin('tsc'), ['-p', 'tsconfig.json']],
  ['types of the web app', bin('tsc'), ['-p', 'apps/web/tsconfig.json']],
  ['lint and format', bin('biome'), ['check', '--error-on-warnings', '.']],
  ['own rules', process.execPath, ['scripts/own-rules.mjs']],
  [
    'walls',
    bin('depcruise'),
    ['packages', 'apps', 'bench', 'conformance', 'scripts', '--config', '.dependency-cruiser.cjs', '--output-type', 'err'],
  ],
  ['unused code', bin('knip'), ['--no-progress']],
  ['schemas', process.execPath, ['prisma/make-schemas.mjs', '--check']],
];

export async function check() {
  await install();
  const results = await Promise.all(
    checks.map(async ([name, command, args]) => {
      const started = Date.now();
      const { code, text } = await run(command, args, { quiet: true });
      console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}, ${((Date.now() - started) / 1000).toFixed(1)} s`);
      return { name, code, text };
    }),
  );
  const failed = results.filter(({ code }) => code !== 0);
  for (const { name, text } of failed) console.error(`\n--- ${name}\n${text}`);
  return { passed: results.length - failed.length, failed: failed.length };
}

if (process.argv[1]?.endsWith('check.mjs')) process.exit((await check()).failed === 0 ? 0 : 1);
