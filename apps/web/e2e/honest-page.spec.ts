// The job page agrees with the engine: exactly the ticked tasks are undone, and a fact that changes while the page is open changes on it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from '@windlass/engine/run';
import { durationWords } from '../src/lib/times.ts';
import { ask, launchAgain } from './call.ts';
import { type Task, launch, write } from './launch.ts';
import { look } from './look.ts';
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
    await look(page, 'unticked');
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
    await expect(sheet).toContainText('2 tasks to revert, 1 left out');
  });

  await test.step('what is carried out is what was ticked', async () => {
    await sheet.getByRole('button', { name: 'Revert 2 tasks' }).click();
    await expect(page.getByTestId('rollback-badge')).toContainText('1 task left standing');
    await expect(sheet).toContainText('2 tasks reverted, 1 left standing.');
    await expect(sheet.getByRole('region', { name: 'Left standing' })).toContainText('three it is in use · by ana');
    await look(page, 'report');
    await sheet.getByRole('button', { name: 'Back to the job' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Rollback report' }).click();
    const report = page.getByRole('dialog', { name: 'Rollback report' });
    await expect(report.getByRole('region', { name: 'Left standing' })).toContainText('three it is in use · by ana');
    await expect(report).toContainText(/Confirmed by ana at \d\d:\d\d:\d\d/);
    expect(has()).toEqual([false, false, true]);
  });
});

/** Renames the only version of a flow, as if its former number were gone. */
function renumberVersion(dataFolder: string, { from, to }: { readonly from: number; readonly to: number }): void {
  const flow = "(select id from flow where name = 'Given up')";
  const sql = `update flow_version set version = ${to} where flow_id = ${flow} and version = ${from}`;
  // By the driver in a process of its own, past everything that keeps a database whole.
  const program = "new (require('libsql'))(process.argv[1]).exec(process.argv[2])";
  const args = ['-e', program, join(dataFolder, 'windlass.db'), sql];
  expect(spawnSync(process.execPath, args, { cwd: join(import.meta.dirname, '../../../packages/backends') }).status).toBe(0);
}

test('J4: a job that is given up while its page is open says so everywhere, and that it runs again when it does', async ({
  page,
  server,
}) => {
  const hangs: Task = { id: 'hangs', type: 'command.run', parameters: { program: 'sleep', args: ['300'] } };
  const job = await launch(page, server, { name: 'Given up', tasks: [write('one', 'given-up.txt'), hangs] });
  const header = page.getByText(/the claim/);
  await expect(page.getByTestId('node-hangs')).toHaveAttribute('data-state', 'RUNNING');
  await expect(header).toContainText(/holds the claim, lease \d+ s/);

  await test.step('given up: nobody works on it, and nothing turns', async () => {
    await server.stop('SIGKILL');
    renumberVersion(server.dataFolder, { from: 1, to: 7 });
    await server.start();
    await expect(page.getByText('This job was given up.')).toBeVisible();
    await expect(page.getByTestId('forward-badge')).toHaveText('Given up');
    await expect(header).toContainText('no conductor holds the claim');
    await expect(page.getByTestId('node-hangs')).toContainText('Interrupted');
    await expect(page.locator('.animate-spin:visible')).toHaveCount(0);
    await look(page, 'given-up');
    await expect(page.getByRole('button', { name: 'Pause', exact: true })).toHaveCount(0);
    renumberVersion(server.dataFolder, { from: 7, to: 1 });
    await page.getByRole('button', { name: 'Roll back…' }).click();
    await expect(page.getByTestId('plan-one')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Pause the job first' })).toHaveCount(0);
    // It can be confirmed as it is: the interrupted task is not applied again in order to be undone.
    await expect(page.getByTestId('plan-hangs')).toContainText('Whether it took effect is not known');
    await page.getByLabel(/^Type “keep”/).fill('keep');
    await expect(page.getByRole('button', { name: 'Revert 1 task' })).toBeEnabled();
    await page.getByRole('button', { name: 'Leave everything as it is' }).click();
  });

  await test.step('so do the lists', async () => {
    const other = await page.context().newPage();
    await other.goto(`${server.origin}/jobs`);
    await expect(
      other
        .getByRole('row', { name: new RegExp(job) })
        .or(other.getByText(job).locator('../..'))
        .first(),
    ).toContainText('Given up');
    await other.goto(server.origin);
    await expect(other.getByRole('region', { name: 'Needs attention' })).toContainText('Given up');
    await other.goto(`${server.origin}/attention`);
    const needs = other.getByTestId(`desk-${job}`);
    await expect(needs).toContainText('Given up');
    await needs.getByRole('link', { name: 'Open the job' }).click();
    await expect(other.getByTestId('forward-badge')).toHaveText('Given up');
    await other.close();
  });

  await test.step('tried again, the banner goes with the first entry', async () => {
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByText('This job was given up.')).toHaveCount(0);
    await expect(page.getByTestId('forward-badge')).not.toHaveText('Given up');
  });
});

