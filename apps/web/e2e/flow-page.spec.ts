// How a flow has fared: squares, success rate, durations and coverage, from real runs.
import { writeFileSync } from 'node:fs';
import { launchAgain } from './call.ts';
import { type Task, launch, write } from './launch.ts';
import { look } from './look.ts';
import { expect, test } from './server.ts';

test('the runs of a flow stand as squares with their rate, their durations and what of it can be undone', async ({ page, server }) => {
  const sent: Task = { id: 'sent', type: 'command.run', parameters: { program: 'sh', args: ['-c', 'test ! -e fail-now'] } };
  await launch(page, server, { name: 'Fared', tasks: [write('one', 'fared.txt'), sent] });
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  const flow = (await page.getByRole('link', { name: 'Fared' }).first().getAttribute('href'))?.split('/').at(-1) ?? '';
  await launchAgain(page, flow);
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  writeFileSync(`${server.filesFolder}/fail-now`, '');
  const failed = await launchAgain(page, flow);
  await expect(page.getByTestId('forward-badge')).toContainText(/Failed/);

  await page.goto(`${server.origin}/flows`);
  const row = page.getByRole('row', { name: /Fared/ });
  await expect(row.getByRole('list', { name: 'Last runs' }).getByRole('listitem')).toHaveCount(3);
  await expect(row).toContainText('50 %');
  await row.getByRole('link', { name: '67 % of 3' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Fared' })).toBeVisible();
  await expect(page.getByText('67 %')).toBeVisible();
  await expect(page.getByRole('img', { name: 'Durations of 2 runs' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'What cannot be undone' })).toContainText('sent');
  await look(page, 'flow-page');
  await page
    .getByRole('list', { name: 'Last runs' })
    .getByRole('link', { name: /^(Failed|Partially reverted), failed at/ })
    .click();
  await expect(page).toHaveURL(new RegExp(failed));
});
