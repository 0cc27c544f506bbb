// A task type of the user's own, in the palette and on the job page while it runs: how far it is, and what it says.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { test as base, expect } from '@playwright/test';
import { type TestServer, withServer } from './server.ts';

const tasks = mkdtempSync(join(tmpdir(), 'windlass-own-'));
/** Goes on, half way, when this file is there. */
const gate = join(tasks, 'gate.txt');

writeFileSync(
  join(tasks, 'own-slow.ts'),
  `import { existsSync } from 'node:fs';
  import { type TaskContext, defineTask } from '@windlass/engine';
  import { z } from 'zod';
  export default defineTask({
    type: 'own.slow', version: 1, title: 'Slow work of our own', summary: 'Waits for a file.', icon: 'hourglass', group: 'Own',
    input: z.object({}), output: z.object({}), effects: { kind: 'none' }, repeatable: true,
    async apply(_: object, context: TaskContext) {
      context.progress(0.4, 'two of five');
      while (!existsSync(${JSON.stringify(gate)})) await new Promise((done) => setTimeout(done, 20));
      return {};
    },
  });`,
);

const test = base.extend<{ server: TestServer }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from here
  server: async ({}, use) => {
    await withServer(use, { WINDLASS_TASKS: tasks, WINDLASS_EXAMPLES: 'off' });
    rmSync(tasks, { recursive: true, force: true });
  },
});

async function call<Result>(page: Page, procedure: string, input: object): Promise<Result> {
  const answer = await page.request.post(`${new URL(page.url()).origin}/trpc/${procedure}`, { data: input });
  return ((await answer.json()) as { result: { data: Result } }).result.data;
}

test('A6: a task of one’s own stands in the palette, and its progress on node and inspector while it runs', async ({ page, server }) => {
  await page.goto(server.address);
  const item = { kind: 'task', id: 'slow', name: 'Slow work', type: 'own.slow' };
  const root = { kind: 'flow', id: 'root', name: 'Own', pattern: 'linear', links: [], items: [item] };
  const document = JSON.stringify({ schemaVersion: 1, name: 'Own', root });
  const { flow } = await call<{ flow: string }>(page, 'flows.import', { document });
  await page.goto(`${server.origin}/flows`);
  await page.getByRole('link', { name: 'Own' }).click();
  await expect(page.getByRole('button', { name: 'Add Slow work of our own' })).toBeVisible();

  await page.getByRole('button', { name: /^Publish v1/ }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Publish/ })
    .click();
  await expect(page.getByRole('button', { name: 'Launch…' })).toBeEnabled();
  const { job } = await call<{ job: string }>(page, 'jobs.launch', { flow, version: 1, inputs: {} });

  await page.goto(`${server.origin}/jobs/${job}`);
  const node = page.getByTestId('node-slow');
  await expect(node.getByRole('progressbar', { name: 'Progress of Slow work' })).toHaveAttribute('aria-valuenow', '40');
  await expect(node).toContainText('40 % · two of five');
  await node.click();
  await expect(page.getByRole('region', { name: 'Inspector' })).toContainText(/40 % · two of five Last sign of life/);
  writeFileSync(gate, '');
  await expect(node).toHaveAttribute('data-state', 'SUCCESS');
  await expect(page.getByRole('progressbar')).toHaveCount(0);
});
