// Drawing as a person would: drag, link, group, bind, undo; and what the screen says of a wrong drawing.
import { canvasOf, dragMouse, drop, inspectorOf, newFlow, pointOf } from './drawing.ts';
import { look } from './look.ts';
import { expect, test } from './server.ts';

test('draws a graph: tasks dragged, linked, put into a container, bound, undone and kept', async ({ page, server }) => {
  await newFlow(page, server, { name: 'Drawn by hand', pattern: 'graph' });
  await drop(page, 'Create folder', 200, 120);
  await drop(page, 'Write file', 200, 300);
  await expect(page.getByTestId('node-create_folder')).toBeVisible();
  await expect(page.locator('.react-flow__edge')).toHaveCount(0);

  await dragMouse(page, await pointOf(page, 'create_folder', 'bottom'), await pointOf(page, 'write_file', 'top'));
  await expect(page.locator('.react-flow__edge')).toHaveCount(1);

  await drop(page, 'Unordered', 480, 330);
  await expect(page.getByTestId('node-unordered')).toBeVisible();
  const inside = await pointOf(page, 'unordered');
  await dragMouse(page, await pointOf(page, 'write_file'), { x: inside.x, y: inside.y + 10 });
  await expect
    .poll(async () => {
      const container = (await pointOf(page, 'unordered')).box;
      const child = (await pointOf(page, 'write_file')).box;
      return child.x > container.x && child.x + child.width < container.x + container.width && child.y > container.y;
    })
    .toBe(true);
  // The link named an item that has left: it goes with the move.
  await expect(page.locator('.react-flow__edge')).toHaveCount(0);

  await page.getByTestId('node-write_file').click();
  const inspector = inspectorOf(page);
  await inspector.getByRole('textbox', { name: 'Content', exact: true }).fill('hello');
  await inspector.getByRole('button', { name: 'Bind Path' }).click();
  await inspector.getByLabel('Path: where it comes from').selectOption('output');
  await inspector.getByLabel('Path: step').selectOption('create_folder');
  await inspector.getByLabel('Path: output').selectOption('path');
  // A binding orders: the container now comes after the folder.
  await expect(page.locator('.react-flow__edge')).toHaveCount(1);

  await page.getByTestId('node-create_folder').click();
  await expect(page.getByText('"Path" is needed').first()).toBeVisible();
  await inspector.getByRole('textbox', { name: 'Path', exact: true }).fill('drawn');
  await expect(page.getByText('No problem prevents publishing this flow.')).toBeVisible();

  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Undo/ }).click();
  await expect(page.getByText('"Path" is needed').first()).toBeVisible();
  await page.getByRole('button', { name: /^Redo/ }).click();
  await expect(page.getByText('No problem prevents publishing this flow.')).toBeVisible();
  await expect(page.getByTestId('draft-state')).toContainText('saved');
  await expect(page.getByTestId('draft-state')).not.toContainText('not saved');
  await page.reload();
  await expect(page.getByTestId('node-write_file')).toBeVisible();
  await expect(page.locator('.react-flow__edge')).toHaveCount(1);

  await page.getByTestId('node-create_folder').click();
  await page.keyboard.press('Delete');
  await expect(page.getByTestId('node-create_folder')).toHaveCount(0);
  await page.keyboard.press('ControlOrMeta+z');
  await expect(page.getByTestId('node-create_folder')).toBeVisible();
});

test('a task is dragged out of its container again', async ({ page, server }) => {
  await newFlow(page, server, { name: 'In and out', pattern: 'graph' });
  await drop(page, 'Unordered', 300, 200);
  await expect(page.getByTestId('node-unordered')).toBeVisible();
  const box = await pointOf(page, 'unordered');
  const area = await canvasOf(page).boundingBox();
  if (area === null) throw new Error('The canvas is not drawn.');
  await drop(page, 'Message', box.x - area.x, box.y - area.y + 10);
  const isInside = async () => {
    const container = (await pointOf(page, 'unordered')).box;
    const { x, y } = await pointOf(page, 'message');
    return x > container.x && x < container.x + container.width && y > container.y && y < container.y + container.height;
  };
  await expect.poll(isInside).toBe(true);
  await dragMouse(page, await pointOf(page, 'message'), { x: area.x + area.width - 160, y: area.y + area.height - 80 });
  await expect.poll(isInside).toBe(false);
  await expect(page.getByText('Drag tasks here')).toBeVisible();
});

