// S4, R7: values over 8 KB are not in the page; a person loads them, changes one, and the revert gets what was typed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from './launch.ts';
import { expect, test as base, type TestServer, withServer } from './server.ts';

const tasks = mkdtempSync(join(tmpdir(), 'windlass-large-'));
const big = `
  import { TaskError, defineTask } from '@windlass/engine';
  import { z } from 'zod';
  let calls = 0;
  export default defineTask({
    type: 'own.big', version: 1, title: 'Big', summary: 'Gives a large text.', icon: 'box', group: 'Own',
    input: z.object({ word: z.string() }), output: z.object({ text: z.string() }), repeatable: true, mayEditOutput: true,
    effects: { kind: 'reversible', undo: 'needs a text that begins with mended' },
    async apply({ word }) { return { text: word.repeat(10_000) }; },
    async revert({ output }) {
      if (!output.text.startsWith('mended')) throw new TaskError('NOT_MENDED', 'Revert ' + (calls += 1) + ' got a text of ' + output.text.length + ' characters.');
    },
  });`;

const test = base.extend<object, { server: TestServer }>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from here
    async ({}, use) => {
      writeFileSync(join(tasks, 'big.ts'), big);
      await withServer(use, { WINDLASS_TASKS: tasks, WINDLASS_EXAMPLES: 'off' });
      rmSync(tasks, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],
});

test('a large output is loaded when it is asked for, and mended before its revert is tried again', async ({ page, server }) => {
  const one = { id: 'one', type: 'own.big', parameters: { word: 'word' }, revertPolicy: { attempts: 1 } };
  await launch(page, server, { name: 'Large', tasks: [one] });
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  expect((await page.content()).includes('wordwordword')).toBe(false);
  await page.getByRole('region', { name: 'Canvas' }).or(page.locator('.react-flow')).first().getByText('one').first().click();
  await page.getByRole('tab', { name: 'Output' }).click();
  await expect(page.getByText('A large value of 40,011 characters')).toBeVisible();
  await page.getByRole('button', { name: 'Show it' }).click();
  await expect(page.getByText('wordwordword')).toBeVisible();

  await page.reload();
  await page.getByRole('button', { name: 'Roll back…' }).click();
  const plan = page.getByTestId('plan-one');
  await plan.getByText('Saved output that the revert gets').click();
  await expect(plan).toContainText('A large value of 40,011 characters');
  await page.getByRole('button', { name: 'Revert 1 task' }).click();
  await page.getByRole('button', { name: /^Back to the job/ }).click();
  await expect(page.getByText('Revert 1 got a text of 40000 characters.').first()).toBeVisible();

  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Try again…' }).click();
  // Left as it is, the revert gets it whole again.
  await dialog.getByRole('button', { name: 'Revert “one” again' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('Revert 2 got a text of 40000 characters.').first()).toBeVisible();
  await page.getByRole('button', { name: 'Try again…' }).click();
  await expect(dialog).toContainText('A large value of 40,011 characters');
  await dialog.getByRole('button', { name: 'Load it to change it' }).click();
  const saved = dialog.getByLabel('Saved output that the revert gets');
  await expect(saved).toHaveValue(/wordwordword/);
  await saved.fill(JSON.stringify({ text: 'mended' }));
  await dialog.getByLabel('Reason').fill('it had moved');
  await dialog.getByRole('button', { name: 'Revert “one” again' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByTestId('rollback-badge')).toHaveText(/Rolled back/);
});
