// Every construct of a flow drawn as a person would, saved, and there again after a reload.
import type { Locator, Page } from '@playwright/test';
import { canvasOf, dragMouse, drop, inspectorOf, newFlow, pointOf } from './drawing.ts';
import { look } from './look.ts';
import { expect, test } from './server.ts';

/** A field by its label, which ends with a star where it is needed. */
const field = (within: Locator, name: string) => within.getByLabel(new RegExp(`^${name}\\*?$`));

async function drawLink(page: Page, from: string, to: string): Promise<void> {
  await dragMouse(page, await pointOf(page, from, 'bottom'), await pointOf(page, to, 'top'));
}

async function saved(page: Page): Promise<void> {
  await expect(page.getByTestId('draft-state')).toContainText('· saved');
}

test('P6, P7: a for-each and a loop are dragged in, filled by mouse, and there again after a reload', async ({ page, server }) => {
  await newFlow(page, server, { name: 'Repeating', pattern: 'linear' });
  const inspector = inspectorOf(page);
  await drop(page, 'For each', 400, 150);
  await expect(page.getByTestId('node-for_each')).toBeVisible();
  await field(inspector, 'List').fill('north\nsouth\n3');
  await field(inspector, 'At once').fill('2');
  const each = await pointOf(page, 'for_each');
  const area = await canvasOf(page).boundingBox();
  if (area === null) throw new Error('The canvas is not drawn.');
  await drop(page, 'Message', each.x - area.x, each.y - area.y + 10);
  await field(inspector, 'Text').waitFor();
  await inspector.getByRole('button', { name: 'Bind Text' }).click();
  await field(inspector, 'Text: where it comes from').selectOption('output');
  await field(inspector, 'Text: step').selectOption('for_each');
  await field(inspector, 'Text: output').selectOption('element');
  await page.getByTestId('node-for_each').click({ position: { x: 40, y: 12 } });
  await field(inspector, 'Collect').selectOption('message');
  await field(inspector, 'Key').fill('element');
  await expect(page.getByTestId('node-for_each')).toContainText('2 at a time');

  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Add Loop', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('node-loop')).toBeVisible();
  await field(inspector, 'Condition to go round again').fill('outputs.loop.round < 2');
  await field(inspector, 'Most rounds').fill('5');
  await expect(page.getByTestId('node-loop')).toContainText('≤ 5 rounds');
  await saved(page);

  await page.reload();
  await page.getByTestId('node-for_each').click({ position: { x: 40, y: 12 } });
  await expect(field(inspector, 'List')).toHaveValue('north\nsouth\n3');
  await expect(field(inspector, 'Collect')).toHaveValue('message');
  await expect(field(inspector, 'Key')).toHaveValue('element');
  await page.getByTestId('node-message').click();
  await expect(field(inspector, 'Text: output')).toHaveValue('element');
  await page.getByTestId('node-loop').click({ position: { x: 40, y: 12 } });
  await expect(field(inspector, 'Condition to go round again')).toHaveValue('outputs.loop.round < 2');
  await expect(field(inspector, 'Most rounds')).toHaveValue('5');
});

