// A run of every construct on the job page: iterations, rounds, a retry, a choice, an approval, a signal; then undone.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { launchFlow } from './launch.ts';
import { look } from './look.ts';
import { expect, test } from './server.ts';

const write = (id: string, more: object) => ({ kind: 'task', id, name: id, type: 'file.write', parameters: { content: id }, ...more });

const root = {
  kind: 'flow',
  id: 'root',
  name: 'Everything runs',
  pattern: 'linear',
  items: [
    {
      kind: 'flow',
      id: 'regions',
      name: 'Each region',
      pattern: 'for_each',
      limit: 2,
      forEach: { list: { from: 'constant', value: ['north', 'south', 'east'] }, collect: 'attach' },
      items: [write('attach', { bindings: { path: { from: 'expression', cel: '"region-" + outputs.regions.element + ".txt"' } } })],
    },
    {
      kind: 'flow',
      id: 'rounds',
      name: 'Until ready',
      pattern: 'loop',
      loop: { again: 'outputs.rounds.round < 1', limit: 5 },
      items: [write('poll', { bindings: { path: { from: 'expression', cel: '"round-" + string(outputs.rounds.round) + ".txt"' } } })],
    },
    write('stubborn', {
      bindings: { path: { from: 'output', item: 'stubborn_retry', path: 'value' } },
      retry: { id: 'stubborn_retry', strategy: { kind: 'for_each', values: ['../outside.txt', 'second.txt'] }, delayMs: 4_000 },
    }),
    {
      kind: 'flow',
      id: 'choice',
      name: 'Choice',
      pattern: 'graph',
      items: [
        write('left', { parameters: { path: 'left.txt', content: 'x' } }),
        write('right', { parameters: { path: 'right.txt', content: 'x' } }),
      ],
      links: [{ id: 'left_to_right', from: 'left', to: 'right', decider: 'outputs.left.path == "elsewhere"', depth: 'flow' }],
    },
    { kind: 'task', id: 'ask', name: 'ask', type: 'approval', parameters: { question: 'May it go on?' } },
    { kind: 'task', id: 'wait', name: 'wait', type: 'signal', parameters: { name: 'deploy-done' } },
  ],
};

const inspectorOf = (page: Page) => page.getByRole('region', { name: 'Inspector' });
const node = (page: Page, id: string) => page.getByTestId(`node-${id}`);

test('iterations, rounds, a retry, a choice, an approval and a signal are followed, answered and undone', async ({ page, server }) => {
  await launchFlow(page, server, { name: 'Everything runs', root });
  const inspector = inspectorOf(page);

  await test.step('R1: while its retry waits the task says so', async () => {
    await expect(node(page, 'stubborn')).toHaveAttribute('data-state', 'RETRYING');
    await expect(node(page, 'stubborn')).toContainText('Tries again');
    await expect(node(page, 'stubborn')).toHaveAttribute('data-state', 'SUCCESS');
  });

  await test.step('P6, P7: iterations are one node with their count, and each can be stepped to', async () => {
    await expect(node(page, 'regions')).toContainText('3 elements');
    await expect(node(page, 'attach')).toContainText('3/3');
    await expect(node(page, 'attach')).toHaveAttribute('data-state', 'SUCCESS');
    await expect(node(page, 'poll')).toContainText('2/2');
    await node(page, 'attach').click();
    await expect(inspector.getByRole('heading', { name: 'attach [2]' })).toBeVisible();
    await page.getByRole('button', { name: 'Earlier iteration of attach' }).click();
    await expect(inspector.getByRole('heading', { name: 'attach [1]' })).toBeVisible();
    await inspector.getByRole('tab', { name: 'Input' }).click();
    await expect(inspector).toContainText('region-south.txt');
    await page.getByRole('button', { name: 'Lanes of attach' }).click();
    await expect(page.getByTestId('lane-regions[0].attach')).toBeVisible();
    await expect(page.getByTestId('lane-stubborn_retry')).toBeVisible();
    await look(page, 'iterations');
  });

  await test.step('P5: an ignored item says so', async () => {
    await expect(node(page, 'right')).toHaveAttribute('data-state', 'IGNORE');
    await expect(node(page, 'left')).toHaveAttribute('data-state', 'SUCCESS');
  });

  await test.step('an approval is answered in the inspector', async () => {
    await expect(node(page, 'ask')).toHaveAttribute('data-state', 'WAITING');
    await expect(node(page, 'ask')).toContainText('Waits for approval');
    await page.getByRole('status').filter({ hasText: 'Waits for approval' }).getByRole('button', { name: 'Answer…' }).click();
    await inspector.getByRole('tab', { name: 'Summary' }).click();
    await expect(inspector.getByText('May it go on?')).toBeVisible();
    await expect(inspector.getByRole('button', { name: 'Reject' })).toBeDisabled();
    await look(page, 'approval');
    await inspector.getByLabel('Reason').fill('looks good');
    await inspector.getByRole('button', { name: 'Approve' }).click();
    await expect(node(page, 'ask')).toHaveAttribute('data-state', 'SUCCESS');
  });

  await test.step('a signal is sent from the inspector', async () => {
    await expect(node(page, 'wait')).toContainText('Waits for signal deploy-done');
    await node(page, 'wait').click();
    await inspector.getByLabel('Data').fill('{"build": 7}');
    await look(page, 'signal');
    await inspector.getByRole('button', { name: 'Send signal deploy-done' }).click();
    await expect(node(page, 'wait')).toHaveAttribute('data-state', 'SUCCESS');
    await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
    expect(existsSync(join(server.filesFolder, 'second.txt'))).toBe(true);
  });

  await test.step('L1: a page opened later shows the same', async () => {
    await page.reload();
    await expect(node(page, 'attach')).toContainText('3/3');
    await expect(node(page, 'poll')).toContainText('2/2');
    await node(page, 'attach').click();
    await expect(inspector.getByRole('heading', { name: 'attach [2]' })).toBeVisible();
  });

  await test.step('R4: everything is undone, every iteration', async () => {
    await page.getByRole('button', { name: 'Roll back…' }).click();
    await page.getByRole('button', { name: /^Revert \d+ tasks/ }).click();
    await expect(page.getByTestId('rollback-badge')).toContainText(/rolled back/i);
    await page.keyboard.press('Escape');
    await expect(node(page, 'attach')).toHaveAttribute('data-state', 'REVERTED');
    await expect(node(page, 'attach')).toContainText('3/3 · Reverted');
    for (const file of ['region-north.txt', 'region-east.txt', 'round-1.txt', 'second.txt', 'left.txt'])
      expect(existsSync(join(server.filesFolder, file))).toBe(false);
    await look(page, 'undone');
  });
});
