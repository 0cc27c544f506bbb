// A Chromium for the browser tests: CHROMIUM_PATH, Playwright's own, the system's, or one that can be installed here.
import { existsSync } from 'node:fs';
import { bin, run, step } from './steps.mjs';

const SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** A path, or '' for Playwright's own, or null when there is none and none could be had (a sentence was printed). */
export async function findBrowser() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  if (await hasOwn()) return '';
  const system = SYSTEM.find((path) => existsSync(path));
  if (system) return system;
  const isRoot = process.getuid?.() === 0;
  if (isRoot && existsSync('/usr/bin/apt-get')) {
    const quiet = { quiet: true, env: { DEBIAN_FRONTEND: 'noninteractive' } };
    await step('Installing Chromium for the browser tests', async () => {
      await run('apt-get', ['update', '-qq'], quiet);
      return run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], quiet);
    }).catch(() => undefined);
    const installed = SYSTEM.find((path) => existsSync(path));
    if (installed) return installed;
  }
  await step('Downloading a browser for the browser tests', () => run(bin('playwright'), ['install', 'chromium'], { quiet: true })).catch(
    () => undefined,
  );
  if (await hasOwn()) return '';
  console.error('The browser tests need Chromium: install it, or name it in CHROMIUM_PATH.');
  return null;
}

async function hasOwn() {
  const { chromium } = await import('@playwright/test');
  return existsSync(chromium.executablePath());
}
