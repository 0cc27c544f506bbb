// Two jobs of one flow side by side: where they parted, and which values differ.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchAgain } from './call.ts';
import { type Task, launch, write } from './launch.ts';
import { look } from './look.ts';
import { expect, test } from './server.ts';

test('a job that failed is set beside one that did not: states, times and the values that differ', async ({ page, server }) => {
  const block = join(server.filesFolder, 'compare-block');
  const checks: Task = {
    id: 'look',
    type: 'command.run',
    parameters: { program: 'sh', args: ['-c', 'sleep 0.4; date +%N; test ! -e compare-block'] },
  };
  const same: Task = { id: 'one', type: 'values.set', parameters: { values: { colour: 'blue' } } };
  const well = await launch(page, server, {
    name: 'Compared',
    onFailure: 'hold',
    tasks: [same, checks, write('two', 'compare-2.txt')],
  });
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  writeFileSync(block, '');
  const flow = (await page.getByRole('link', { name: 'Compared' }).first().getAttribute('href'))?.split('/').at(-1) ?? '';
  const badly = await launchAgain(page, flow);
  await expect(page.getByTestId('forward-badge')).toContainText('Held');
  rmSync(block);

  await page.getByRole('link', { name: 'Compare…' }).click();
  await page
    .getByRole('region', { name: 'Jobs of the same flow' })
    .getByRole('link', { name: new RegExp(well) })
    .click();
  await expect(page.getByRole('article', { name: 'Job A' })).toContainText(badly);
  await expect(page.getByRole('article', { name: 'Job B' })).toContainText(well);
  await expect(page.getByTestId('compared-look')).toContainText('Differs:');
  await expect(page.getByTestId('compared-look')).toContainText('Failed');
  await expect(page.getByTestId('compared-look')).toContainText('Succeeded');
  await expect(page.getByTestId('compared-two')).toContainText('did not begin');
  await expect(page.getByText('Both were launched with the same inputs.')).toBeVisible();
  await page
    .getByTestId('compared-look')
    .getByText(/values? differs?/)
    .click();
  await expect(page.getByTestId('compared-look')).toContainText('stdout');
  await look(page, 'compare');
  await page.getByLabel('Only what differs').check();
  await expect(page.getByTestId('compared-one')).toHaveCount(0);
  await page.getByRole('button', { name: 'Swap the two jobs' }).click();
  await expect(page.getByRole('article', { name: 'Job A' })).toContainText(well);
});
