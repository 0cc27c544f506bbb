// What a job page shows of what it did not expect: hostile text, very large outputs, a job that is not there, a clock
// that is wrong, a person without rights.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { call } from './call.ts';
import { type Task, launch, untilMade, write } from './launch.ts';
import { expect, test } from './server.ts';

const HOSTILE = `<img src=x onerror="window.pwned=1"> "quoted" \u202Eright to left\u202C {{7*7}}`;

async function staysWhole(page: Page): Promise<void> {
  await expect(page.getByRole('region', { name: 'Canvas' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Timeline' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Logbook' })).toBeVisible();
  expect(await page.evaluate(() => 'pwned' in window)).toBe(false);
}

test('hostile names, binary output and an output of a megabyte are shown as text, and cut', async ({ page, server }) => {
  const big: Task & { name: string } = {
    ...{ id: 'big', name: HOSTILE, type: 'values.set' },
    parameters: { values: { text: 'x'.repeat(900_000), html: HOSTILE } },
  };
  const binary: Task = {
    id: 'binary',
    type: 'command.run',
    parameters: { program: 'sh', args: ['-c', 'head -c 3000 /dev/urandom; printf "\\033[31mred\\000"; exit 3'] },
  };
  await launch(page, server, { name: HOSTILE, onFailure: 'hold', tasks: [big, binary] });
  await expect(page.getByTestId('forward-badge')).toContainText('Held');
  await staysWhole(page);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('<img src=x onerror=');
  await page.getByTestId('node-big').click();
  await page.getByRole('tab', { name: 'Output' }).click();
  await page.getByRole('button', { name: 'Show it' }).click();
  await expect(page.getByRole('button', { name: /Show all 9\d\d,\d{3} characters/ })).toBeVisible();
  await page.getByTestId('node-binary').click();
  await page.getByRole('tab', { name: 'Log' }).click();
  await expect(page.getByRole('log', { name: 'Lines of the task' })).toContainText('red');
  await page.getByRole('button', { name: 'Roll back…' }).first().click();
  await expect(page.getByRole('dialog', { name: 'Roll back' })).toBeVisible();
  await page.keyboard.press('Escape');
  await staysWhole(page);
});

test('an output of the flow that cannot be worked out is told, and the job succeeded all the same', async ({ page, server }) => {
  const one: Task = { id: 'one', type: 'values.set', parameters: { values: { n: 7 } } };
  const outputs = {
    odd: { from: 'expression', cel: 'outputs.one.values.n % 2 == 1' },
    lost: { from: 'expression', cel: 'outputs.one.values.missing + 1' },
  };
  await launch(page, server, { name: 'Lost output', tasks: [one], outputs });
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  await expect(page.getByText('An output of the flow could not be evaluated')).toBeVisible();
  await expect(page.getByText('missing').first()).toBeVisible();
});

test('a failure shows its words, its facts and where it was thrown, and leaves the page whole', async ({ page, server }) => {
  const unreachable: Task = { id: 'unreachable', type: 'http.request', parameters: { url: 'http://127.0.0.1:1/' } };
  await launch(page, server, { name: 'Unreachable', onFailure: 'hold', tasks: [unreachable] });
  await expect(page.getByTestId('forward-badge')).toContainText('Held');
  await page.getByTestId('node-unreachable').click();
  await expect(page.getByRole('heading', { name: 'Cause' })).toBeVisible();
  await staysWhole(page);
});

test('a job that is not there is said to be so, with the way on', async ({ page, server }) => {
  await page.goto(`${server.origin}/jobs/job_zzzzzzzzzzzz`);
  await expect(page.getByText('There is no job job_zzzzzzzzzzzz.')).toBeVisible();
  await page.getByRole('link', { name: 'See the jobs' }).click();
  await expect(page.getByRole('heading', { name: 'Jobs' })).toBeVisible();
});

test('on a machine whose clock is an hour behind, nothing took a negative time and the outcome is right', async ({ page, server }) => {
  await page.clock.install({ time: Date.now() - 3_600_000 });
  const slow: Task = { id: 'slow', type: 'command.run', parameters: { program: 'sh', args: ['-c', untilMade('clock-go')] } };
  await launch(page, server, { name: 'Clock behind', tasks: [slow, write('one', 'clock.txt')] });
  await expect(page.getByTestId('node-slow')).toHaveAttribute('data-state', 'RUNNING');
  await staysWhole(page);
  writeFileSync(join(server.filesFolder, 'clock-go'), '');
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  await expect(page.getByRole('main')).not.toContainText(/-\d+ (ms|s|min)|NaN|Invalid/);
});

test('without a session a page shows nothing of a job and says what to do', async ({ page, server, browser }) => {
  const job = await launch(page, server, { name: 'Private matters', tasks: [write('one', 'private.txt')] });
  const stranger = await browser.newContext();
  const other = await stranger.newPage();
  await other.goto(`${server.origin}/jobs/${job}`);
  await expect(other.getByText(/address that/i).first()).toBeVisible();
  await expect(other.getByText('Private matters')).toHaveCount(0);
  for (const procedure of ['jobs.get', 'logbook.page', 'rollback.plan', 'rollback.jointPlan']) {
    const answer = await other.request.get(`${server.origin}/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify({ job }))}`);
    expect(answer.status()).toBe(401);
  }
  await stranger.close();
});

test('a flow that is removed while its job is open takes nothing from the job: it is shown, and can be rolled back', async ({
  page,
  server,
}) => {
  await launch(page, server, { name: 'Removed', tasks: [write('one', 'removed.txt')] });
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  const flow = (await page.getByRole('link', { name: 'Removed' }).first().getAttribute('href'))?.split('/').at(-1) ?? '';
  await call(page, 'flows.remove', { flow });
  await page.reload();
  await staysWhole(page);
  await page.getByRole('button', { name: 'Roll back…' }).click();
  await page.getByRole('button', { name: 'Revert 1 task' }).click();
  await expect(page.getByTestId('rollback-badge')).toContainText('Rolled back');
  await page.goto(`${server.origin}/flows/${flow}/runs`);
  await expect(page.getByText(/There is no flow/)).toBeVisible();
});
