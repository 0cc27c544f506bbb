import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './server.ts';

/** axe finds nothing serious on what is shown, light and dark; with PICTURES, a folder, it is there to be looked at. */
export async function look(page: Page, name: string): Promise<void> {
  for (const theme of ['light', 'dark']) {
    await page.evaluate((choice) => document.documentElement.setAttribute('data-theme', choice), theme);
    await untilStill(page);
    if (process.env['PICTURES']) await page.screenshot({ path: `${process.env['PICTURES']}/${name}-${theme}.png` });
    const { violations } = await new AxeBuilder({ page }).exclude('.react-flow__attribution').analyze();
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map((one) => `${name} ${theme} ${one.id} ${one.nodes[0]?.html.slice(0, 200)}`)).toEqual([]);
  }
}

/** Ends when all animations have ended: in the middle of one, axe sees a colour between two. Those without an end are not awaited. */
async function untilStill(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ending = document.getAnimations().filter(({ effect }) => Number.isFinite(Number(effect?.getComputedTiming().endTime)));
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
}