test('P4, P5, P7: links get conditions, a circle goes back, an item waits for any', async ({ page, server }) => {
  await newFlow(page, server, { name: 'Choosing', pattern: 'graph' });
  const inspector = inspectorOf(page);
  for (const [index, y] of [90, 440, 570].entries()) {
    // The first one is brought to the middle; the others go below it.
    await drop(page, 'Message', 380, y);
    await expect(page.getByTestId(index === 0 ? 'node-message' : `node-message_${index + 1}`)).toBeVisible();
  }
  await drawLink(page, 'message', 'message_2');
  await drawLink(page, 'message_2', 'message_3');
  await expect(page.locator('.react-flow__edge')).toHaveCount(2);

  await test.step('a condition and its depth', async () => {
    await page.keyboard.press('Escape');
    await page.getByTestId('node-message').click();
    await inspector.getByRole('button', { name: 'to Message' }).click();
    await field(inspector, 'Condition').fill('outputs.message.text != ""');
    await field(inspector, 'How far a no reaches').selectOption('atom');
    await expect(inspector).toContainText('Ignores only the target');
    await expect(canvasOf(page)).toContainText('outputs.message.text != ""');
  });

  await test.step('a link is selected with the mouse, undone and done again', async () => {
    await page.getByTestId('node-message_3').click();
    await canvasOf(page).getByText('outputs.message.text != ""').click();
    await expect(field(inspector, 'Condition')).toHaveValue('outputs.message.text != ""');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Undo: How far/ }).click();
    await page.getByRole('button', { name: /^Undo: Condition/ }).click();
    await expect(canvasOf(page)).not.toContainText('outputs.message.text');
    await page.getByRole('button', { name: /^Redo: Condition/ }).click();
    await page.getByRole('button', { name: /^Redo: How far/ }).click();
  });

  await test.step('a circle is offered as one that goes back', async () => {
    await page.getByTestId('node-message_3').click();
    await field(inspector, 'Link to').selectOption('message_2');
    const dialog = page.getByRole('dialog', { name: 'This link makes a circle' });
    await dialog.getByRole('button', { name: 'Draw no link' }).click();
    await expect(page.locator('.react-flow__edge')).toHaveCount(2);
    await drawLink(page, 'message_3', 'message_2');
    await dialog.getByRole('button', { name: 'It goes back (loop)' }).click();
    await expect(page.locator('.react-flow__edge')).toHaveCount(3);
    await field(inspector, 'Condition to go round again').fill('outputs.message_3.text == "again"');
    await field(inspector, 'Most rounds').fill('4');
    await expect(canvasOf(page)).toContainText('≤ 4 rounds');
  });

  await test.step('any one of the incoming links', async () => {
    await page.getByTestId('node-message_3').click();
    await inspector.getByRole('tab', { name: 'Retry & limits' }).click();
    await field(inspector, 'Incoming links').selectOption('any');
    await expect(page.getByTestId('node-message_3')).toContainText('any');
  });

  await saved(page);
  await page.reload();
  await expect(canvasOf(page)).toContainText('≤ 4 rounds');
  if (process.env['PICTURES']) await page.screenshot({ path: `${process.env['PICTURES']}/links.png` });
  await page.getByRole('group', { name: /^Goes back from Message to Message, at most 4 rounds/ }).focus();
  await page.keyboard.press('Enter');
  await expect(field(inspector, 'Condition to go round again')).toHaveValue('outputs.message_3.text == "again"');
  await expect(page.getByTestId('node-message_3')).toContainText('any');
  await inspector.getByRole('button', { name: 'Remove link' }).click();
  await expect(page.locator('.react-flow__edge')).toHaveCount(2);
});

