// Several jobs rolled back as one: what used another's outputs goes first, in the name of whoever confirmed it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { ask, call, launchAgain } from './call.ts';
import { look } from './look.ts';
import { expect, test } from './server.ts';

/** A flow that writes a file named by an input, and answers with the path. */
async function publish(page: Page, name: string): Promise<string> {
  const write = {
    ...{ kind: 'task', id: 'write', name: 'Write', type: 'file.write', parameters: { content: name } },
    bindings: { path: { from: 'expression', cel: `"${name}-" + inputs.tenant + ".txt"` } },
  };
  const root = { kind: 'flow', id: 'root', name, pattern: 'linear', items: [write] };
  const inputs = { type: 'object', properties: { tenant: { type: 'string' } }, required: ['tenant'] };
  const { flow } = await call<{ flow: string }>(page, 'flows.import', {
    document: JSON.stringify({ schemaVersion: 1, name, inputs, root }),
  });
  await call(page, 'flows.publish', { flow, revision: 1, note: '' });
  return flow;
}

test('a job that used another is warned of, and with it is rolled back first, each in its own logbook', async ({ page, server }) => {
  const launch = async (flow: string, tenant: string) => {
    const job = await launchAgain(page, flow, { tenant });
    await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
    return job;
  };
  const base = await launch(await publish(page, 'base'), 'blue');
  // It is given the path of the file that the first one wrote.
  const site = await launch(await publish(page, 'site'), 'base-blue.txt');
  const files = ['base-blue.txt', 'site-base-blue.txt.txt'].map((name) => join(server.filesFolder, name));
  expect(files.map((file) => existsSync(file))).toEqual([true, true]);

  await page.goto(`${server.origin}/jobs/${base}`);
  await page.getByRole('button', { name: 'Roll back…' }).click();
  await expect(page.getByRole('note')).toContainText('Another job used an output that would be undone');
  await expect(page.getByRole('note')).toContainText(site);
  await page.keyboard.press('Escape');

  await page.goto(`${server.origin}/rollback?jobs=${base}`);
  await expect(page.getByTestId(`joint-${base}`)).toContainText('It is not rolled back with it.');
  await page.goto(`${server.origin}/rollback?jobs=${base},${site}`);
  await expect(page.getByRole('region', { name: 'Stage 1' })).toContainText(site);
  await expect(page.getByRole('region', { name: 'Stage 2' })).toContainText(base);
  await look(page, 'joint-rollback');
  const confirm = page.getByRole('button', { name: 'Revert 2 tasks in 2 jobs' });
  await expect(confirm).toBeDisabled();
  await page.getByLabel('Reason').fill('the tenant left');
  await confirm.click();

  await page.waitForURL(/\/jobs\/job_/);
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  expect(files.map((file) => existsSync(file))).toEqual([false, false]);
  const ended: number[] = [];
  for (const job of [site, base]) {
    const row = await ask<{ run: string; endedAt: number }>(page, 'jobs.row', { job });
    expect(row.run).toBe('REVERTED');
    ended.push(row.endedAt);
    const entries = await ask<{ act?: string; reason?: string; actor: { name: string } }[]>(page, 'logbook.page', { job });
    expect(entries.find(({ act }) => act === 'ROLL_BACK')).toMatchObject({ reason: 'the tenant left', actor: { name: 'ana' } });
  }
  expect(ended[0]).toBeLessThanOrEqual(ended[1] ?? 0);

  // A second time there is nothing to undo, and it is said.
  await page.goto(`${server.origin}/rollback?jobs=${base}`);
  await expect(page.getByTestId(`joint-${base}`)).toContainText('Every effect of this job was already undone.');
});
