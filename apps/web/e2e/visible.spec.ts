// Nothing that a person needs is cut off: buttons, names and states at the widths of a screen, a half screen and a phone.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { call } from './call.ts';
import { type Task, launch, launchFlow, write } from './launch.ts';
import { type TestServer, test as base, expect, withServer } from './server.ts';

const tasks = mkdtempSync(join(tmpdir(), 'windlass-visible-'));
writeFileSync(
  join(tasks, 'own-stuck.ts'),
  `import { defineTask } from '@windlass/engine';
  import { z } from 'zod';
  export default defineTask({
    type: 'own.stuck', version: 1, title: 'Stuck', summary: 'Its revert fails.', icon: 'box', group: 'Own',
    input: z.object({}), output: z.object({}), effects: { kind: 'reversible', undo: 'gives it back' }, repeatable: true,
    async apply() { return {}; },
    async revert() { throw new Error('The owner of the machine does not answer.'); },
  });`,
);

const test = base.extend<object, { server: TestServer }>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from here
    async ({}, use) => {
      await withServer(use, { WINDLASS_TASKS: tasks, WINDLASS_EXAMPLES: 'off' });
      rmSync(tasks, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],
});

const isCut = (part: Locator) => part.evaluate((one) => one.scrollWidth > one.clientWidth);

/** The box of the part lies inside that of the pane. */
async function expectInside(part: Locator, pane: Locator): Promise<void> {
  const [inner, outer] = [await part.boundingBox(), await pane.boundingBox()];
  if (inner === null || outer === null) throw new Error('It is not drawn.');
  expect(inner.y).toBeGreaterThanOrEqual(outer.y);
  expect(inner.y + inner.height).toBeLessThanOrEqual(outer.y + outer.height + 0.5);
  expect(inner.x + inner.width).toBeLessThanOrEqual(outer.x + outer.width + 0.5);
}

const SIZES = [
  { width: 1440, height: 900 },
  { width: 820, height: 1180 },
] as const;

test('the buttons that answer an approval or send a signal are in sight without scrolling, and so is the focus', async ({
  page,
  server,
}) => {
  const ask: Task = { id: 'ask', type: 'approval', parameters: { question: 'May the database of the shop be moved?', by: ['ana', 'ben'] } };
  const signal: Task = { id: 'signal', type: 'signal', parameters: { name: 'moved' } };
  const inspector = page.getByRole('region', { name: 'Inspector' });
  await launch(page, server, { name: 'Asked', tasks: [ask, signal] });
  await page.getByTestId('lane-ask').getByRole('button').first().click();
  // The ring of a tab with the focus lies inside it, because the row of tabs cuts what is outside.
  const input = inspector.getByRole('tab', { name: 'Input' });
  await inspector.getByRole('tab', { name: 'Summary' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(input).toBeFocused();
  await expect(input).toHaveCSS('outline-offset', '-2px');
  await page.keyboard.press('ArrowLeft');
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await expectInside(inspector.getByRole('button', { name: 'Approve' }), inspector);
    await expectInside(inspector.getByRole('button', { name: 'Reject' }), inspector);
    const [link, reject] = [inspector.getByText('Others can answer it at'), inspector.getByRole('button', { name: 'Reject' })];
    const [below, above] = [await link.boundingBox(), await reject.boundingBox()];
    expect(below?.y).toBeGreaterThanOrEqual((above?.y ?? 0) + (above?.height ?? 0));
  }
  await inspector.getByRole('button', { name: 'Approve' }).click();
  await page.getByTestId('lane-signal').getByRole('button').first().click();
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await expectInside(inspector.getByRole('button', { name: 'Send signal moved' }), inspector);
  }
});

