// Incidents in which work is wound back, on real files and a real service. In each, the world is compared with what the
// page says, and the reverts that were recorded with the plan that was shown.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import type { Entry } from '@windlass/engine/run';
import { type TestSite, testSite } from '../../../packages/tasks/src/testing/site.ts';
import { ask, call, launchAgain } from './call.ts';
import { type Task, launch, untilMade, write } from './launch.ts';
import { expect, test as base, withServer } from './server.ts';

const test = base.extend<object, { site: TestSite }>({
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from here
    async ({}, use) => {
      const site = await testSite();
      await use(site);
      site.close();
    },
    { scope: 'worker' },
  ],
  server: [
    async ({ site }, use) => {
      await withServer(use, { WINDLASS_HTTP_ALLOW: site.host, WINDLASS_EXAMPLES: 'off', WINDLASS_COMMANDS: 'sh sleep' });
    },
    { scope: 'worker' },
  ],
});

/** Leaves a line in a journal when it is applied, and another when it is reverted, after this command of sh. */
const journal = (id: string, first = 'true'): Task => ({
  id,
  type: 'command.run',
  parameters: {
    program: 'sh',
    args: ['-c', `echo "apply ${id}" >> journal.txt; touch ${id}.made`],
    undo: { program: 'sh', args: ['-c', `${first}; echo "revert ${id}" >> journal.txt; rm -f ${id}.made`] },
    // Its effect is the same however often it runs, so a conductor that takes over repeats it.
    undoRepeatable: true,
  },
});

const entriesOf = (page: Page, job: string) => ask<Entry[]>(page, 'logbook.page', { job, limit: 500, after: 0 });

