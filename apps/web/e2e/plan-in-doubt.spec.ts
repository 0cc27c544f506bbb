// The plan of a rollback while a task is in doubt: the sheet has the acts that its text asks for.
import { type Task, launch, write } from './launch.ts';
import { look } from './look.ts';
import { expect, test } from './server.ts';

const hangs: Task = { id: 'hangs', type: 'command.run', parameters: { program: 'sleep', args: ['300'] } };

test('A4, B1: the plan of a job in doubt offers the answers to the doubt and a cancel with a rollback', async ({ page, server }) => {
  await launch(page, server, { name: 'Plan in doubt', tasks: [write('one', 'plan-in-doubt.txt'), hangs] });
  await expect(page.getByTestId('node-hangs')).toHaveAttribute('data-state', 'RUNNING');
  await server.stop('SIGKILL');
  await server.start();
  await page.reload();
  await expect(page.getByText('hangs is in doubt')).toBeVisible();
  await page.getByRole('button', { name: 'Roll back…' }).click();
  const sheet = page.getByRole('dialog', { name: 'Roll back' });
  await expect(sheet.getByText('“hangs” is in doubt')).toBeVisible();
  await expect(sheet).toContainText('Its program “sleep” no longer runs');
  await expect(sheet.getByText(/effect is not known/)).toHaveCount(1);
  await expect(sheet.getByRole('button', { name: /^Revert / })).toHaveCount(0);
  await expect(sheet.getByRole('button', { name: 'Cancel and roll back…' })).toBeVisible();
  await look(page, 'plan-in-doubt');

  await sheet.getByRole('button', { name: 'It happened' }).click();
  const asked = page.getByRole('dialog', { name: 'It happened: “hangs”' });
  await asked.getByLabel(/^Reason/).fill('I looked');
  await look(page, 'plan-in-doubt-asked');
  await asked.getByRole('button', { name: 'It happened' }).click();
  await expect(asked).toHaveCount(0);
  await expect(sheet.getByText('“hangs” is in doubt')).toHaveCount(0);
  await expect(sheet.getByRole('button', { name: 'Revert 1 task' })).toBeVisible();
});
