// npm run mutate: plants one fault at a time in a copy of the workspace and runs the tests that should find it: first the
// examples, then the tests that draw whole jobs. Lists each mutant with the test that found it, then the survivors. Fails
// where one in ten or more survive, where a survivor has no explanation, and where a search text does not match exactly
// once. `npm run mutate -- undo waits` runs the mutants whose names begin with one of the words.
import { spawn } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { findPostgres } from '../prisma/testing/postgres.ts';
import { allMutants, misplacedMutants } from './mutants/all.mjs';
import { copyWorkspace } from './planted-copy.ts';
import { home } from './steps.mjs';

/** Runs of each simulator per mutant; with the fixed seed a mutant is killed each time or never. */
const SIMULATIONS = process.env['WINDLASS_SIMULATIONS'] ?? '1500';
/** A mutant with which its tests run longer than this, and longer than all tests without a mutant, is found by the time. */
const LONGEST_MS = 120_000;
const LONGEST_UNCHANGED_MS = 900_000;
/** A test that waits for an event that a mutant prevents fails after this time. */
const LONGEST_TEST_MS = 60_000;

const started = Date.now();
const words = process.argv.slice(2);
const hasPostgres = findPostgres() !== null;
const chosen = allMutants.filter(({ name }) => words.length === 0 || words.some((word) => name.startsWith(word)));
const mutants = chosen.filter(({ needsPostgres }) => hasPostgres || needsPostgres !== true);
const misplaced = misplacedMutants();
for (const complaint of misplaced) console.error(complaint);
if (misplaced.length > 0) process.exit(1);

const longest = Math.max(LONGEST_MS, await checkUnchanged());
const queue = [...mutants];
const survivors = [];
const found = [];
// Half of the cores: tests that wait for another process fail on a busy machine, and each mutant would look found.
const workers = Array.from({ length: Math.max(1, Math.floor(availableParallelism() / 2)) }, work);
await Promise.all(workers);

const unexplained = survivors.filter(({ survives }) => survives === undefined);
const minutes = ((Date.now() - started) / 60_000).toFixed(0);
console.log(`\n${mutants.length} mutants in ${minutes} min: ${found.length} found, ${survivors.length} survive`);
for (const { name, survives } of survivors) console.log(`survives: ${name}: ${survives ?? 'NOT EXPLAINED'}`);
for (const { name } of found.filter(({ survives }) => survives !== undefined))
  console.log(`found although explained as a survivor: ${name}`);
if (mutants.length < chosen.length) console.log(`${chosen.length - mutants.length} need PostgreSQL, which is not installed`);
process.exit(unexplained.length === 0 && survivors.length * 10 < mutants.length ? 0 : 1);

/** Without a mutant every test passes; else each mutant would look found. Milliseconds that they take. */
async function checkUnchanged() {
  const copy = copyWorkspace();
  const begun = Date.now();
  try {
    cpSync(join(home, 'vitest.config.ts'), join(copy.folder, 'vitest.config.ts'));
    const tests = [...new Set(mutants.flatMap((mutant) => mutant.tests))];
    const slow = [...new Set(mutants.flatMap((mutant) => mutant.slow))];
    const finder = await finderOf(copy.folder, { tests, slow }, LONGEST_UNCHANGED_MS);
    if (finder === null) return Date.now() - begun;
    console.error(`Without a mutant a test fails, so nothing was planted: ${finder}`);
  } finally {
    copy.remove();
  }
  process.exit(1);
}

/** A worker has a copy of its own and takes one mutant after another. */
async function work() {
  const copy = copyWorkspace();
  try {
    cpSync(join(home, 'vitest.config.ts'), join(copy.folder, 'vitest.config.ts'));
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      const { file, name } = mutant;
      const text = readFileSync(join(copy.folder, file), 'utf8');
      copy.plant(
        file,
        text.replace(mutant.from, () => mutant.to),
      );
      const begun = Date.now();
      const finder = await finderOf(copy.folder, mutant, longest);
      copy.plant(file, text);
      const list = finder === null ? survivors : found;
      list.push(mutant);
      const seconds = ((Date.now() - begun) / 1000).toFixed(0);
      console.log(finder === null ? `SURVIVES ${name} (${seconds} s)` : `found    ${name} (${seconds} s)\n         by ${finder}`);
    }
  } finally {
    copy.remove();
  }
}

/** The first test that fails, or null. */
async function finderOf(folder, { tests, slow }, most) {
  const finder = await test(folder, [...tests, ...slow.flatMap((file) => ['--exclude', file])], most);
  return finder ?? (slow.length === 0 ? null : test(folder, slow, most));
}

/** The first test that fails, or null. Loading the modules once for all files, not for each, takes half of the time. */
function test(folder, tests, most) {
  return new Promise((done) => {
    const limits = [
      `--testTimeout=${LONGEST_TEST_MS}`,
      `--expect.poll.timeout=${LONGEST_TEST_MS / 2}`,
      '--maxWorkers=1',
      '--no-isolate',
      '--bail=1',
    ];
    const args = [join(home, 'node_modules/vitest/vitest.mjs'), 'run', ...limits, '--reporter=dot', ...tests];
    const env = { ...process.env, WINDLASS_SIMULATIONS: SIMULATIONS, WINDLASS_SEED: '1', NO_COLOR: '1' };
    const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      errors += text;
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), most);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const failed = /^ FAIL {2}(.+)$/m.exec(errors)?.[1];
      done(code === 0 ? null : (failed ?? (signal === 'SIGKILL' ? 'the time limit' : `the end of the test process with code ${code}`)));
    });
  });
}
