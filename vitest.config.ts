import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{packages,apps,prisma,scripts,docs,bench,conformance,examples}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/e2e/**'],
    environment: 'node',
    pool: 'threads',
    // Much of the time is waiting for processes. On two cores one worker, the default, took 82 s; two take 52.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Only what hangs reaches these: no test depends on how busy the machine is.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 240_000 } },
  },
});
