// The jobs list: a search as text and as chips, a view that is kept, and an act on many jobs with its record.
import AxeBuilder from '@axe-core/playwright';
import { expect, test as base, type TestServer, withServer } from './server.ts';

const test = base.extend<object, { server: TestServer }>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from here
    async ({}, use) => {
      await withServer(use, { WINDLASS_EXAMPLES: 'off' });
    },
    { scope: 'worker' },
  ],
});

test('jobs are searched, the search is kept, and all that match are cancelled by one act that outlives the server', async ({
  page,
  server,
}) => {
  const call = async (procedure: string, data: object) => {
    const headers = { 'content-type': 'application/json', origin: server.origin };
    const answer = await page.request.post(`${server.origin}/trpc/${procedure}`, { data, headers });
    return ((await answer.json()) as { result: { data: { flow: string; job: string } } }).result.data;
  };
  const task = { kind: 'task', id: 'wait', name: 'Wait', type: 'delay', parameters: { ms: 600_000 } };
  const inputs = { type: 'object', properties: { region: { type: 'string' } } };
  const root = { kind: 'flow', id: 'root', name: 'Slow release', pattern: 'linear', items: [task] };
  const { flow } = await call('flows.import', { document: JSON.stringify({ schemaVersion: 1, name: 'Slow release', inputs, root }) });
  await call('flows.publish', { flow, revision: 1, note: '' });
  for (const region of ['eu', 'us', 'eu', 'ap', 'eu']) await call('jobs.launch', { flow, version: 1, inputs: { region } });

  await page.goto(`${server.origin}/jobs`);
  await expect(page.getByTestId('found')).toHaveText('5 jobs');
  const box = page.getByRole('textbox', { name: 'Search jobs' });
  await box.fill('flow:"slow release" input.region:eu');
  await expect(page.getByTestId('found')).toHaveText('3 jobs');
  await expect(page).toHaveURL(/[?&]q=flow/);
  await expect(page.getByRole('list', { name: 'Conditions' }).getByRole('listitem')).toHaveCount(2);

  // What cannot be read is said with its place, and the list stays as it was.
  await box.fill('flow:"slow release" colour:red');
  await expect(page.getByTestId('search-problem')).toContainText('“colour” is not a search key');
  await expect(page.getByTestId('search-problem').locator('mark')).toHaveText('colour');
  await box.fill('flow:"slow release" input.region:eu');
  await box.press('Enter');
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'Priority' }).check();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('columnheader', { name: 'Priority' })).toBeVisible();

  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('textbox', { name: 'Name of the view' }).fill('Europe');
  await page.getByRole('checkbox', { name: 'for everybody' }).check();
  await page.getByRole('button', { name: 'Keep', exact: true }).click();
  await expect(page.getByRole('list', { name: 'Views' })).toContainText('Europe');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Remove input.region:eu' }).click();
  await expect(page.getByTestId('found')).toHaveText('5 jobs');
  await page.getByRole('button', { name: 'Views' }).click();
  await page
    .getByRole('list', { name: 'Views' })
    .getByRole('button', { name: /^Europe/ })
    .click();
  await expect(page.getByTestId('found')).toHaveText('3 jobs');

  await page
    .getByRole('checkbox', { name: /^Select job_/ })
    .first()
    .check();
  const bar = page.getByRole('region', { name: 'Selected jobs' });
  await expect(bar).toContainText('1 job selected');
  await bar.getByRole('button', { name: 'Select all 3 that match' }).click();
  expect(
    (await new AxeBuilder({ page }).analyze()).violations.filter(({ impact }) => impact === 'serious' || impact === 'critical'),
  ).toEqual([]);
  await bar.getByRole('button', { name: 'Cancel…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Cancel 3 jobs' });
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('wrong region');
  await dialog.getByRole('button', { name: 'Cancel 3 jobs' }).click();

  const record = page.getByRole('dialog', { name: /^Cancel 3 jobs · #1/ });
  await expect(record.getByTestId('bulk-state')).toHaveText('Ended');
  await expect(record.getByRole('list', { name: 'Jobs of this act' }).getByRole('listitem')).toHaveCount(3);
  expect(
    (await new AxeBuilder({ page }).analyze()).violations.filter(({ impact }) => impact === 'serious' || impact === 'critical'),
  ).toEqual([]);

  await server.stop('SIGKILL');
  await server.start();
  await page.goto(`${server.origin}/jobs?bulk=1`);
  await expect(record).toContainText('wrong region');
  await expect(record.getByRole('button', { name: 'done 3' })).toBeVisible();
  await record.getByRole('list', { name: 'Jobs of this act' }).getByRole('link').first().click();
  await expect(page.getByRole('region', { name: 'Logbook' })).toContainText('wrong region (bulk act 1)');
});
