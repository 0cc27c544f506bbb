// npm run pictures: the pictures of README.md, made from the running program, light and dark, into docs/pictures.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBrowser } from './find-browser.mjs';
import { setUp } from './setup.mjs';
import { home } from './steps.mjs';

await setUp();
const { chromium } = await import('@playwright/test');
const folder = join(home, 'docs/pictures');
mkdirSync(folder, { recursive: true });
const data = mkdtempSync(join(tmpdir(), 'windlass-pictures-'));
const server = spawn(process.execPath, [join(home, 'apps/server/dist/main.js'), '--no-open'], {
  env: { ...process.env, WINDLASS_DATA: data, WINDLASS_PORT: '0', WINDLASS_PERSON: 'ana' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const address = await new Promise((ready) =>
  server.stdout.on('data', (chunk) => /ready: (\S+)/.exec(chunk)?.[1] && ready(/ready: (\S+)/.exec(chunk)[1])),
);
const executablePath = (await findBrowser()) || undefined;
const browser = await chromium.launch({
  executablePath,
  args: ['--disable-background-networking', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });

try {
  await page.goto(address);
  await openFlow('Release a site');
  await page.getByTestId('node-unpack').click();
  await page.getByRole('tab', { name: 'Revert' }).click();
  await take('designer');
  await launch({ Version: 'v1' });
  await openFlow('Release a site');
  await launch({ Version: 'v2', Archive: 'site/inbox/v2.tar.gz', 'Text that must be on the page': 'Version 3' });
  await page
    .getByTestId('rollback-badge')
    .getByText(/rolled back/i)
    .waitFor({ timeout: 30_000 });
  await page.getByTestId('node-switch_link').click();
  await take('job-page');
  await openFlow('Release a site');
  await launch({ Version: 'v2', Archive: 'site/inbox/v2.tar.gz' });
  await page.getByTestId('forward-badge').getByText('Succeeded').waitFor();
  await page.getByTestId('node-configure').click();
  await page.getByRole('region', { name: 'Inspector' }).getByRole('button', { name: 'Revert Write configuration' }).click();
  await page.getByTestId('plan-configure').waitFor();
  await take('rollback-plan');
  await page.getByLabel('Reason').fill('The setting was wrong');
  await page.getByRole('button', { name: /^Revert \d tasks?$/ }).click();
  await page.getByText('Done as planned.').waitFor({ timeout: 30_000 });
  await take('rollback-report');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Jobs' }).first().click();
  await page.waitForTimeout(600);
  await take('jobs');
  await page.getByRole('link', { name: 'Home' }).click();
  await page.waitForTimeout(600);
  await take('home');
  for (const version of ['v3', 'v4', 'v5', 'v6']) {
    await openFlow('Release a site');
    await launch({ Version: version, Archive: 'site/inbox/v1.tar.gz' });
  }
  await openFlow('Release a site');
  await page.getByRole('link', { name: 'Runs' }).click();
  await page.getByRole('img', { name: /^Durations/ }).waitFor();
  await take('flow-page');
  await launchHeld();
  await page.getByRole('link', { name: 'Needs attention' }).click();
  await page.getByRole('button', { name: 'Skip…' }).waitFor();
  await take('needs-attention');
} finally {
  await browser.close();
  server.kill('SIGTERM');
  await new Promise((ended) => server.on('close', ended));
  rmSync(data, { recursive: true, force: true });
}

async function openFlow(name) {
  await page.goto(new URL('/flows', address).href);
  await page.getByRole('link', { name }).click();
  await page.getByTestId('node-make_folder').waitFor();
  await page.waitForTimeout(400);
}

async function launch(inputs) {
  await page.getByRole('button', { name: 'Launch…' }).click();
  for (const [label, value] of Object.entries(inputs)) await page.getByRole('dialog').getByLabel(label).fill(value);
  await page.getByRole('button', { name: 'Launch job' }).click();
  await page
    .getByTestId('forward-badge')
    .getByText(/Succeeded|Failed/)
    .waitFor({ timeout: 30_000 });
}

/** A job that waits for a person: it holds at a failure. */
async function launchHeld() {
  const { origin } = new URL(address);
  const call = async (procedure, data) =>
    (await (await page.request.post(`${origin}/trpc/${procedure}`, { data, headers: { origin } })).json()).result.data;
  const task = (id, type, parameters) => ({ kind: 'task', id: id.toLowerCase().replaceAll(' ', '_'), name: id, type, parameters });
  const items = [
    task('Write the settings', 'file.write', { path: 'tenant/settings.json', content: '{}' }),
    task('Tell the billing service', 'url.check', { url: 'http://10.0.0.1/', forMs: 0 }),
  ];
  const root = { kind: 'flow', id: 'root', name: 'Provision a tenant', pattern: 'linear', items };
  const document = JSON.stringify({ schemaVersion: 1, name: 'Provision a tenant', onFailure: 'hold', root });
  const { flow } = await call('flows.import', { document });
  await call('flows.publish', { flow, revision: 1, note: '' });
  await call('jobs.launch', { flow, version: 1, inputs: {} });
}

async function take(name) {
  for (const theme of ['light', 'dark']) {
    await page.evaluate((choice) => {
      document.documentElement.dataset.theme = choice;
    }, theme);
    await page.waitForTimeout(250);
    await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
  }
  await page.evaluate(() => {
    document.documentElement.dataset.theme = 'light';
  });
}
