// npm run mutate: plants one fault at a time in a copy of the workspace and runs the tests that should find it. Lists the
// mutants that survive. Fails where one in ten or more survive, where a survivor has no explanation, and where a search
// text no longer matches exactly once. `npm run mutate -- undo waits` runs the mutants whose names begin with one of the words.
import { spawn } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { conductor } from './mutants/conductor.mjs';
import { deciding } from './mutants/deciding.mjs';
import { plans } from './mutants/plans.mjs';
import { stores } from './mutants/stores.mjs';
import { time } from './mutants/time.mjs';
import { undoing } from './mutants/undoing.mjs';
import { copyWorkspace } from './planted-copy.ts';
import { home } from './steps.mjs';

/** Runs of each simulator per mutant; with the fixed seed a mutant is killed each time or never. */
const SIMULATIONS = process.env['WINDLASS_SIMULATIONS'] ?? '1500';
/** A mutant that makes a test run for ever is killed by the time. */
const LONGEST_MS = 300_000;

const words = process.argv.slice(2);
const mutants = [...undoing, ...time, ...deciding, ...plans, ...conductor, ...stores].filter(
  ({ name }) => words.length === 0 || words.some((word) => name.startsWith(word)),
);
const misplaced = mutants.flatMap(whyMisplaced);
for (const complaint of misplaced) console.error(complaint);
if (misplaced.length > 0) process.exit(1);

await checkUnchanged();
const queue = [...mutants];
const survivors = [];
const found = [];
const workers = Array.from({ length: Math.min(2, availableParallelism(), queue.length) }, work);
await Promise.all(workers);

const unexplained = survivors.filter(({ survives }) => survives === undefined);
console.log(`\n${mutants.length} mutants, ${found.length} found, ${survivors.length} survive`);
for (const { name, survives } of survivors) console.log(`survives: ${name}: ${survives ?? 'NOT EXPLAINED'}`);
for (const { name } of found.filter(({ survives }) => survives !== undefined))
  console.log(`found although explained as a survivor: ${name}`);
process.exit(unexplained.length === 0 && survivors.length * 10 < mutants.length ? 0 : 1);

/** Without a mutant every test passes; else each mutant would look found. */
async function checkUnchanged() {
  const copy = copyWorkspace();
  try {
    cpSync(join(home, 'vitest.config.ts'), join(copy.folder, 'vitest.config.ts'));
    const tests = [...new Set(mutants.flatMap((mutant) => mutant.tests))];
    if ((await test(copy.folder, tests)) === 0) return;
  } finally {
    copy.remove();
  }
  console.error('Without a mutant a test fails, or the machine is too busy for the time limits of tests: nothing was planted.');
  process.exit(1);
}

/** A worker has a copy of its own and takes one mutant after another. */
async function work() {
  const copy = copyWorkspace();
  try {
    cpSync(join(home, 'vitest.config.ts'), join(copy.folder, 'vitest.config.ts'));
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      const { file, name } = mutant;
      const text = readFileSync(join(home, file), 'utf8');
      copy.plant(
        file,
        text.replace(mutant.from, () => mutant.to),
      );
      const started = Date.now();
      const code = await test(copy.folder, mutant.tests);
      copy.plant(file, text);
      const list = code === 0 ? survivors : found;
      list.push(mutant);
      console.log(`${code === 0 ? 'SURVIVES' : 'found   '} ${name}, ${((Date.now() - started) / 1000).toFixed(1)} s`);
    }
  } finally {
    copy.remove();
  }
}

/** Exit code of the tests; they end at the first that fails. */
function test(folder, tests) {
  return new Promise((done) => {
    const args = [join(home, 'node_modules/vitest/vitest.mjs'), 'run', '--bail=1', '--reporter=dot', ...tests];
    const env = { ...process.env, WINDLASS_SIMULATIONS: SIMULATIONS, WINDLASS_SEED: '1' };
    const child = spawn(process.execPath, args, { cwd: folder, env, stdio: 'ignore' });
    const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
    child.on('close', (code) => {
      clearTimeout(timer);
      done(code ?? 1);
    });
  });
}

function whyMisplaced({ name, file, from, to }) {
  const matches = readFileSync(join(home, file), 'utf8').split(from).length - 1;
  if (matches !== 1) return [`${name}: the search text stands ${matches} times in ${file}; it must stand there once.`];
  return from === to ? [`${name}: changes nothing.`] : [];
}
