import { existsSync } from 'node:fs';
import { chromium, defineConfig } from '@playwright/test';

// A Chromium from CHROMIUM_PATH, else Playwright's own, else the system's, as scripts/find-browser.mjs has it: npm test
// goes through that, which also installs one; a spec run by hand comes here.
const system = existsSync(chromium.executablePath()) ? undefined : '/usr/bin/chromium';
const path = process.env['CHROMIUM_PATH'] ?? system;

export default defineConfig({
  testDir: 'apps/web/e2e',
  outputDir: 'test-results',
  workers: 1,
  fullyParallel: false,
  timeout: 90_000,
  globalTimeout: 40 * 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    launchOptions: {
      ...(path === undefined ? {} : { executablePath: path }),
      args: [
        // Root has no sandbox; and a browser under test looks for nothing outside.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
});
