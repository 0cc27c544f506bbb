// Two versions of a flow: what was added, removed and changed, on the drawing of each and field by field.
import type { Page } from '@playwright/test';
import { call } from './call.ts';
import { type Task, write } from './launch.ts';
import { look } from './look.ts';
import { expect, test } from './server.ts';

async function publishTwo(page: Page): Promise<string> {
  const drawing = (tasks: readonly Task[]) => {
    const items = tasks.map((one) => ({ kind: 'task', name: one.id, typeVersion: 1, ...one }));
    return { schemaVersion: 1, name: 'Two versions', root: { kind: 'flow', id: 'root', name: 'Two versions', pattern: 'linear', items } };
  };
  const same = write('wait', 'wait.txt');
  const { flow } = await call<{ flow: string }>(page, 'flows.import', {
    document: JSON.stringify(drawing([write('start', 'first.txt'), same, write('gone', 'gone.txt')])),
  });
  await call(page, 'flows.publish', { flow, revision: 1, note: 'the first' });
  const { draft } = await call<{ draft: { revision: number } }>(page, 'flows.save', {
    flow,
    revision: 1,
    definition: drawing([write('start', 'second.txt'), same, write('fresh', 'fresh.txt')]),
  });
  await call(page, 'flows.publish', { flow, revision: draft.revision, note: 'the second' });
  return flow;
}

test('two versions are compared on the canvas and field by field', async ({ page, server }) => {
  const flow = await publishTwo(page);
  await page.goto(`${server.origin}/flows/${flow}/runs`);
  await page.getByRole('link', { name: 'Compare v1 and v2' }).click();
  const box = (version: string, id: string) => page.getByRole('region', { name: `Canvas of ${version}` }).getByTestId(`compared-${id}`);
  await expect(box('v1', 'gone')).toContainText('Removed');
  await expect(box('v2', 'fresh')).toContainText('Added');
  await expect(box('v2', 'start')).toContainText('Changed');
  await expect(box('v2', 'wait')).toHaveAttribute('data-change', 'same');
  const differences = page.getByRole('region', { name: 'Differences' });
  await expect(differences).toContainText('parameters.path');
  await expect(differences).toContainText('1 added, 1 removed, 1 changed from v1 to v2');
  await look(page, 'versions');
});
