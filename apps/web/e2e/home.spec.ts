// Home and the claims: what runs stands on both, a counter leads to the jobs that it counts, and two that are ticked
// there are compared.
import { call } from './call.ts';
import { type Task, launch } from './launch.ts';
import { look } from './look.ts';
import { expect, test } from './server.ts';

test('a job that runs stands on Home and under the claims, counters filter the list, and two jobs are ticked to compare them', async ({
  page,
  server,
}) => {
  const slow: Task = { id: 'slow', type: 'command.run', parameters: { program: 'sleep', args: ['60'] } };
  const job = await launch(page, server, { name: 'Slow', tasks: [slow], onFailure: 'hold' });
  await expect(page.getByTestId('forward-badge')).toContainText('Running');
  const flow = (await page.getByRole('link', { name: 'Slow' }).first().getAttribute('href'))?.split('/').at(-1) ?? '';
  await page.goto(server.origin);
  await expect(page.getByRole('region', { name: 'Running' }).getByRole('link', { name: /Slow/ })).toBeVisible();
  await look(page, 'home');
  await page.goto(`${server.origin}/resources`);
  await expect(page.getByTestId(`claim-${job}`)).toContainText(/\d+ s left/);
  await look(page, 'claims');

  await page.goto(server.origin);
  const counters = page.getByRole('region', { name: 'Jobs by state' });
  await counters.getByRole('link', { name: 'Waiting' }).click();
  await expect(page).toHaveURL(/q=state(:|%3A)waiting/);
  await expect(page.getByTestId('found')).toContainText(/job/);
  await expect(page.getByTestId(`job-${job}`)).toHaveCount(0);
  await page.goBack();
  await counters.getByRole('link', { name: 'Running' }).click();
  await expect(page.getByTestId(`job-${job}`)).toBeVisible();

  const { job: other } = await call<{ job: string }>(page, 'jobs.launch', { flow, version: 1, inputs: {} });
  await page.goto(`${server.origin}/jobs`);
  for (const one of [job, other]) await page.getByRole('checkbox', { name: `Select ${one}` }).check();
  await page.getByRole('region', { name: 'Selected jobs' }).getByRole('link', { name: 'Compare' }).click();
  await expect(page.getByRole('article', { name: 'Job A' })).toContainText(job);
  await expect(page.getByRole('article', { name: 'Job B' })).toContainText(other);
});
