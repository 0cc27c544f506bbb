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
  // Only what hangs reaches these: no journey depends on how busy the machine is.
  timeout: 600_000,
  globalTimeout: 50 * 60_000,
  maxFailures: 10,
  expect: { timeout: 120_000, toPass: { timeout: 120_000 } },
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
