// Drawing in the designer, as a person would.
import type { Page } from '@playwright/test';
import { expect, type TestServer } from './server.ts';

export async function newFlow(page: Page, server: TestServer, { name, pattern }: { name: string; pattern: string }): Promise<void> {
  await page.goto(`${server.origin}/flows`);
  await page.getByRole('button', { name: 'New flow…' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Pattern').selectOption(pattern);
  await page.getByRole('button', { name: 'Create flow' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

export const canvasOf = (page: Page) => page.getByRole('region', { name: 'Canvas' });
export const inspectorOf = (page: Page) => page.getByRole('complementary', { name: 'Inspector' });

/** Drags an entry of the palette to a point of the canvas. */
export const drop = (page: Page, what: string, x: number, y: number) =>
  page.getByRole('button', { name: `Add ${what}`, exact: true }).dragTo(canvasOf(page), { targetPosition: { x, y } });

/** A point of the box of an item, with the box. */
export async function pointOf(page: Page, id: string, at: 'top' | 'middle' | 'bottom' = 'middle') {
  const box = await page.getByTestId(`node-${id}`).boundingBox();
  if (box === null) throw new Error(`${id} is not drawn.`);
  return { x: box.x + box.width / 2, y: at === 'top' ? box.y : at === 'bottom' ? box.y + box.height : box.y + box.height / 2, box };
}

/** Drags with the mouse in small steps, as links and items need it. */
export async function dragMouse(page: Page, from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 6 });
  await page.mouse.move(to.x, to.y, { steps: 6 });
  await page.mouse.up();
}