test('B5, T2: after an automatic rollback the failed task stays marked, and one button applies again, from where it says', async ({
  page,
  server,
}) => {
  const breaks: Task = { id: 'breaks', type: 'url.check', parameters: { url: 'http://10.0.0.1/', forMs: 0 } };
  await launch(page, server, { name: 'Breaks', tasks: [write('one', 'again-1.txt'), breaks] });
  await expect(page.getByTestId('rollback-badge')).toContainText('Rolled back');
  await expect(page.getByTestId('node-breaks')).toContainText('Failed, nothing to undo');
  await expect(page.getByTestId('node-one')).toContainText('Reverted');
  await expect(page.getByRole('button', { name: /^Retry from/ })).toHaveCount(0);
  await page.getByRole('button', { name: /^Apply again/ }).click();
  await expect(page.getByRole('dialog', { name: 'Apply again from the start' })).toBeVisible();
});

test('the time of a task ends with its apply, also when it was reverted long after', async ({ page, server }) => {
  const job = await launch(page, server, { name: 'Compared later', tasks: [write('one', 'later.txt')] });
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  const flow = (await page.getByRole('link', { name: 'Compared later' }).first().getAttribute('href'))?.split('/').at(-1) ?? '';
  await page.getByRole('button', { name: 'Roll back…' }).click();
  await page.getByRole('button', { name: 'Revert 1 task' }).click();
  await expect(page.getByTestId('rollback-badge')).toContainText('Rolled back');
  const other = await launchAgain(page, flow);
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  await page.goto(`${server.origin}/compare?jobs=${job},${other}`);
  const entries = await ask<Entry[]>(page, 'logbook.page', { job, limit: 500, after: 0 });
  const timeOf = (to: string) => entries.find((entry) => entry.kind === 'ATOM' && entry.to === to)?.time ?? 0;
  const apply = page.getByTestId('compared-one').getByTitle(/^A, apply: /);
  await expect(apply).toHaveAttribute('title', new RegExp(`, ${durationWords(timeOf('SUCCESS') - timeOf('RUNNING'))}$`));
});

test('L2, R10: a task that was skipped by hand shows beside the outcome, and its act tells what was given and why', async ({
  page,
  server,
}) => {
  const probe: Task = { id: 'probe', type: 'url.check', parameters: { url: 'http://10.0.0.1/', forMs: 0 } };
  const after = {
    ...write('after', 'helped.txt'),
    parameters: { path: 'helped.txt' },
    bindings: { content: { from: 'output', item: 'probe', path: 'body' } },
  };
  await launch(page, server, { name: 'Helped along', onFailure: 'hold', tasks: [probe, after] });
  await expect(page.getByTestId('forward-badge')).toContainText('Held');
  await expect(page.getByTestId('by-hand-badge')).toHaveCount(0);
  await page.getByRole('button', { name: /^Skip/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Skip “probe”' });
  await dialog.getByLabel('Reason').fill('the host is being moved');
  // The template has all that the type of the task promises.
  const outputs = dialog.getByLabel('Outputs in its place');
  await expect(outputs).toHaveValue(/"url": "".*"body": ""/s);
  await expect(dialog).toContainText('Used by: after → body.');
  await look(page, 'skip');
  await outputs.fill('{"url": "http://10.0.0.1/", "status": 200, "tries": 1, "body": "by hand"}');
  await dialog.getByRole('button', { name: 'Skip “probe”' }).click();
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  await expect(page.getByTestId('by-hand-badge')).toContainText('By hand: probe skipped');
  await page
    .getByRole('region', { name: 'Logbook' })
    .getByRole('button', { name: /ana skipped probe, gave \{/ })
    .click();
  const act = page.getByRole('region', { name: /^Act, entry \d+/ });
  await expect(act).toContainText('Reason: the host is being moved');
  await expect(act).toContainText('"body": "by hand"');
  await look(page, 'act');
  await act.getByRole('button', { name: 'Close the act' }).click();
  await expect(act).toHaveCount(0);
});
