// npm run conformance -- FILE…: runs files of cases against the engine, by default those of the repository. A line per case,
// then the count; 1 when any failed.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readCases } from './case.ts';
import { type Verdict, runCase } from './run-case.ts';

const own = ['../cases.json', '../further-cases.json'].map((file) => fileURLToPath(new URL(file, import.meta.url)));
const given = process.argv.slice(2);
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const read of (given.length > 0 ? given : own).flatMap(load)) {
  const verdict: Verdict = 'one' in read ? await runCase(read.one) : { kind: 'skipped', reason: read.unreadable };
  counts[verdict.kind] += 1;
  console.log(`${verdict.kind} ${read.id}${'one' in read ? ` (${read.one.stance})` : ''}${tail(verdict)}`);
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 ? 0 : 1;

function load(path: string) {
  try {
    return readCases(JSON.parse(readFileSync(path, 'utf8')));
  } catch (thrown) {
    console.error(`${path} cannot be read as a file of cases: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    process.exit(2);
  }
}

function tail(verdict: Verdict): string {
  if (verdict.kind === 'passed') return '';
  return `: ${verdict.kind === 'skipped' ? verdict.reason : verdict.differences.join('; ')}`;
}
