// The whole server, killed 50 times in the middle of forward runs and rollbacks, on the real file system.
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { killRounds } from './testing/kill-rounds.ts';
import { newFolder } from './testing/server-process.ts';

it('A2, A3, J1, L1: 50 rounds of SIGKILL on SQLite lose nothing, repeat no result, and leave the files as the logbook says', async () => {
  const { path, remove } = newFolder();
  const report = await killRounds({ WINDLASS_DATA: path }, { filesFolder: join(path, 'files'), longestMs: 600 });
  console.log(`kill rounds, SQLite: ${JSON.stringify(report)}`);
  expect(report.jobs).toBeGreaterThan(50);
  // The kills did hit jobs: many were taken up more than once.
  expect(report.claims).toBeGreaterThan(report.jobs + 10);
  // Dead-lettered jobs were not compared.
  expect(report.deadLettered).toBeLessThan(report.jobs / 4);
  remove();
}, 900_000);
