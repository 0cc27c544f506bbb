// Rules that no linter here has: a file is one idea (at most 400 lines, tests 600; generated code does not count), the
// engine takes nothing at random and does not reach for globals by another name, a duration is not measured by a clock that may be set
// (decision 0017), no test has a short time limit, each decision has a
// number of its own, each planted fault of `npm run mutate` still fits its file, and docs/promises.md lists the promises that
// code and tests cite.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { misplacedMutants } from './mutants/all.mjs';
import { judgePromises } from './promises.mjs';
import { home } from './steps.mjs';

/** Only what hangs may reach the time limit of a test: vitest.config.ts. */
const LEAST_LIMIT_MS = 240_000;

const files = ['packages', 'apps', 'scripts', 'bench', 'conformance', 'prisma', 'docs', 'examples'].flatMap((folder) =>
  walk(join(home, folder)),
);
const complaints = files.flatMap(judge);
complaints.push(...judgeDecisions(join(home, 'docs', 'decisions')), ...misplacedMutants());
const promises = join(home, 'docs', 'promises.md');
if (existsSync(promises)) complaints.push(...judgePromises(readFileSync(promises, 'utf8'), files));
for (const complaint of complaints) console.error(complaint);
process.exit(complaints.length === 0 ? 0 : 1);

function judge({ file, text }) {
  const lines = text.split('\n').length - 1;
  const most = /\.(test|spec)\.tsx?$/.test(file) ? 600 : 400;
  const found = [];
  if (lines > most) found.push(`${file} has ${lines} lines; at most ${most}. Split it by idea.`);
  if (file.startsWith(join('packages', 'engine', 'src')) && !/\.test\.ts$/.test(file)) {
    if (/\bMath\.random\b/.test(text)) found.push(`${file} uses Math.random; chance comes to the engine with its events.`);
    if (/\bglobalThis\b/.test(text)) found.push(`${file} uses globalThis; what the engine needs of the world is handed to it.`);
  }
  if (/^(packages\/\w+|apps\/server)\/src\//.test(file) && !/\.test\.ts$|\/testing\//.test(file) && !file.endsWith('engine/src/clock.ts')) {
    if (/Date\.now\(\)\s*[-+<>]|[-+<>]\s*Date\.now\(\)/.test(text))
      found.push(`${file} measures a duration by Date.now(), which jumps when the clock is set; take performance.now().`);
  }
  if (/\.test\.tsx?$/.test(file)) {
    for (const [words, ms] of text.matchAll(/\btimeout: ([\d_]+)/g)) {
      if (Number(ms.replaceAll('_', '')) < LEAST_LIMIT_MS) found.push(`${file}: "${words}" fails on a busy machine; leave it out.`);
    }
  }
  return found;
}

function judgeDecisions(folder) {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).sort();
  return files.flatMap((file, at) => {
    const number = file.slice(0, 4);
    const found = files[at - 1]?.startsWith(number) ? [`docs/decisions/${file} has the number of ${files[at - 1]}.`] : [];
    if (!readFileSync(join(folder, file), 'utf8').startsWith(`# ${number}: `))
      found.push(`docs/decisions/${file} must begin with "# ${number}: ".`);
    return found;
  });
}

function walk(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', 'dist', 'generated'].includes(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return walk(path);
    return /\.(ts|tsx|mjs|cjs|css)$/.test(entry.name) ? [{ file: relative(home, path), text: readFileSync(path, 'utf8') }] : [];
  });
}
