// What is told before something would fail: a secret that this server does not have, and task code that was changed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { call } from './call.ts';
import { launch } from './launch.ts';
import { expect, test as base, type TestServer, withServer } from './server.ts';

const tasks = mkdtempSync(join(tmpdir(), 'windlass-code-'));
const note = (undo: string) => `
  import { defineTask } from '@windlass/engine';
  import { z } from 'zod';
  export default defineTask({
    type: 'own.note', version: 1, title: 'Note', summary: 'Keeps a note.', icon: 'notebook', group: 'Own',
    input: z.object({}), output: z.object({}), effects: { kind: 'reversible', undo: '${undo}' }, repeatable: true,
    async apply() { return {}; },
    async revert() {},
  });`;

const test = base.extend<object, { server: TestServer }>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from here
    async ({}, use) => {
      writeFileSync(join(tasks, 'note.ts'), note('takes it away'));
      await withServer(use, { WINDLASS_TASKS: tasks, WINDLASS_EXAMPLES: 'off' });
      rmSync(tasks, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],
});

test('S4: publishing and launching a flow name the secret that this server does not have', async ({ page, server }) => {
  const text = { from: 'expression', cel: '"Bearer " + secrets.lost_key' };
  const item = { kind: 'task', id: 'say', name: 'Say it', type: 'message', bindings: { text } };
  const root = { kind: 'flow', id: 'root', name: 'Needs a key', pattern: 'linear', links: [], items: [item] };
  const { flow } = await call<{ flow: string }>(page, 'flows.import', {
    document: JSON.stringify({ schemaVersion: 1, name: 'Needs a key', root }),
  });
  await page.goto(`${server.origin}/flows/${flow}`);
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: /^Publish v1/ }).click();
  await expect(dialog).toContainText('This server has no secret “lost_key”. “Say it” will fail without it.');
  await dialog.getByRole('button', { name: /Publish/ }).click();
  await page.getByRole('button', { name: 'Launch…' }).click();
  await expect(dialog).toContainText('This server has no secret “lost_key”. “Say it” will fail without it.');
  // A warning: it may still be added.
  await expect(dialog.getByRole('button', { name: 'Launch job' })).toBeEnabled();
});

test('R6: the plan names the tasks that other code applied than would revert them', async ({ page, server }) => {
  const job = await launch(page, server, { name: 'Note', tasks: [{ id: 'one', type: 'own.note', parameters: {} }] });
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  await page.getByRole('button', { name: 'Roll back…' }).click();
  await expect(page.getByTestId('plan-one')).toBeVisible();
  await expect(page.getByRole('note', { name: 'Changed code' })).toHaveCount(0);
  await server.stop();
  writeFileSync(join(tasks, 'note.ts'), note('takes it away for good'));
  await server.start();
  await page.goto(`${server.origin}/jobs/${job}`);
  await page.getByRole('button', { name: 'Roll back…' }).click();
  await expect(page.getByRole('note', { name: 'Changed code' })).toContainText(
    'The code of own.note version 1 has changed since it applied one. The revert runs with the present code',
  );
  await expect(page.getByRole('button', { name: 'Revert 1 task' })).toBeEnabled();
});
