// The whole job, as a person would: open the example, change it by mouse, publish, launch, watch; make it fail and see
// everything go back; launch well again and roll one task back with what depends on it. Each time the files on the
// disk and the page that is served are compared with what the screen says.
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import type { Page } from '@playwright/test';
import { pack } from 'tar-stream';
import { expect, type TestServer, test } from './server.ts';

/** A site of 210 pages as an archive, as a build would put it into the inbox. */
async function buildSite(server: TestServer, version: string): Promise<void> {
  const tar = pack();
  tar.entry({ name: 'index.html' }, `<h1>${version}</h1><footer>Harbour Lights</footer>`);
  for (let page = 1; page < 210; page += 1) tar.entry({ name: `pages/page-${page}.html` }, `<p>${version} ${page}</p>`);
  tar.finalize();
  const inbox = join(server.filesFolder, 'site/inbox');
  mkdirSync(inbox, { recursive: true });
  writeFileSync(join(inbox, `${version}.tar.gz`), await buffer(tar.pipe(createGzip())));
}

async function openFlow(page: Page, server: TestServer, name: string): Promise<void> {
  await page.goto(`${server.origin}/flows`);
  await page.getByRole('link', { name }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

async function launch(page: Page, inputs: Record<string, string>): Promise<void> {
  await page.getByRole('button', { name: 'Launch…' }).click();
  const dialog = page.getByRole('dialog', { name: /Launch version/ });
  for (const [label, value] of Object.entries(inputs)) await dialog.getByLabel(label).fill(value);
  await dialog.getByRole('button', { name: 'Launch job' }).click();
  await page.waitForURL(/\/jobs\/job_/);
}

const stateOf = (page: Page, item: string) => page.getByTestId(`node-${item}`);

test('release, fail and go back, release again and roll one task back', async ({ page, server }) => {
  for (const version of ['one', 'two', 'three']) await buildSite(server, version);
  const current = join(server.filesFolder, 'site/current');

  await test.step('change the example by mouse and publish it', async () => {
    await openFlow(page, server, 'Release a site');
    const canvas = page.getByRole('region', { name: 'Canvas' });
    const last = await page.getByTestId('node-announce').boundingBox();
    const area = await canvas.boundingBox();
    if (last === null || area === null) throw new Error('The canvas is not drawn.');
    await page.getByRole('button', { name: 'Add Message' }).dragTo(canvas, {
      targetPosition: { x: last.x - area.x + last.width / 2, y: last.y - area.y + last.height + 30 },
    });
    await expect(page.getByTestId('node-message')).toBeVisible();
    await expect(page.getByRole('button', { name: /^Publish v2/ })).toBeEnabled();
    await expect(page.getByText('"Text" is needed').first()).toBeVisible();
    const inspector = page.getByRole('complementary', { name: 'Inspector' });
    await inspector.getByLabel('Name').fill('Say that it is done');
    await inspector.getByRole('button', { name: 'Bind Text' }).click();
    await inspector.getByLabel('Text: expression').fill('"Released " + inputs.version');
    await expect(page.getByText('No problem prevents publishing this flow.')).toBeVisible();
    await page.getByRole('button', { name: /^Publish v2/ }).click();
    await page.getByRole('button', { name: 'Publish version 2' }).click();
    await expect(page.getByRole('button', { name: 'v2 is published' })).toBeVisible();
  });

  const site = await test.step('launch and watch it succeed', async () => {
    await page.getByRole('button', { name: 'Launch…' }).click();
    const origin = await page.getByRole('dialog').getByLabel('Site').getAttribute('placeholder');
    await page.keyboard.press('Escape');
    await launch(page, { Version: 'one', Archive: 'site/inbox/one.tar.gz' });
    await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
    await expect(stateOf(page, 'switch_link')).toHaveAttribute('data-state', 'SUCCESS');
    expect(readdirSync(join(server.filesFolder, 'site/releases/one/pages'))).toHaveLength(209);
    expect(await (await fetch(`${origin}/`)).text()).toContain('<h1>one</h1>');
    return origin ?? '';
  });

  await test.step('make the check fail: everything goes back and the old release is served', async () => {
    await openFlow(page, server, 'Release a site');
    await launch(page, { Version: 'two', Archive: 'site/inbox/two.tar.gz', 'Text that must be on the page': 'nowhere to be found' });
    await expect(page.getByTestId('forward-badge')).toContainText('Check the site');
    await expect(page.getByTestId('rollback-badge')).toContainText('Rolled back');
    for (const item of ['make_folder', 'unpack', 'configure', 'switch_link'])
      await expect(stateOf(page, item)).toHaveAttribute('data-state', 'REVERTED');
    await expect(stateOf(page, 'announce')).toHaveAttribute('data-state', 'PENDING');
    expect(existsSync(join(server.filesFolder, 'site/releases/two'))).toBe(false);
    expect(readlinkSync(current)).toContain('one');
    expect(await (await fetch(`${site}/`)).text()).toContain('<h1>one</h1>');
  });

  await test.step('release well, then roll back one task with what depends on it', async () => {
    await openFlow(page, server, 'Release a site');
    await launch(page, { Version: 'three', Archive: 'site/inbox/three.tar.gz' });
    await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
    expect(await (await fetch(`${site}/`)).text()).toContain('<h1>three</h1>');
    const hooks = (await (await fetch(`${site}/hook`)).json()) as unknown[];

    await stateOf(page, 'switch_link').click();
    await page.getByRole('region', { name: 'Inspector' }).getByRole('button', { name: 'Revert Switch current' }).click();
    const sheet = page.getByRole('dialog', { name: 'Roll back' });
    await expect(sheet.getByTestId('plan-switch_link')).toBeVisible();
    await expect(sheet.getByTestId('plan-announce')).toBeVisible();
    await expect(sheet.getByTestId('plan-unpack')).toHaveCount(0);
    // Nothing has happened yet: the plan is only shown.
    expect(await (await fetch(`${site}/`)).text()).toContain('<h1>three</h1>');
    await sheet.getByRole('button', { name: 'Revert 2 tasks' }).click();
    await expect(page.getByTestId('rollback-badge')).toContainText(/partially|rolled back/i);
    await page.keyboard.press('Escape');
    await expect(stateOf(page, 'switch_link')).toHaveAttribute('data-state', 'REVERTED');
    await expect(stateOf(page, 'unpack')).toHaveAttribute('data-state', 'SUCCESS');
    expect(await (await fetch(`${site}/`)).text()).toContain('<h1>one</h1>');
    expect(readFileSync(join(server.filesFolder, 'site/releases/three/index.html'), 'utf8')).toContain('three');
    expect((await (await fetch(`${site}/hook`)).json()) as unknown[]).toHaveLength(hooks.length - 1);
  });
});