test('reorders a linear flow by dragging', async ({ page, server }) => {
  await newFlow(page, server, { name: 'In a row', pattern: 'linear' });
  await page.getByRole('button', { name: 'Add Create folder' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Add Message' }).click();
  await expect(page.getByTestId('node-message')).toBeVisible();
  // The drawing moves until it is laid out.
  let before = -1;
  await expect(async () => {
    const { y } = await pointOf(page, 'message');
    const rests = y === before;
    before = y;
    expect(rests).toBe(true);
  }).toPass({ intervals: [200] });
  const first = await pointOf(page, 'create_folder');
  expect((await pointOf(page, 'message')).y).toBeGreaterThan(first.y);
  await dragMouse(page, await pointOf(page, 'message'), { x: first.x, y: first.y - 60 });
  await expect.poll(async () => (await pointOf(page, 'message')).y < (await pointOf(page, 'create_folder')).y).toBe(true);
});

test('two people: the second save does not overwrite the first', async ({ page, server, context }) => {
  await newFlow(page, server, { name: 'Shared', pattern: 'linear' });
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.getByRole('heading', { level: 1, name: 'Shared' })).toBeVisible();
  await inspectorOf(page).getByLabel('Description').fill('mine');
  await expect(page.getByTestId('draft-state')).toContainText('· saved');
  await inspectorOf(other).getByLabel('Description').fill('theirs');
  await expect(other.getByTestId('draft-state')).toContainText('has saved this draft meanwhile');
  await page.reload();
  await expect(inspectorOf(page).getByLabel('Description')).toHaveValue('mine');
});

test('a wrong document is answered with its problems, and 10,000 nodes can be imported and drawn', async ({ page, server }) => {
  await page.goto(`${server.origin}/flows`);
  await page.getByRole('button', { name: 'Import…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import a flow' });
  const circle = {
    kind: 'flow',
    id: 'root',
    name: 'r',
    pattern: 'graph',
    items: [message('a'), message('b')],
    links: [link('a', 'b'), link('b', 'a')],
  };
  await dialog.getByLabel('or the document itself').fill(JSON.stringify({ schemaVersion: 1, name: 'Circle', root: circle }));
  await dialog.getByRole('button', { name: 'Import flow' }).click();
  await expect(dialog.getByRole('list', { name: 'Problems' })).toContainText('wait for one another in a circle');

  const items = Array.from({ length: 10_000 }, (_, index) => message(`m${index}`));
  const root = { kind: 'flow', id: 'root', name: 'r', pattern: 'linear', items };
  await dialog.getByLabel('or the document itself').fill(JSON.stringify({ schemaVersion: 1, name: 'Ten thousand', root }));
  await dialog.getByRole('button', { name: 'Import flow' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Ten thousand' })).toBeVisible();
  await expect(page.getByText('No problem prevents publishing this flow.')).toBeVisible();
});

test('exports a drawing as a file that can be imported again', async ({ page, server }) => {
  await newFlow(page, server, { name: 'Taken along', pattern: 'linear' });
  await page.getByRole('button', { name: 'Add Message' }).click();
  await inspectorOf(page).getByRole('textbox', { name: 'Text', exact: true }).fill('hello');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export as a file' }).click()]);
  expect(download.suggestedFilename()).toBe('taken-along.flow.json');
  await page.goto(`${server.origin}/flows`);
  await page.getByRole('button', { name: 'Import…' }).click();
  await page.getByLabel('File').setInputFiles(await download.path());
  await page.getByRole('button', { name: 'Import flow' }).click();
  await expect(page.getByTestId('node-message')).toBeVisible();
});

test('axe finds nothing serious on home, flows, the designer, a job and the jobs, light and dark', async ({ page, server }) => {
  await newFlow(page, server, { name: 'Looked at', pattern: 'linear' });
  await page.getByRole('button', { name: 'Add Message' }).click();
  await inspectorOf(page).getByRole('textbox', { name: 'Text', exact: true }).fill('hello');
  await page.getByRole('button', { name: /^Publish v1/ }).click();
  await page.getByRole('button', { name: 'Publish version 1' }).click();
  await page.getByRole('button', { name: 'Launch…' }).click();
  const designer = page.url();
  await page.getByRole('button', { name: 'Launch job' }).click();
  await page.waitForURL(/\/jobs\/job_/);
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  const screens = { job: page.url(), designer, home: `${server.origin}/`, flows: `${server.origin}/flows`, jobs: `${server.origin}/jobs` };
  for (const [screen, address] of Object.entries(screens)) {
    await page.goto(address);
    await expect(page.getByText('Looked at').first()).toBeVisible();
    await look(page, `screen-${screen}`);
  }
});

function message(id: string) {
  return { kind: 'task', id, name: id, type: 'message', parameters: { text: id } };
}

function link(from: string, to: string) {
  return { id: `${from}${to}`, from, to };
}
