import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{packages,apps,prisma,scripts,docs,bench,examples}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/e2e/**'],
    environment: 'node',
    pool: 'threads',
    testTimeout: 20_000,
  },
});
