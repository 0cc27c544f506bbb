// A job whose page is opened after it was given up, when its run cannot be shown any more.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { ask } from './call.ts';
import { type Task, launch, write } from './launch.ts';
import { look } from './look.ts';
import { expect, test } from './server.ts';

/** Runs SQL by the driver in a process of its own, past everything that keeps a database whole. */
function change(dataFolder: string, sql: string): void {
  const program = "new (require('libsql'))(process.argv[1]).exec(process.argv[2])";
  const args = ['-e', program, join(dataFolder, 'windlass.db'), sql];
  expect(spawnSync(process.execPath, args, { cwd: join(import.meta.dirname, '../../../packages/backends') }).status).toBe(0);
}

/** The list of jobs, whole: a page that still loads when its server dies is loaded again, and has no address meanwhile. */
async function openJobs(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/jobs`);
  await expect(page.getByRole('heading', { level: 1, name: 'Jobs' })).toBeVisible();
}

const hangs: Task = { id: 'hangs', type: 'command.run', parameters: { program: 'sleep', args: ['300'] } };

test('J4: a job that was given up without its flow version shows its name, its state, its logbook and the way back', async ({
  page,
  server,
}) => {
  const job = await launch(page, server, { name: 'Version absent', tasks: [write('one', 'version-absent.txt'), hangs] });
  await expect(page.getByTestId('node-hangs')).toHaveAttribute('data-state', 'RUNNING');
  await openJobs(page, server.origin);
  const renumber = (to: number, from: number) =>
    change(
      server.dataFolder,
      `update flow_version set version = ${to} where version = ${from} and flow_id = (select id from flow where name = 'Version absent')`,
    );
  await server.stop('SIGKILL');
  renumber(7, 1);
  await server.start();
  const attention = async () => (await ask<{ attention: string | null }>(page, 'jobs.row', { job })).attention;
  await expect.poll(attention).toBe('dead_lettered');

  await test.step('the desk promises only what the page shows', async () => {
    await page.goto(`${server.origin}/attention`);
    const needs = page.getByTestId(`desk-${job}`);
    await expect(needs).toContainText('See its state and its logbook. A flow version that it needs is absent, so no plan can be made.');
    await expect(needs).not.toContainText('roll back by a plan');
    await look(page, 'dead-letter-desk');
    await needs.getByRole('link', { name: 'Open the job' }).click();
  });

  await test.step('the page has the name, the state and the entries', async () => {
    await expect(page.getByRole('heading', { name: 'Version absent' })).toBeVisible();
    await expect(page.getByTestId('forward-badge')).toHaveText('Given up');
    await expect(page.getByText('its run was Running')).toBeVisible();
    const logbook = page.getByRole('region', { name: 'Logbook' });
    await expect(logbook).toContainText('hangs running');
    await expect(logbook).toContainText('given up');
    await expect(page.getByText(/has no version 1\./)).toHaveCount(1);
    await expect(page.getByRole('button', { name: /Roll back/ })).toHaveCount(0);
    await look(page, 'dead-letter-version');
  });

  await test.step('once the version is there again, the whole page comes back with the act', async () => {
    renumber(1, 7);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByTestId('node-hangs')).toBeVisible();
    await expect(page.getByText('This job was given up.')).toHaveCount(0);
  });
});

test('J4: a job that was given up with an unreadable logbook shows its row, says so, and can only be tried again', async ({
  page,
  server,
}) => {
  const job = await launch(page, server, { name: 'Logbook unreadable', tasks: [hangs] });
  await expect(page.getByTestId('node-hangs')).toHaveAttribute('data-state', 'RUNNING');
  await openJobs(page, server.origin);
  await server.stop('SIGKILL');
  const records = `update logbook_record set body = %s where job = (select seq from job where id = '${job}')`;
  change(server.dataFolder, records.replace('%s', "'x' || body"));
  await server.start();
  const attention = async () => (await ask<{ attention: string | null }>(page, 'jobs.row', { job })).attention;
  await expect.poll(attention).toBe('dead_lettered');
  await page.goto(`${server.origin}/attention`);
  await expect(page.getByTestId(`desk-${job}`)).toContainText('See its state. Its logbook cannot be read');
  await page.goto(`${server.origin}/jobs/${job}`);
  await expect(page.getByRole('heading', { name: 'Logbook unreadable' })).toBeVisible();
  await expect(page.getByTestId('forward-badge')).toHaveText('Given up');
  await expect(page.getByText(/cannot be read at entry 1/)).toHaveCount(1);
  await expect(page.getByRole('region', { name: 'Logbook' })).toHaveCount(0);
  await look(page, 'dead-letter-logbook');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText(/cannot be read at entry 1/)).toHaveCount(1);

  change(server.dataFolder, records.replace('%s', 'substr(body, 2)'));
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByTestId('node-hangs')).toBeVisible();
});
