// Home and the claims: what runs stands on both, and a counter leads to the jobs that it counts.
import AxeBuilder from '@axe-core/playwright';
import { type Task, launch } from './launch.ts';
import { expect, test } from './server.ts';

test('a job that runs stands on Home and under the claims, and counters filter the list', async ({ page, server }) => {
  const slow: Task = { id: 'slow', type: 'command.run', parameters: { program: 'sleep', args: ['60'] } };
  const job = await launch(page, server, { name: 'Slow', tasks: [slow], onFailure: 'hold' });
  await expect(page.getByTestId('forward-badge')).toContainText('Running');
  for (const [path, name] of [
    ['/', 'home'],
    ['/resources', 'claims'],
  ] as const) {
    await page.goto(`${server.origin}${path}`);
    if (path === '/') await expect(page.getByRole('region', { name: 'Running' }).getByRole('link', { name: /Slow/ })).toBeVisible();
    else await expect(page.getByTestId(`claim-${job}`)).toContainText(/\d+ s left/);
    for (const theme of ['light', 'dark']) {
      await page.evaluate((choice) => {
        document.documentElement.dataset['theme'] = choice;
      }, theme);
      await page.waitForTimeout(200);
      const folder = process.env['WINDLASS_SHOTS'];
      if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}-now-${theme}.png` });
      const found = await new AxeBuilder({ page }).analyze();
      expect(found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    }
  }
  await page.goto(server.origin);
  const counters = page.getByRole('region', { name: 'Jobs by state' });
  await counters.getByRole('link', { name: 'Waiting' }).click();
  await expect(page.getByRole('button', { name: 'Waiting' })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByTestId(`job-${job}`)).toHaveCount(0);
  await page.goBack();
  await counters.getByRole('link', { name: 'Running' }).click();
  await expect(page.getByTestId(`job-${job}`)).toBeVisible();
});
