// Z1, Z2 in a browser, against a real service: a machine is leased in stages, stands in the ledger, and is released there.
import { call } from './call.ts';
import { expect, test as base, withServer } from './server.ts';
import { type TestSite, testSite } from '../../../packages/tasks/src/testing/site.ts';
import { machineService } from '../../../packages/tasks/src/testing/machines.ts';

const test = base.extend<object, { site: TestSite; service: ReturnType<typeof machineService>; failing: Set<string> }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from here
  failing: [async ({}, use) => use(new Set()), { scope: 'worker' }],
  service: [async ({ failing }, use) => use(machineService((request) => failing.has(request))), { scope: 'worker' }],
  site: [
    async ({ service }, use) => {
      const site = await testSite();
      site.answer = service.answer;
      await use(site);
      site.close();
    },
    { scope: 'worker' },
  ],
  server: [
    async ({ site }, use) => {
      await withServer(use, { WINDLASS_HTTP_ALLOW: site.host, WINDLASS_EXAMPLES: 'off' });
    },
    { scope: 'worker' },
  ],
});

test('a machine that a job has leased stands in the ledger and is released from there', async ({ page, server, site, service }) => {
  const lease = {
    ...{ kind: 'task', id: 'lease', name: 'Lease a box', type: 'machine.lease' },
    parameters: { service: `${site.origin}/m`, configuration: { image: 'debian' } },
  };
  const note = { kind: 'task', id: 'note', name: 'Note it', type: 'file.write', parameters: { path: 'box.txt', content: 'taken' } };
  const root = { kind: 'flow', id: 'root', name: 'Lease', pattern: 'linear', items: [lease, note] };
  const { flow } = await call<{ flow: string }>(page, 'flows.import', {
    document: JSON.stringify({ schemaVersion: 1, name: 'Lease', root }),
  });
  await call(page, 'flows.publish', { flow, revision: 1, note: '' });
  const { job } = await call<{ job: string }>(page, 'jobs.launch', { flow, version: 1, inputs: {} });
  await page.goto(`${server.origin}/jobs/${job}`);
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  await expect(page.getByRole('region', { name: 'Logbook' })).toContainText('acquire');
  expect([...service.machines.values()]).toMatchObject([{ configuration: { image: 'debian' }, acquired: true }]);

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Resources' }).click();
  const row = page.getByTestId(`resource-${job}-lease`);
  await expect(row).toContainText('box m1');
  await expect(row).toContainText('Orphan: its job has succeeded');
  await expect(row.getByRole('img', { name: 'acquire, stage 3 of 3' })).toBeVisible();
  await row.getByRole('link', { name: 'Release box m1' }).click();

  // What depends on it goes with it; the plan says so before anything is undone.
  await expect(page.getByTestId('plan-note')).toBeVisible();
  await page.getByRole('button', { name: 'Revert 4 tasks' }).click();
  await expect(page.getByTestId('rollback-badge')).toContainText(/rolled back/i);
  expect([...service.machines.keys()]).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Resources' }).click();
  await expect(page.getByText('No job holds a resource.')).toBeVisible();
});

test('what a service does not take back stands out until it does', async ({ page, server, site, service, failing }) => {
  const policy = { revertPolicy: { attempts: 1, delayMs: 0 } };
  const lease = { kind: 'task', id: 'lease', name: 'Lease', type: 'machine.lease', parameters: { service: `${site.origin}/m` }, ...policy };
  const root = { kind: 'flow', id: 'root', name: 'Stuck lease', pattern: 'linear', items: [lease] };
  const { flow } = await call<{ flow: string }>(page, 'flows.import', {
    document: JSON.stringify({ schemaVersion: 1, name: 'Stuck lease', root }),
  });
  await call(page, 'flows.publish', { flow, revision: 1, note: '' });
  failing.add('POST /m/m2/acquisition').add('DELETE /m/m2');
  const { job } = await call<{ job: string }>(page, 'jobs.launch', { flow, version: 1, inputs: {} });
  await page.goto(`${server.origin}/resources`);
  const row = page.getByTestId(`resource-${job}-lease`);
  await expect(row.getByRole('img', { name: 'reserve, stage 1 of 3' })).toBeVisible();
  await expect(row).toContainText('Giving back failed');
  expect([...service.machines.keys()]).toEqual(['m2']);
  failing.clear();
  await row.getByRole('link', { name: job }).click();
  await page
    .getByRole('button', { name: /^Try again|^Revert .* again|^Try to revert/ })
    .first()
    .click();
  await page.getByRole('dialog').getByRole('button', { name: /again/ }).last().click();
  await expect(page.getByTestId('rollback-badge')).toContainText(/rolled back/i);
  expect([...service.machines.keys()]).toEqual([]);
});