test('names give way to states, badges and buttons are whole, and a report names its tasks on a phone', async ({ page, server }) => {
  const long = (id: string) => ({ ...write(id, `${id}.txt`), name: `Write the release notes of the ${id} to the archive of the shop` });
  const breaks = {
    id: 'breaks',
    name: 'Look at the shop that sells the release to all the customers',
    type: 'url.check',
    parameters: { url: 'http://10.0.0.1/', forMs: 0 },
  };
  const items = [long('first'), long('second'), breaks].map((one) => ({ kind: 'task', ...one }));
  const root = { kind: 'flow', id: 'root', name: 'Released', pattern: 'linear', items };
  await launchFlow(page, server, { name: 'Released', onFailure: 'hold', root });
  // On a phone the banner has its whole sentence, and each of its acts.
  const banner = page.getByRole('alert').filter({ hasText: 'The job waits for you.' });
  await expect(banner).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  for (const act of await banner.getByRole('button').all()) await expectInside(act, banner);
  // So has a dialog whose button names the task.
  await banner.getByRole('button', { name: 'Retry from' }).click();
  const dialog = page.getByRole('dialog');
  for (const act of await dialog.getByRole('button').all()) await expectInside(act, dialog);
  await page.keyboard.press('Escape');
  const sentence = banner.getByText('The job waits for you.');
  expect(await sentence.evaluate((one) => one.scrollHeight - one.clientHeight)).toBeLessThanOrEqual(0);
  await page.setViewportSize(SIZES[0]);
  await page.getByRole('button', { name: 'Roll back…' }).first().click();
  await page.getByRole('button', { name: 'Revert 2 tasks' }).click();
  await expect(page.getByTestId('rollback-badge')).toContainText('Rolled back');
  await page.getByRole('button', { name: 'Back to the job' }).click();
  const logbook = page.getByRole('region', { name: 'Logbook' });
  for (const state of await logbook.getByText(/^(reverted|success)$/).all()) expect(await isCut(state)).toBe(false);
  await expect(logbook.getByText('reverted', { exact: true }).first()).toBeVisible();
  expect(await isCut(logbook.getByText('ana', { exact: true }).first())).toBe(false);
  expect(await isCut(page.getByTestId('forward-badge').locator('span'))).toBe(false);
  const again = page.getByRole('button', { name: /^Apply again/ });
  expect(await isCut(again.locator('span'))).toBe(false);
  // The list of inputs has no scroll bar of its own inside the dialog.
  await again.click();
  const inputs = page.getByRole('dialog').locator('fieldset ul');
  for (const one of await inputs.locator('summary').all()) await one.click();
  expect(await inputs.evaluate((list) => list.scrollHeight - list.clientHeight)).toBe(0);
  await page.keyboard.press('Escape');

  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('button', { name: 'Rollback report' }).click();
  const report = page.getByRole('dialog');
  for (const cell of await report.locator('td').all()) expect(await isCut(cell)).toBe(false);
  await expectInside(report.locator('table').first(), report);
});

test('R7: a revert that waits for its next attempt says so on node, badge, attempts and timeline, also while it is paused', async ({
  page,
  server,
}) => {
  const back = { id: 'back', type: 'own.stuck', name: 'Lend the machine', parameters: {}, revertPolicy: { attempts: 3, delayMs: 600_000 } };
  await launch(page, server, { name: 'Return the machine', tasks: [back] });
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  await page.getByRole('button', { name: 'Roll back…' }).click();
  await page.getByRole('button', { name: 'Revert 1 task' }).click();
  await page.getByRole('button', { name: 'Back to the job' }).click();
  const node = page.getByTestId('node-back');
  await expect(node).toContainText('Revert failed, tries again at');
  await expect(page.getByTestId('rollback-badge')).toContainText('next attempt at');
  const line = page.getByRole('region', { name: 'Logbook' }).getByText(/^revert 1 failed, next at/);
  expect(await isCut(line)).toBe(false);
  await node.click();
  const inspector = page.getByRole('region', { name: 'Inspector' });
  await expect(inspector).toContainText(/Revert call\s*attempt 1/);
  await expect(page.getByTestId('lane-back').locator('[title^="Revert"]')).toHaveCount(1);
  await inspector.getByRole('tab', { name: 'Attempts' }).click();
  await expect(inspector).toContainText('Revert 1 failed');
  await expect(inspector).toContainText('The owner of the machine does not answer.');
  await expect(inspector).not.toContainText('Revert 2');
  await page.getByRole('button', { name: 'Pause the rollback' }).click();
  await expect(node).toContainText('Revert failed, paused');
});

test('a problem of a flow and its fix are whole in a narrow window', async ({ page, server }) => {
  const item = (id: string, name: string) => ({ ...write(id, `${id}.txt`), kind: 'task', name });
  const items = [
    item('look', 'Ask the main mirror'),
    item('fallback', 'Ask the other mirror'),
    item('merge', 'Write the list of releases'),
  ];
  const links = [
    { id: 'l1', from: 'look', to: 'merge' },
    { id: 'l2', from: 'look', to: 'fallback', onFailure: true },
    { id: 'l3', from: 'fallback', to: 'merge' },
  ];
  const document = JSON.stringify({
    schemaVersion: 1,
    name: 'Mirrors',
    root: { kind: 'flow', id: 'root', name: 'Mirrors', pattern: 'graph', items, links },
  });
  const { flow } = await call<{ flow: string }>(page, 'flows.import', { document });
  await page.setViewportSize({ width: 820, height: 1180 });
  await page.goto(`${server.origin}/flows/${flow}`);
  const problems = page.getByRole('region', { name: 'Problems' });
  const fix = problems.getByRole('button', { name: 'Wait for the ways that are taken' });
  await fix.scrollIntoViewIfNeeded();
  await expectInside(fix, problems);
  expect(await problems.evaluate((drawer) => drawer.scrollWidth - drawer.clientWidth)).toBe(0);
  const sentence = await problems.getByText('waits for all its links').boundingBox();
  expect(sentence?.width).toBeGreaterThan(150);
});
