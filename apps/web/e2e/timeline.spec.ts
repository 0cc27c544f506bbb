// The timeline and the replay of a job page: a part of the time, the picture, playing the logbook, and `?at=`.
import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { type Task, launch, write } from './launch.ts';
import { expect, test } from './server.ts';

const slow: Task = { id: 'slow', type: 'command.run', parameters: { program: 'sleep', args: ['1'] } };

test('a part of the time is looked at with the mouse and with buttons, and saved as a picture', async ({ page, server }) => {
  const job = await launch(page, server, { name: 'Looked at closely', tasks: [write('one', 'tl-1.txt'), slow, write('two', 'tl-2.txt')] });
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  const timeline = page.getByRole('region', { name: 'Timeline' });
  const bars = page.getByTestId('lane-two').locator('[title^="Apply 1"]');
  await expect(bars).toHaveCount(1);
  // Across the first half of the time: what ran after it is not there.
  const head = timeline.getByTitle('Drag to look at a part of the time');
  const box = await head.boundingBox();
  if (box === null) throw new Error('The timeline is not drawn.');
  await page.mouse.move(box.x + 20, box.y + 24);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + 24, { steps: 5 });
  await page.mouse.up();
  await expect(bars).toHaveCount(0);
  await expect(page.getByTestId('lane-slow').locator('[title^="Apply 1"]')).toHaveCount(1);
  const found = await new AxeBuilder({ page }).include('[aria-label="Timeline"]').analyze();
  expect(found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  // Each time by half of what is shown, at last to the end.
  await expect(async () => {
    await timeline.getByRole('button', { name: 'Later' }).click();
    expect(await bars.count()).toBe(1);
  }).toPass({ intervals: [100] });
  await timeline.getByRole('button', { name: 'Whole time' }).click();
  await expect(timeline.getByRole('button', { name: 'Whole time' })).toHaveCount(0);

  const saving = page.waitForEvent('download');
  await timeline.getByRole('button', { name: 'Timeline as a picture' }).click();
  const download = await saving;
  expect(download.suggestedFilename()).toBe(`timeline-${job}.svg`);
  const picture = readFileSync((await download.path()) ?? '', 'utf8');
  expect(picture).toContain('Looked at closely');
  expect(picture.match(/<rect [^>]*height="10"/g)?.length).toBeGreaterThanOrEqual(4);
  // The picture is one that a browser can draw.
  await page.setContent(`<img alt="timeline" src="data:image/svg+xml;base64,${Buffer.from(picture).toString('base64')}">`);
  await expect(async () => {
    expect(await page.getByRole('img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1_280);
  }).toPass();
});

test('the logbook is played from its beginning to now, and an address shows one moment of it', async ({ page, server }) => {
  const job = await launch(page, server, { name: 'Played', tasks: [write('one', 'pl-1.txt'), slow, write('two', 'pl-2.txt')] });
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  await page.goto(`${server.origin}/jobs/${job}?at=1`);
  await expect(page.getByTestId('node-one')).toHaveAttribute('data-state', 'PENDING');
  await expect(page.getByTestId('connection')).toContainText('Replay at #1');
  await expect(page.getByText('no conductor held the claim')).toBeVisible();
  await page.keyboard.press(']');
  await expect(page.getByText(/held the claim/)).not.toContainText('no conductor');
  await page.getByRole('button', { name: 'Play the logbook' }).click();
  // It ran for a second, and is shown for a second.
  await expect(page.getByTestId('node-slow')).toHaveAttribute('data-state', 'RUNNING');
  await expect(page.getByTestId('node-two')).toHaveAttribute('data-state', 'PENDING');
  await expect(page.getByTestId('node-two')).toHaveAttribute('data-state', 'SUCCESS');
  await expect(page).toHaveURL(new RegExp(`/jobs/${job}$`));
  await expect(page.getByTestId('connection')).toContainText('Live');
  await expect(page.getByRole('button', { name: 'Play the logbook' })).toBeVisible();
});

test('the canvas has its revert button at the box under the mouse; a try opens to what it was given and gave', async ({ page, server }) => {
  await launch(page, server, { name: 'Canvas', tasks: [write('one', 'cv-1.txt'), write('two', 'cv-2.txt')] });
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  await page.getByTestId('node-two').click();
  await page.getByRole('tab', { name: 'Attempts' }).click();
  const tries = page.getByRole('list', { name: 'Attempts', exact: true });
  await tries.getByText('Apply 1').click();
  await expect(tries).toContainText('"path": "cv-2.txt"');
  await page.getByTestId('node-one').hover();
  const revert = page.getByRole('region', { name: 'Canvas' }).getByRole('button', { name: 'Revert one' });
  await revert.hover();
  await expect(page.getByText('Would revert 2 tasks')).toBeVisible();
  await revert.click();
  await expect(page.getByTestId('plan-one')).toBeVisible();
});