/** Tasks in the order of their plan, wave by wave. */
async function planned(sheet: Locator): Promise<string[]> {
  const rows = sheet.locator('[data-testid^="plan-"]', { hasText: /Revert/ });
  return (await rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-testid') ?? ''))).map((id) => id.slice('plan-'.length));
}

const reverted = (entries: readonly Entry[]): string[] =>
  entries.flatMap((entry) => (entry.kind === 'ATOM' && entry.to === 'REVERTED' ? [entry.atom] : []));

test('B1, B3, B5: back to a point in the logbook, then forward again with an edited input', async ({ page, server }) => {
  const files = ['one', 'two', 'three', 'four'];
  const job = await launch(page, server, { name: 'There and back', tasks: files.map((id) => write(id, `point-${id}.txt`)) });
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  const row = page.getByRole('region', { name: 'Logbook' }).getByRole('button', { name: /two success/ });
  await row.hover();
  await row.locator('..').getByRole('button', { name: 'Roll back to here' }).click();
  const sheet = page.getByRole('dialog', { name: 'Roll back' });
  await expect(sheet.getByTestId('plan-four')).toBeVisible();
  const plan = await planned(sheet);
  expect(plan).toEqual(['four', 'three']);
  await sheet.getByLabel('Reason').fill('from here it went wrong');
  await sheet.getByRole('button', { name: 'Revert 2 tasks' }).click();
  await expect(sheet).toContainText('Done as planned.');
  await sheet.getByRole('button', { name: 'Back to the job' }).click();
  expect(files.map((id) => existsSync(join(server.filesFolder, `point-${id}.txt`)))).toEqual([true, true, false, false]);
  expect(reverted(await entriesOf(page, job))).toEqual(plan);

  await page.getByRole('button', { name: 'Apply again' }).click();
  const dialog = page.getByRole('dialog', { name: 'Apply again' });
  await dialog.getByText('three', { exact: true }).click();
  await dialog.getByLabel('Input of “three”').fill('{"path": "point-three.txt", "content": "mended"');
  await expect(dialog.getByText(/This is not JSON/)).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Apply again' })).toBeDisabled();
  await dialog.getByLabel('Input of “three”').fill('{"path": "point-three.txt", "content": "mended"}');
  await dialog.getByRole('button', { name: 'Apply again' }).click();
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  await expect(page.getByTestId('node-four')).toHaveAttribute('data-state', 'SUCCESS');
  expect(readFileSync(join(server.filesFolder, 'point-three.txt'), 'utf8')).toBe('mended');
  expect(readFileSync(join(server.filesFolder, 'point-four.txt'), 'utf8')).toBe('four');

  // Long after, and though everything stands again: what was planned against what was done.
  await page.reload();
  await page.getByRole('button', { name: 'Rollback report' }).click();
  const report = page.getByRole('dialog', { name: 'Rollback report' });
  await expect(report).toContainText('Done as planned.');
  await expect(report).toContainText(/Confirmed by ana at .*: from here it went wrong/);
  await expect(report.getByRole('row', { name: 'three revert Reverted' })).toBeVisible();
  await expect(report.getByRole('row', { name: /^one/ })).toHaveCount(0);
  await page.keyboard.press('Escape');
});

test('B2: the plan says how long its reverts took in past rollbacks of the flow', async ({ page, server }) => {
  await launch(page, server, { name: 'Timed', tasks: [journal('t1', 'sleep 1'), journal('t2')] });
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  await page.getByRole('button', { name: 'Roll back…' }).click();
  const sheet = page.getByRole('dialog', { name: 'Roll back' });
  await expect(sheet.getByTestId('plan-t1')).toBeVisible();
  await expect(sheet).not.toContainText('past rollbacks');
  await sheet.getByRole('button', { name: 'Revert 2 tasks' }).click();
  await expect(sheet).toContainText('Done as planned.');
  await sheet.getByRole('button', { name: 'Back to the job' }).click();
  const [flow] = (await page.getByRole('link', { name: 'Timed' }).first().getAttribute('href'))?.split('/').slice(-1) ?? [];
  await launchAgain(page, flow ?? '');
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  await page.getByRole('button', { name: 'Roll back…' }).click();
  await expect(sheet.getByTestId('plan-t1')).toContainText(/It took \d+(\.\d)? s in past rollbacks \(1\)/);
  await expect(sheet).toContainText(/About \d+(\.\d)? s, from past rollbacks of this flow\./);
});

test('A2, B3: the server is killed in the middle of a rollback, which is then carried to its end', async ({ page, server }) => {
  const tasks = ['k1', 'k2', 'k3', 'k4'];
  const job = await launch(page, server, {
    name: 'Killed while winding back',
    tasks: tasks.map((id) => journal(id, id === 'k3' ? untilMade('k-go') : 'true')),
  });
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  await page.getByRole('button', { name: 'Roll back…' }).click();
  const sheet = page.getByRole('dialog', { name: 'Roll back' });
  await expect(sheet.getByTestId('plan-k1')).toBeVisible();
  const plan = await planned(sheet);
  await sheet.getByRole('button', { name: 'Revert 4 tasks' }).click();
  await expect(page.getByTestId('node-k4')).toHaveAttribute('data-state', 'REVERTED');
  await server.stop('SIGKILL');
  expect(existsSync(join(server.filesFolder, 'k4.made'))).toBe(false);
  expect(existsSync(join(server.filesFolder, 'k1.made'))).toBe(true);
  await expect(page.getByTestId('connection')).toContainText(/Reconnecting/);
  writeFileSync(join(server.filesFolder, 'k-go'), '');
  await server.start();
  await expect(sheet).toContainText('Done as planned.');
  expect(tasks.filter((id) => existsSync(join(server.filesFolder, `${id}.made`)))).toEqual([]);
  const entries = await entriesOf(page, job);
  expect(reverted(entries)).toEqual(plan);
  expect(entries.map(({ number }) => number)).toEqual(entries.map((_, index) => index + 1));
});

test('B2: of two people who confirm the same plan one is refused with the new one, and every revert runs once', async ({
  page,
  server,
  context,
}) => {
  await launch(page, server, { name: 'Two people', tasks: [journal('p1'), journal('p2', 'sleep 1'), journal('p3')] });
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  const other = await context.newPage();
  await other.goto(page.url());
  const sheets = [page, other].map((one) => one.getByRole('dialog', { name: 'Roll back' }));
  for (const one of [page, other]) await one.getByRole('button', { name: 'Roll back…' }).click();
  for (const sheet of sheets) await expect(sheet.getByRole('button', { name: 'Revert 3 tasks' })).toBeEnabled();
  await Promise.all(sheets.map((sheet) => sheet.getByRole('button', { name: 'Revert 3 tasks' }).click()));
  // Whoever came second reads that nothing more was undone by them, and what is so now.
  await expect(async () => {
    const told = await Promise.all(sheets.map((sheet) => sheet.getByRole('alert').count()));
    expect(told.toSorted()).toEqual([0, 1]);
  }).toPass();
  for (const one of [page, other]) await expect(one.getByTestId('rollback-badge')).toContainText('Rolled back');
  const lines = readFileSync(join(server.filesFolder, 'journal.txt'), 'utf8')
    .split('\n')
    .filter((line) => /revert p/.test(line));
  expect(lines).toEqual(['revert p3', 'revert p2', 'revert p1']);
  await other.close();
});

test('B2: a plan that was read before the logbook moved is refused, and the new one is shown', async ({ page, server }) => {
  await launch(page, server, { name: 'Stale', tasks: [journal('s1'), journal('s2')] });
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  await page.getByRole('button', { name: 'Roll back…' }).click();
  const sheet = page.getByRole('dialog', { name: 'Roll back' });
  await expect(sheet.getByRole('button', { name: 'Revert 2 tasks' })).toBeEnabled();
  // While the confirmation is on its way somebody else rolls one task back.
  const job = page.url().split('/').at(-1) ?? '';
  const choice = { kind: 'atoms', atoms: ['s2'], leaveOut: [] };
  await page.route(/rollback\.confirm/, async (route) => {
    const { hash } = await ask<{ hash: string }>(page, 'rollback.plan', { job, choice });
    await call(page, 'rollback.confirm', { job, choice, hash, reason: 'first' });
    await expect(() => expect(existsSync(join(server.filesFolder, 's2.made'))).toBe(false)).toPass();
    await route.continue();
  });
  await sheet.getByRole('button', { name: 'Revert 2 tasks' }).click();
  await expect(sheet.getByRole('alert')).toContainText('The plan has changed since you read it. Nothing was undone');
  await expect(sheet.getByRole('button', { name: 'Revert 1 task' })).toBeVisible();
  await expect(sheet.getByTestId('plan-s2')).toHaveCount(0);
  await sheet.getByRole('button', { name: 'Leave everything as it is' }).click();
  await expect(page.getByTestId('node-s1')).toHaveAttribute('data-state', 'SUCCESS');
  await expect(page.getByTestId('node-s2')).toHaveAttribute('data-state', 'REVERTED');
  expect(existsSync(join(server.filesFolder, 's1.made'))).toBe(true);
});

test('B2, R7: the saved output of a request is mended in the plan, and the undoing request goes where it says', async ({
  page,
  server,
  site,
}) => {
  const gone: string[] = [];
  site.answer = ({ method, url }) => {
    if (method === 'DELETE') gone.push(url ?? '');
    return { status: 200, body: JSON.stringify({ id: 7 }), headers: { 'content-type': 'application/json' } };
  };
  const create: Task = {
    id: 'create',
    type: 'http.request',
    parameters: { method: 'POST', url: `${site.origin}/boxes`, undo: { method: 'DELETE', url: `${site.origin}/boxes/{output.body.id}` } },
  };
  await launch(page, server, { name: 'Mended', tasks: [create] });
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  await page.getByRole('button', { name: 'Roll back…' }).click();
  const sheet = page.getByRole('dialog', { name: 'Roll back' });
  await sheet.getByText('Saved output that the revert gets').click();
  const field = sheet.getByLabel('Saved output');
  await field.fill((await field.inputValue()).replace('"id": 7', '"id": 8'));
  await expect(sheet.getByRole('button', { name: 'Revert 1 task' })).toBeDisabled();
  await expect(sheet).toContainText('A saved output was edited: give a reason');
  await sheet.getByLabel('Reason').fill('it was renamed to 8');
  await sheet.getByRole('button', { name: 'Revert 1 task' }).click();
  await expect(sheet).toContainText('Done as planned.');
  expect(gone).toEqual(['/boxes/8']);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('region', { name: 'Logbook' })).toContainText('edited');
});
