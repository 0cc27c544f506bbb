// A for-each whose list changes between two passes, on the job page: an iteration belongs to its element (P6).
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { launchFlow } from './launch.ts';
import { expect, test } from './server.ts';

const root = {
  kind: 'flow',
  id: 'root',
  name: 'Hosts',
  pattern: 'linear',
  items: [
    { kind: 'task', id: 'hosts', name: 'Which hosts', type: 'values.set', parameters: { values: { list: ['a', 'b'] } } },
    {
      kind: 'flow',
      id: 'each',
      name: 'Each host',
      pattern: 'for_each',
      forEach: { list: { from: 'output', item: 'hosts', path: 'values.list' } },
      items: [
        {
          kind: 'task',
          id: 'install',
          name: 'Install',
          type: 'file.write',
          parameters: { content: 'installed' },
          bindings: { path: { from: 'expression', cel: '"host-" + outputs.each.element + ".txt"' } },
        },
      ],
    },
  ],
};

const inspectorOf = (page: Page) => page.getByRole('region', { name: 'Inspector' });
const node = (page: Page, id: string) => page.getByTestId(`node-${id}`);

test('P6: a host that the new list has no longer stands, is told, and is undone first; a new one is done', async ({ page, server }) => {
  await launchFlow(page, server, { name: 'Hosts', root });
  const has = (host: string) => existsSync(join(server.filesFolder, `host-${host}.txt`));

  await test.step('the first list; then a rollback that leaves the first host', async () => {
    await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
    await expect(node(page, 'install')).toContainText('2/2');
    await node(page, 'hosts').click();
    await inspectorOf(page).getByRole('button', { name: 'Revert Which hosts' }).click();
    await page.getByRole('checkbox', { name: 'Revert Install [0] too' }).click();
    await page.getByLabel('Why Install [0] stays').fill('in use');
    await page.getByRole('button', { name: 'Leave it out' }).click();
    await page.getByRole('button', { name: /^Revert \d+ task/ }).click();
    await expect(page.getByTestId('rollback-badge')).toContainText(/rolled back/i);
    await page.keyboard.press('Escape');
    await expect.poll(() => [has('a'), has('b')]).toEqual([true, false]);
  });

  await test.step('applied again with another list, the page says what stands from before', async () => {
    await page.getByRole('button', { name: 'Apply again' }).click();
    const dialog = page.getByRole('dialog', { name: 'Apply again' });
    await dialog.getByText('Which hosts', { exact: true }).click();
    await dialog.getByLabel('Input of “Which hosts”').fill('{"values": {"list": ["n", "b"]}}');
    await dialog.getByRole('button', { name: 'Apply again' }).click();
    await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
    await expect.poll(() => [has('a'), has('b'), has('n')]).toEqual([true, true, true]);
    await expect(node(page, 'each')).toContainText('2 elements');
    await node(page, 'install').click();
    await inspectorOf(page).getByRole('button', { name: 'Install [0]' }).click();
    await expect(inspectorOf(page)).toContainText('No longer in the list, stands from an earlier pass.');
  });

  await test.step('R4: the next plan undoes it before the hosts of the list', async () => {
    await page.getByRole('button', { name: 'Roll back…' }).click();
    await expect(page.getByTestId('plan-each[0].install')).toContainText('No longer in the list');
    await page.getByRole('button', { name: /^Revert \d+ tasks/ }).click();
    await expect(page.getByTestId('rollback-badge')).toContainText(/rolled back/i);
    await expect.poll(() => [has('a'), has('b'), has('n')]).toEqual([false, false, false]);
  });
});
