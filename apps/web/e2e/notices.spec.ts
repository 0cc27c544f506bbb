// The bell: a job begins to need a person; the page says so, with how the word of it got out, and remembers what was read.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Task, launch, write } from './launch.ts';
import { look } from './look.ts';
import { expect, test as base, withServer } from './server.ts';

const test = base.extend<object, { hook: Server }>({
  hook: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from here
    async ({}, use) => {
      const hook = createServer((_request, response) => response.writeHead(503).end());
      await new Promise<void>((done) => hook.listen(0, '127.0.0.1', done));
      await use(hook);
      hook.close();
    },
    { scope: 'worker' },
  ],
  server: [
    async ({ hook }, use) => {
      const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/s3cret`;
      await withServer(use, { WINDLASS_EXAMPLES: 'off', WINDLASS_WEBHOOK_URL: url });
    },
    { scope: 'worker' },
  ],
});

test('a job that needs a person stands under the bell, with its link and what became of the webhook, until it is read', async ({
  page,
  server,
}) => {
  const broken: Task = { id: 'probe', type: 'url.check', parameters: { url: 'http://10.0.0.1/', forMs: 0 } };
  const job = await launch(page, server, { name: 'Ship', onFailure: 'hold', tasks: [write('one', 'notice-1.txt'), broken] });
  await expect(page.getByTestId('forward-badge')).toContainText('Held');
  await page.goto(`${server.origin}/flows`);
  const bell = page.getByRole('button', { name: 'Notices: 1 unread' });
  await bell.click();
  const notice = page.getByRole('dialog', { name: 'Notices' }).getByTestId(`notice-${job}`);
  await expect(notice).toContainText('“Ship” is held: “probe” failed.');
  await expect(notice).toContainText(/Webhook: try \d failed: it answered 503\. Tried again at/);
  await expect(page.getByRole('dialog', { name: 'Notices' })).toContainText('Also sent: Webhook (http://127.0.0.1:');
  expect(await page.content()).not.toContain('s3cret');
  await look(page, 'notices');
  await notice.getByRole('link').click();
  await expect(page).toHaveURL(new RegExp(`/jobs/${job}$`));
  await expect(page.getByRole('button', { name: 'Notices', exact: true })).toBeVisible();
  await page.reload();
  await page.getByRole('button', { name: 'Notices', exact: true }).click();
  await expect(page.getByRole('dialog', { name: 'Notices' }).getByTestId(`notice-${job}`)).toBeVisible();
});