test('P11, S6: a link on failure is drawn from the side of an item or by form; the failure is one of several alternatives', async ({
  page,
  server,
}) => {
  await newFlow(page, server, { name: 'Catching', pattern: 'graph' });
  const inspector = inspectorOf(page);
  for (const [index, y] of [90, 440, 570].entries()) {
    await drop(page, 'Message', 380, y);
    await expect(page.getByTestId(index === 0 ? 'node-message' : `node-message_${index + 1}`)).toBeVisible();
  }

  await test.step('by mouse, from the handle at the side', async () => {
    const box = await page.getByTestId('node-message').boundingBox();
    if (box === null) throw new Error('message is not drawn.');
    const end = await pointOf(page, 'message_2', 'top');
    await page.mouse.move(box.x + box.width, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(end.x, end.y - 20, { steps: 6 });
    await page.mouse.move(end.x, end.y, { steps: 6 });
    await page.mouse.up();
    await expect(page.locator('.react-flow__edge')).toHaveCount(1);
    await expect(canvasOf(page)).toContainText('on failure');
  });

  await test.step('its condition and its way, in the inspector', async () => {
    await canvasOf(page).getByText('on failure').click();
    await expect(field(inspector, 'When')).toHaveValue('failure');
    await field(inspector, 'Condition').fill('failure.code == "TIMEOUT"');
    await expect(canvasOf(page)).toContainText('on failure: failure.code');
    await expect(field(inspector, 'How far a no reaches')).toHaveCount(0);
  });

  await test.step('by form, to another item that also follows by an ordinary link', async () => {
    await page.getByTestId('node-message').click();
    await field(inspector, 'On failure go to').selectOption('message_3');
    await page.getByTestId('node-message').click();
    await field(inspector, 'Link to').selectOption('message_3');
    await expect(page.locator('.react-flow__edge')).toHaveCount(3);
  });

  await test.step('an input takes the first of several bindings', async () => {
    await page.getByTestId('node-message_3').click();
    await inspector.getByRole('button', { name: 'Bind Text' }).click();
    await field(inspector, 'Text: where it comes from').selectOption('failure');
    await field(inspector, 'Text: field of the failure').selectOption('code');
    await field(inspector, 'Text: where it comes from').selectOption('first');
    await inspector.getByRole('button', { name: 'Add alternative' }).click();
    await field(inspector, 'Text, alternative 2: where it comes from').selectOption('constant');
    await field(inspector, 'Text, alternative 2: value').fill('as planned');
  });

  await saved(page);
  await page.reload();
  if (process.env['PICTURES']) await page.screenshot({ path: `${process.env['PICTURES']}/on-failure.png` });
  await page.getByTestId('node-message_3').click();
  await expect(field(inspector, 'Text, alternative 1: field of the failure')).toHaveValue('code');
  await expect(field(inspector, 'Text, alternative 2: value')).toHaveValue('as planned');
  await page.getByRole('group', { name: 'On failure of Message, to Message, if failure.code == "TIMEOUT"' }).focus();
  await page.keyboard.press('Enter');
  await field(inspector, 'When').selectOption('on');
  await expect(field(inspector, 'How far a no reaches')).toHaveValue('all');
});

test("R1, R3, R8, A5: retries, limits, a container's own revert and the flow's settings", async ({ page, server }) => {
  await newFlow(page, server, { name: 'Stubborn', pattern: 'linear' });
  const inspector = inspectorOf(page);
  await field(inspector, 'What still runs then').selectOption('abort');
  await field(inspector, 'On failure').selectOption('hold');
  await field(inspector, 'Deadline of a run: unit').selectOption('h');
  await field(inspector, 'Deadline of a run').fill('2');
  await page.getByRole('button', { name: 'Add Linear', exact: true }).click();
  await page.getByRole('button', { name: 'Add Message', exact: true }).click();

  await field(inspector, 'Text').fill('hello');
  await inspector.getByRole('tab', { name: 'Retry & limits' }).click();
  await inspector.getByRole('button', { name: 'Add retry' }).click();
  await field(inspector, 'Attempts').fill('4');
  await field(inspector, 'Wait before the next attempt').fill('30');
  await field(inspector, 'Back-off').fill('2');
  await field(inspector, 'Jitter').fill('25');
  await field(inspector, 'Only these failures').fill('TIMEOUT, HTTP_503');
  await field(inspector, 'Time limit of an attempt').fill('20');
  await expect(page.getByTestId('node-message')).toContainText('retry ×4');
  await expect(page.getByTestId('node-message')).toContainText('≤ 20 s');

  await page.getByTestId('node-linear').click({ position: { x: 40, y: 12 } });
  await inspector.getByRole('tab', { name: 'Retry & limits' }).click();
  await inspector.getByRole('button', { name: 'Add retry' }).click();
  await field(inspector, 'Try again').selectOption('for_each');
  await field(inspector, 'Values').fill('eu\n{"region": "us"}');
  await field(inspector, 'When it gives up').selectOption('all');
  await inspector.getByRole('tab', { name: 'Revert' }).click();
  await field(inspector, 'How it is undone').selectOption('task');
  await field(inspector, 'Task that undoes it').selectOption('message');
  await inspector.getByRole('button', { name: 'Bind Text' }).click();
  await field(inspector, 'Text: where it comes from').selectOption('output');
  await field(inspector, 'Text: step').selectOption('message');
  await field(inspector, 'Text: output').selectOption('text');
  await expect(page.getByTestId('node-linear')).toContainText('retry ×2');
  await expect(page.getByTestId('node-linear')).toContainText('one undo');
  await saved(page);

  await page.reload();
  await expect(field(inspector, 'What still runs then')).toHaveValue('abort');
  await expect(field(inspector, 'Deadline of a run')).toHaveValue('2');
  await page.getByTestId('node-message').click();
  await inspector.getByRole('tab', { name: 'Retry & limits' }).click();
  await expect(field(inspector, 'Wait before the next attempt')).toHaveValue('30');
  await expect(field(inspector, 'Jitter')).toHaveValue('25');
  await expect(field(inspector, 'Only these failures')).toHaveValue('TIMEOUT, HTTP_503');
  await page.getByTestId('node-linear').click({ position: { x: 40, y: 12 } });
  await inspector.getByRole('tab', { name: 'Retry & limits' }).click();
  await expect(field(inspector, 'Values')).toHaveValue('eu\n{"region":"us"}');
  await inspector.getByRole('button', { name: 'Remove retry' }).click();
  await expect(page.getByTestId('node-linear')).not.toContainText('retry');
  await inspector.getByRole('tab', { name: 'Revert' }).click();
  await field(inspector, 'How it is undone').selectOption('none');
  await field(inspector, 'Reason').fill('The post cannot be called back');
  await expect(page.getByTestId('node-linear')).toContainText('kept');
});

test('P8: a published flow is one item of another, with its inputs as a form and its outputs to bind to', async ({ page, server }) => {
  await newFlow(page, server, { name: 'Inner', pattern: 'linear' });
  const inspector = inspectorOf(page);
  await inspector.getByRole('button', { name: 'Add input' }).click();
  await field(inspector, 'Name of input input').fill('who');
  await page.getByRole('button', { name: 'Add Message', exact: true }).click();
  await field(inspector, 'Text').fill('hello');
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { level: 1 }).click();
  await page.locator('.react-flow__pane').click({ position: { x: 20, y: 20 } });
  await inspector.getByRole('button', { name: 'Add output' }).click();
  await field(inspector, 'Output output: output').selectOption('text');
  await page.getByRole('button', { name: /^Publish v1/ }).click();
  await page.getByRole('button', { name: 'Publish version 1' }).click();
  await expect(page.getByRole('button', { name: 'v1 is published' })).toBeVisible();

  await newFlow(page, server, { name: 'Outer', pattern: 'linear' });
  await drop(page, 'flow Inner', 400, 150);
  await expect(page.getByTestId('node-inner')).toContainText('version 1');
  await field(inspector, 'Who').fill('ana');
  await expect(inspector.getByText('outputs.inner.output')).toBeVisible();
  await expect(inspector.getByRole('link', { name: 'Open Inner' })).toHaveAttribute('href', /\/flows\/flow_/);
  await page.keyboard.press('Escape');
  await page.locator('.react-flow__pane').click({ position: { x: 20, y: 20 } });
  await page.getByRole('button', { name: 'Add Message', exact: true }).click();
  await inspector.getByRole('button', { name: 'Bind Text' }).click();
  await field(inspector, 'Text: where it comes from').selectOption('output');
  await field(inspector, 'Text: step').selectOption('inner');
  await field(inspector, 'Text: output').selectOption('output');
  await saved(page);
  await page.reload();
  await page.getByTestId('node-inner').click();
  await expect(field(inspector, 'Who')).toHaveValue('ana');
  await expect(field(inspector, 'Version')).toHaveValue('1');

  await test.step('launched, the job shows what ran inside it', async () => {
    await page.getByRole('button', { name: /^Publish v1/ }).click();
    await page.getByRole('button', { name: 'Publish version 1' }).click();
    await page.getByRole('button', { name: 'Launch…' }).click();
    await page.getByRole('button', { name: 'Launch job' }).click();
    await page.waitForURL(/\/jobs\/job_/);
    await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
    await expect(page.getByTestId('node-inner')).toHaveAttribute('data-state', 'SUCCESS');
    await page.getByTestId('node-inner').click();
    const about = page.getByRole('region', { name: 'Inspector' });
    await about.getByRole('button', { name: /^Inner › Message/ }).click();
    await expect(about.getByRole('heading', { name: 'Inner › Message' })).toBeVisible();
    await about.getByRole('tab', { name: 'Output' }).click();
    await expect(about).toContainText('hello');
    if (process.env['PICTURES']) await page.screenshot({ path: `${process.env['PICTURES']}/subflow.png` });
  });
});

