// What an operator does when a job does not go well: hold and skip, a revert that fails and is mended by hand, a pause.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type Task, launch, untilMade, write } from './launch.ts';
import { expect, test } from './server.ts';

/** Nothing that a revert may remove. */
function replaceByFolder(path: string): void {
  rmSync(path);
  mkdirSync(path);
  writeFileSync(join(path, 'theirs'), 'of somebody else');
}

test('a job held at a failure goes on without the task that failed', async ({ page, server }) => {
  const broken: Task = { id: 'broken', type: 'url.check', parameters: { url: 'http://10.0.0.1/', forMs: 0 } };
  await launch(page, server, { name: 'Held', onFailure: 'hold', tasks: [write('one', 'held-1.txt'), broken, write('two', 'held-2.txt')] });
  await expect(page.getByTestId('forward-badge')).toContainText('Held');
  await expect(page.getByTestId('node-two')).toHaveAttribute('data-state', 'PENDING');
  expect(existsSync(join(server.filesFolder, 'held-1.txt'))).toBe(true);
  await page.getByRole('button', { name: /^Skip/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').first().fill('not needed today');
  await dialog.getByRole('button', { name: /Skip/ }).click();
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  await expect(page.getByTestId('node-broken')).toHaveAttribute('data-state', 'IGNORE');
  expect(existsSync(join(server.filesFolder, 'held-2.txt'))).toBe(true);
});

test('a revert that fails stands until a person says what was done by hand', async ({ page, server }) => {
  await launch(page, server, { name: 'Stuck', tasks: [write('one', 'stuck-1.txt'), write('two', 'stuck-2.txt')] });
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  replaceByFolder(join(server.filesFolder, 'stuck-1.txt'));
  await page.getByRole('button', { name: 'Roll back…' }).click();
  // B6: what was changed meanwhile is shown before anything is undone, and needs a word.
  const confirm = page.getByRole('button', { name: 'Revert 2 tasks' });
  await expect(page.getByTestId('plan-one')).toContainText('Changed since: "stuck-1.txt" is no file any more.');
  await expect(page.getByTestId('plan-two')).toContainText('It is still as apply left it.');
  await expect(confirm).toBeDisabled();
  await page.getByLabel('Reason').fill('it was changed by mistake');
  await confirm.click();
  await expect(page.getByTestId('rollback-badge')).toContainText('a revert failed');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('node-one')).toHaveAttribute('data-state', 'REVERT_FAILURE');
  await expect(page.getByTestId('node-two')).toHaveAttribute('data-state', 'REVERTED');
  // Confirmed or not: what is no file is nothing that the task wrote.
  expect(readFileSync(join(server.filesFolder, 'stuck-1.txt/theirs'), 'utf8')).toBe('of somebody else');
  expect(existsSync(join(server.filesFolder, 'stuck-2.txt'))).toBe(false);
  await page.getByRole('button', { name: /^Mark as reverted/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').first().fill('the file is ours again');
  await dialog
    .getByRole('button', { name: /revert/i })
    .last()
    .click();
  await expect(page.getByTestId('rollback-badge')).toContainText(/rolled back/i);
  await expect(page.getByRole('region', { name: 'Logbook' })).toContainText('ana');
});

test('B6: what was changed since goes where a person has read that and confirmed it', async ({ page, server }) => {
  await launch(page, server, { name: 'Changed', tasks: [write('one', 'changed-1.txt')] });
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  writeFileSync(join(server.filesFolder, 'changed-1.txt'), 'changed by somebody');
  await page.getByRole('button', { name: 'Roll back…' }).click();
  await expect(page.getByTestId('plan-one')).toContainText('Changed since: "changed-1.txt" holds something else than what was written.');
  await page.getByLabel('Reason').fill('it was changed by mistake');
  await page.getByRole('button', { name: 'Revert 1 task' }).click();
  await expect(page.getByTestId('rollback-badge')).toContainText(/rolled back/i);
  expect(existsSync(join(server.filesFolder, 'changed-1.txt'))).toBe(false);
});

test('a pause awaits what runs and starts nothing more; resuming ends the job', async ({ page, server }) => {
  // A delay would only wait: it holds nobody, and a pause has nothing to await.
  const slow: Task = { id: 'slow', type: 'command.run', parameters: { program: 'sh', args: ['-c', untilMade('slow-go')] } };
  await launch(page, server, { name: 'Slow', tasks: [slow, write('two', 'slow-2.txt')] });
  await page.getByRole('button', { name: /^Pause/ }).click();
  await expect(page.getByTestId('forward-badge')).toContainText('Pausing');
  writeFileSync(join(server.filesFolder, 'slow-go'), '');
  await expect(page.getByRole('button', { name: /^Resume/ })).toBeVisible();
  await expect(page.getByTestId('node-slow')).toHaveAttribute('data-state', 'SUCCESS');
  expect(existsSync(join(server.filesFolder, 'slow-2.txt'))).toBe(false);
  await page.getByRole('button', { name: /^Resume/ }).click();
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  expect(existsSync(join(server.filesFolder, 'slow-2.txt'))).toBe(true);
});

test('the server is killed in the middle: the page says so, and the job is carried to its end', async ({ page, server }) => {
  const slow: Task = { id: 'slow', type: 'signal', parameters: { name: 'go-on' } };
  await launch(page, server, { name: 'Killed', tasks: [write('one', 'killed-1.txt'), slow, write('three', 'killed-3.txt')] });
  await expect(page.getByTestId('node-slow')).toHaveAttribute('data-state', 'WAITING');
  await server.stop('SIGKILL');
  await expect(page.getByTestId('connection')).toContainText(/Reconnecting/);
  await expect(page.getByTestId('node-slow')).toHaveAttribute('data-state', 'WAITING');
  await server.start();
  await expect(page.getByTestId('connection')).toContainText('Live');
  await page.getByTestId('node-slow').click();
  await page.getByRole('button', { name: 'Send signal go-on' }).click();
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  await expect(page.getByTestId('connection')).toContainText('Live');
  expect(existsSync(join(server.filesFolder, 'killed-3.txt'))).toBe(true);
});

test('L5: what a task prints stands in its Log tab while it runs, and afterwards', async ({ page, server }) => {
  const talks: Task = {
    id: 'talks',
    type: 'command.run',
    parameters: { program: 'sh', args: ['-c', `echo begun; ${untilMade('talks-go')}; echo done; echo oops >&2`] },
  };
  await launch(page, server, { name: 'Talks', tasks: [talks] });
  await page.getByTestId('node-talks').click();
  await page.getByRole('tab', { name: 'Log' }).click();
  const lines = page.getByRole('log', { name: 'Lines of the task' });
  await expect(lines).toContainText('begun');
  await expect(page.getByTestId('node-talks')).toHaveAttribute('data-state', 'RUNNING');
  writeFileSync(join(server.filesFolder, 'talks-go'), '');
  await expect(lines).toContainText('stderr: oops');
  await page.reload();
  await page.getByTestId('node-talks').click();
  await page.getByRole('tab', { name: 'Log' }).click();
  await expect(lines).toContainText('Apply, attempt 1');
  await expect(lines).toContainText('done');
});

test('the desk: what waits for a person, with what each choice would do, is answered there and logged with its reason', async ({
  page,
  server,
}) => {
  await launch(page, server, { name: 'For the desk', tasks: [write('one', 'desk-1.txt'), write('two', 'desk-2.txt')] });
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  const job = page.url().split('/').at(-1) ?? '';
  replaceByFolder(join(server.filesFolder, 'desk-1.txt'));
  await page.getByRole('button', { name: 'Roll back…' }).click();
  await page.getByLabel('Reason').fill('to see the desk');
  await page.getByRole('button', { name: 'Revert 2 tasks' }).click();
  await expect(page.getByTestId('rollback-badge')).toContainText('a revert failed');
  await page.keyboard.press('Escape');

  const asks: Task = { id: 'ask', type: 'approval', parameters: { question: 'May it go out?' } };
  await launch(page, server, { name: 'Asks', tasks: [asks] });
  const asking = page.url().split('/').at(-1) ?? '';
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Needs attention' }).click();
  const stuck = page.getByTestId(`desk-${job}`);
  await expect(stuck).toContainText('“one” could not be reverted');
  await expect(stuck).toContainText('is no file any more; it was left alone');
  await expect(stuck).toContainText('You have undone it by hand: no revert is called');
  await expect(page.getByTestId(`desk-${asking}`)).toContainText('May it go out?');
  const found = await new AxeBuilder({ page }).analyze();
  expect(found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);

  await stuck.getByRole('button', { name: 'Keep…' }).click();
  await page.getByRole('dialog').getByRole('textbox').first().fill('it is theirs now');
  await page.getByRole('dialog').getByRole('button', { name: 'Keep “one”' }).click();
  await expect(stuck).toHaveCount(0);
  expect(readFileSync(join(server.filesFolder, 'desk-1.txt/theirs'), 'utf8')).toBe('of somebody else');
  // The approval by its link: that job alone, and what to say once it was answered.
  await page.goto(`${server.origin}/jobs/${asking}`);
  await page.getByTestId('node-ask').click();
  const link = (await page.getByText(/attention\?job=/).textContent()) ?? '';
  await page.goto(link);
  await expect(page.getByTestId(`desk-${job}`)).toHaveCount(0);
  await page.getByTestId(`desk-${asking}`).getByRole('button', { name: 'Approve…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await expect(page.getByTestId(`desk-${asking}`)).toHaveCount(0);
  await expect(page.getByText('This job no longer needs a person')).toBeVisible();
  await page.goto(`${server.origin}/jobs/${job}`);
  await expect(page.getByTestId('rollback-badge')).toContainText(/part/i);
  await expect(page.getByRole('region', { name: 'Logbook' })).toContainText('it is theirs now');
});
