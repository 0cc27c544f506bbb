// npm test: sets up and runs everything; `npm test -- unit` runs the phases named.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { check } from './check.mjs';
import { findBrowser } from './find-browser.mjs';
import { setUp } from './setup.mjs';
import { bin, home, run } from './steps.mjs';

const phases = { check, unit, browser };
/** Then something is wrong with all of them, and each may use up its time limit. */
const MOST_FAILURES = 10;
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const unknown = wanted.filter((name) => !(name in phases));
if (unknown.length > 0) {
  console.error(`There is no phase ${unknown.join(', ')}; phases: ${Object.keys(phases).join(', ')}.`);
  process.exit(2);
}

await setUp();
const total = { passed: 0, failed: 0, skipped: 0 };
for (const [name, phase] of Object.entries(phases)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const started = Date.now();
  console.log(`\n== ${name}`);
  const { passed = 0, failed = 0, skipped = 0 } = await phase();
  console.log(`== ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped, ${((Date.now() - started) / 1000).toFixed(1)} s`);
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

/** Unit and integration tests, as vitest counts them. */
async function unit() {
  const report = join(home, 'node_modules/.windlass/vitest.json');
  rmSync(report, { force: true });
  const reporters = ['default', './scripts/silent-tests.mjs', 'json'].map((name) => `--reporter=${name}`);
  const { code } = await run(bin('vitest'), ['run', `--bail=${MOST_FAILURES}`, ...reporters, `--outputFile.json=${report}`]);
  if (!existsSync(report)) return { failed: 1 };
  const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
  const failed = numFailedTests + (numFailedTests === 0 ? numFailedTestSuites : 0);
  return { passed: numPassedTests, failed: code === 0 ? 0 : Math.max(failed, 1), skipped: numPendingTests };
}

/** Journeys in a real browser, as Playwright counts them. */
async function browser() {
  const path = await findBrowser();
  if (path === null) return { failed: 1 };
  const report = join(home, 'node_modules/.windlass/playwright.json');
  rmSync(report, { force: true });
  const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: report, ...(path === '' ? {} : { CHROMIUM_PATH: path }) };
  const { code } = await run(bin('playwright'), ['test', '--reporter=list,json'], { env });
  if (!existsSync(report)) return { failed: 1 };
  const { stats } = JSON.parse(readFileSync(report, 'utf8'));
  return { passed: stats.expected + stats.flaky, failed: code === 0 ? 0 : Math.max(stats.unexpected, 1), skipped: stats.skipped };
}