test('axe finds nothing serious on a drawing with every construct, light and dark', async ({ page, server }) => {
  const root = {
    kind: 'flow',
    id: 'root',
    name: 'Everything',
    pattern: 'graph',
    items: [
      { ...message('first'), retry: { id: 'r1', strategy: { kind: 'times', attempts: 3 }, delayMs: 1_000 }, timeLimitMs: 30_000 },
      {
        kind: 'flow',
        id: 'each',
        name: 'Each region',
        pattern: 'for_each',
        forEach: { list: { from: 'constant', value: ['eu', 'us'] } },
        limit: 2,
        items: [message('attach')],
        revert: { mode: 'none', reason: 'It stays' },
      },
      {
        kind: 'flow',
        id: 'rounds',
        name: 'Until ready',
        pattern: 'loop',
        loop: { again: 'false', limit: 5 },
        items: [message('poll')],
        retry: { id: 'r2', strategy: { kind: 'for_each', values: [1, 2] } },
      },
      { ...message('last'), join: 'any' },
    ],
    links: [
      { id: 'l1', from: 'first', to: 'each', decider: 'outputs.first.text == "go on with all of them"', depth: 'flow' },
      { id: 'l2', from: 'first', to: 'rounds' },
      { id: 'l3', from: 'each', to: 'last' },
      { id: 'l4', from: 'rounds', to: 'last' },
    ],
  };
  const headers = { 'content-type': 'application/json', origin: server.origin };
  const made = await page.request.post(`${server.origin}/trpc/flows.create`, { data: { name: 'Everything', pattern: 'graph' }, headers });
  const { id, revision } = ((await made.json()) as { result: { data: { id: string; revision: number } } }).result.data;
  const definition = { schemaVersion: 1, name: 'Everything', root };
  await page.request.post(`${server.origin}/trpc/flows.save`, { data: { flow: id, revision, definition }, headers });
  await page.goto(`${server.origin}/flows/${id}`);
  await expect(page.getByTestId('node-attach')).toBeVisible();
  const inspector = inspectorOf(page);
  const looks: [string, () => Promise<void>][] = [
    ['flow', async () => {}],
    ['for-each', () => page.getByTestId('node-each').click({ position: { x: 40, y: 12 } })],
    ['retry', () => inspector.getByRole('tab', { name: 'Retry & limits' }).click()],
    [
      'task limits',
      async () => {
        await page.getByTestId('node-first').click();
        await inspector.getByRole('tab', { name: 'Retry & limits' }).click();
      },
    ],
    ['link', () => canvasOf(page).getByText('outputs.first.text ==').click()],
  ];
  for (const [name, choose] of looks) {
    await choose();
    await look(page, `designer-${name}`);
  }
});

function message(id: string) {
  return { kind: 'task', id, name: id, type: 'message', parameters: { text: id } };
}
