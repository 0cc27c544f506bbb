// What one change of state renders, counted in the production build: React tells a devtools hook of each commit, and a
// component that was rendered carries a flag of that commit.
import type { Page } from '@playwright/test';
import { call } from './call.ts';
import { type Task, launch } from './launch.ts';
import { expect, test } from './server.ts';

declare global {
  interface Window {
    /** Components rendered since it was last set to zero: on the canvas, and on the page. */
    renders: { canvas: number; page: number };
  }
}

/** In the page, before its scripts. */
function countRenders(): void {
  interface Fiber {
    readonly tag: number;
    readonly flags: number;
    readonly alternate: Fiber | null;
    readonly child: Fiber | null;
    readonly sibling: Fiber | null;
    readonly memoizedProps: { readonly 'aria-label'?: string } | null;
  }
  const PERFORMED_WORK = 1;
  /** Function components, with forwardRef and memo; class components. */
  const COMPONENTS = [0, 1, 11, 14, 15];
  const HOST = 5;
  window.renders = { canvas: 0, page: 0 };
  const visit = (fiber: Fiber, onCanvas: boolean): void => {
    const before = fiber.alternate;
    if (COMPONENTS.includes(fiber.tag) && (before === null || (fiber.flags & PERFORMED_WORK) !== 0)) {
      window.renders.page += 1;
      if (onCanvas) window.renders.canvas += 1;
    }
    if (before !== null && before.child === fiber.child) return;
    const inside = onCanvas || (fiber.tag === HOST && fiber.memoizedProps?.['aria-label'] === 'Canvas');
    for (let child = fiber.child; child !== null; child = child.sibling) visit(child, inside);
  };
  const hook = {
    supportsFiber: true,
    renderers: new Map(),
    inject: () => 1,
    checkDCE: () => {},
    onCommitFiberUnmount: () => {},
    onPostCommitFiberRoot: () => {},
    onScheduleFiberRoot: () => {},
    onCommitFiberRoot: (_id: number, root: { readonly current: Fiber }) => visit(root.current, false),
  };
  Object.defineProperty(window, '__REACT_DEVTOOLS_GLOBAL_HOOK__', { value: hook });
}

/** Until nothing is rendered any more. */
async function untilAtRest(page: Page): Promise<void> {
  let before = -1;
  await expect(async () => {
    const now = await page.evaluate(() => window.renders.canvas);
    const rests = now === before;
    before = now;
    expect(rests).toBe(true);
  }).toPass({ intervals: [500] });
}

test('one change of state renders at most two components of a canvas with 200 tasks', async ({ page, server }) => {
  const signal = (id: string): Task => ({ id, type: 'signal', parameters: { name: id } });
  const rest = Array.from({ length: 198 }, (_, index): Task => ({ id: `t${index}`, type: 'values.set', parameters: { values: {} } }));
  await page.addInitScript(countRenders);
  const job = await launch(page, server, { name: 'Many tasks', tasks: [signal('first'), signal('second'), ...rest] });
  await expect(page.getByTestId('node-first')).toHaveAttribute('data-state', 'WAITING');
  await expect(page.getByTestId('node-t197')).toHaveCount(1);
  await untilAtRest(page);
  await page.evaluate(() => {
    window.renders = { canvas: 0, page: 0 };
  });
  await call(page, 'jobs.signal', { job, name: 'first', data: 1, reason: '' });
  await expect(page.getByTestId('node-second')).toHaveAttribute('data-state', 'WAITING');
  await untilAtRest(page);
  const { canvas, page: all } = await page.evaluate(() => window.renders);
  console.log(`two changes of state rendered ${canvas} components of the canvas, ${all} of the page`);
  // The first succeeded and the second began to wait: two changes.
  expect(canvas).toBeGreaterThanOrEqual(2);
  expect(canvas).toBeLessThanOrEqual(4);
});
