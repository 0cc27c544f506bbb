// npm run bench -- W1 W5: one JSON object a line. Each measurement is a process of its own, so that memory is its own.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { measureLimits } from './limits.ts';
import { runW1 } from './w1.ts';
import { runW5, type W5Case } from './w5.ts';

const W1 = [1, 50];
const W5: readonly W5Case[] = [
  ...(['linear', 'graph', 'unordered'] as const).flatMap((shape) =>
    [100, 1_000, 5_000, 20_000].map((n) => ({ shape, n, store: 'memory' as const })),
  ),
  { shape: 'linear', n: 1_000, store: 'sqlite' },
];
const WORKLOADS = { W1: W1.map((concurrency) => ['W1', String(concurrency)]), W5: W5.map((one) => ['W5', JSON.stringify(one)]) };

const [first, workload, detail] = process.argv.slice(2);
if (first === '--one' && detail !== undefined) {
  const limits = measureLimits();
  console.log(JSON.stringify(workload === 'W1' ? await runW1(Number(detail), limits) : await runW5(JSON.parse(detail) as W5Case, limits)));
} else {
  const named = process.argv.slice(2);
  const unknown = named.filter((name) => !(name in WORKLOADS));
  if (unknown.length > 0) {
    console.error(`There is no workload ${unknown.join(', ')}; workloads: ${Object.keys(WORKLOADS).join(', ')}.`);
    process.exit(2);
  }
  for (const [name, runs] of Object.entries(WORKLOADS)) {
    if (named.length > 0 && !named.includes(name)) continue;
    for (const run of runs)
      execFileSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), '--one', ...run], { stdio: 'inherit' });
  }
}
