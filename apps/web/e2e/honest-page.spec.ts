// The job page says what is so: what is ticked is what is undone, and a fact that changes while the page is open changes on it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { launch, write } from './launch.ts';
import { expect, test } from './server.ts';

test('B1: a task that was unticked in the plan is never reverted: its reason is needed before the plan can be confirmed', async ({
  page,
  server,
}) => {
  const files = ['one', 'two', 'three'];
  const has = () => files.map((id) => existsSync(join(server.filesFolder, `ticked-${id}.txt`)));
  await launch(page, server, { name: 'Ticked', tasks: files.map((id) => write(id, `ticked-${id}.txt`)) });
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  await page.getByRole('button', { name: 'Roll back…' }).click();
  const sheet = page.getByRole('dialog', { name: 'Roll back' });
  await sheet.getByText('Choose tasks').click();
  const inList = sheet.getByRole('checkbox', { name: /^three/ });
  const inPlan = sheet.getByRole('checkbox', { name: 'Revert three too' });

  await test.step('unticked in the list of tasks, it comes back because it depends on others', async () => {
    await inList.uncheck();
    await expect(inPlan).not.toBeChecked();
    await expect(inList).not.toBeChecked();
    await expect(sheet).toContainText('Say why “three” stays, or tick it again.');
    await expect(sheet.getByRole('button', { name: /^Revert \d tasks/ })).toBeDisabled();
  });

  await test.step('ticked again it goes with the others; unticked again it is left out with its reason', async () => {
    await inPlan.check();
    await expect(inList).toBeChecked();
    await expect(sheet.getByRole('button', { name: 'Revert 3 tasks' })).toBeEnabled();
    await inPlan.uncheck();
    await sheet.getByLabel('Why three stays').fill('it is in use');
    await expect(sheet.getByRole('button', { name: /^Revert \d tasks/ })).toBeDisabled();
    await sheet.getByRole('button', { name: 'Leave it out' }).click();
    await expect(sheet).toContainText('2 tasks reverted, 0 kept, 1 left out');
  });

  await test.step('what is carried out is what was ticked', async () => {
    await sheet.getByRole('button', { name: 'Revert 2 tasks' }).click();
    await expect(page.getByTestId('rollback-badge')).toContainText('1 task left standing', { timeout: 20_000 });
    expect(has()).toEqual([false, false, true]);
  });
});
