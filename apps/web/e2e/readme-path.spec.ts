// The path that the README describes, step by step and with the values that the flow comes with.
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, type TestServer, test } from './server.ts';

const readme = readFileSync(resolve(import.meta.dirname, '../../../README.md'), 'utf8');

async function launch(page: Page, server: TestServer, inputs: Record<string, string>): Promise<void> {
  await page.goto(`${server.origin}/flows`);
  await page.getByRole('link', { name: 'Release a site' }).click();
  await page.getByRole('button', { name: 'Launch…' }).click();
  const dialog = page.getByRole('dialog', { name: /Launch version/ });
  for (const [label, value] of Object.entries(inputs)) await dialog.getByLabel(label).fill(value);
  await dialog.getByRole('button', { name: 'Launch job' }).click();
  await page.waitForURL(/\/jobs\/job_/);
}

test('the README: release, revert Switch current, release with a text that is not on the page', async ({ page, server }) => {
  const path = ['**Release a site**', '**Launch…**', '**Revert** on *Switch current*', 'launch version `v2`', '*Check the site* fails'];
  const places = path.map((words) => readme.indexOf(words));
  expect(places.every((place, at) => place > (places[at - 1] ?? 0))).toBe(true);
  const folder = join(server.filesFolder, 'site');

  await launch(page, server, {});
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  expect(lstatSync(join(folder, 'current')).isSymbolicLink()).toBe(true);

  await page.getByTestId('node-switch_link').click();
  await page.getByRole('region', { name: 'Inspector' }).getByRole('button', { name: 'Revert Switch current' }).click();
  const sheet = page.getByRole('dialog', { name: 'Roll back' });
  await expect(sheet.getByTestId('plan-switch_link')).toBeVisible();
  await sheet.getByRole('button', { name: 'Revert 2 tasks' }).click();
  await expect(page.getByTestId('rollback-badge')).toContainText(/partially|rolled back/i);
  const before = existsSync(join(folder, 'current'));

  await launch(page, server, { Version: 'v2', 'Text that must be on the page': 'nowhere to be found' });
  await expect(page.getByTestId('forward-badge')).toContainText('Check the site');
  await expect(page.getByTestId('rollback-badge')).toContainText('Rolled back');
  for (const item of ['make_folder', 'unpack', 'configure', 'switch_link']) {
    await expect(page.getByTestId(`node-${item}`)).toHaveAttribute('data-state', 'REVERTED');
  }
  expect(existsSync(join(folder, 'releases/v2'))).toBe(false);
  expect(existsSync(join(folder, 'releases/v1'))).toBe(true);
  expect(existsSync(join(folder, 'current'))).toBe(before);
});
