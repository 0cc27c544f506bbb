// The large values that all calls of a process hold have one limit, whatever the number of runs.
import { expect, it } from 'vitest';
import type { TaskOutcome } from '../../dispatch/task-runner.ts';
import { LARGE } from '../../logbook/stored-value.ts';
import { ConductorScene } from '../../testing/conductor-scene.ts';
import { flow, task, unordered } from '../../testing/flows.ts';
import { CallBudget } from './call-budget.ts';

const done: TaskOutcome = { kind: 'done', output: {} };
const wide = (text: string) =>
  flow(
    unordered(
      'root',
      ['a', 'b', 'c', 'd'].map((id) => task(id, { parameters: { text } })),
    ),
  );

/** A scene whose calls end when the test says so, in the order of the calls. */
function withOpenCalls() {
  const open: (() => void)[] = [];
  let most = 0;
  let calls = 0;
  const scene = new ConductorScene(() => {
    calls += 1;
    most = Math.max(most, calls);
    return new Promise((resolve) =>
      open.push(() => {
        calls -= 1;
        resolve(done);
      }),
    );
  });
  return { scene, open, most: () => most };
}

it('S4: calls with large values wait for those of other runs; each run may have one, and every run ends', async () => {
  const { scene, open, most } = withOpenCalls();
  // Room for three calls.
  scene.largeCalls = 3 * LARGE;
  const conductor = scene.start();
  const jobs: string[] = [];
  for (let count = 0; count < 3; count += 1) jobs.push(await scene.launch(conductor, wide('x'.repeat(LARGE))));
  await scene.pass(500);
  // Three calls of the first run, and one of each other run.
  expect(open).toHaveLength(5);
  for (let ended = 0; ended < 12; ended += 1) {
    open.shift()?.();
    await scene.pass(300);
  }
  expect(most()).toBe(5);
  for (const job of jobs) expect(await scene.store.get(job)).toMatchObject({ run: 'SUCCESS' });
});

it('S4: the calls of a driver that has ended leave their room to other runs', async () => {
  const { scene, open } = withOpenCalls();
  scene.largeCalls = 3 * LARGE;
  const conductor = scene.start();
  for (let count = 0; count < 2; count += 1) await scene.launch(conductor, wide('x'.repeat(LARGE)));
  await scene.pass(500);
  expect(open).toHaveLength(4);
  // The commit of the first answer fails, which ends the driver of the first run.
  let isFailing = true;
  scene.store.fail = (asked) => {
    if (asked !== 'commit' || !isFailing) return;
    isFailing = false;
    throw new Error('unreachable');
  };
  open.shift()?.();
  await scene.pass(200);
  // The second run may have three calls now.
  expect(open).toHaveLength(5);
});

it('small values do not count', async () => {
  const { scene, open } = withOpenCalls();
  scene.largeCalls = 1;
  const conductor = scene.start();
  for (let count = 0; count < 3; count += 1) await scene.launch(conductor, wide('x'));
  await scene.pass(500);
  expect(open).toHaveLength(12);
});

it('what a run holds counts once, also when the turn of one run changes what others hold', () => {
  const budget = new CallBudget(100);
  const quiet = { hasRoomAgain: () => {} };
  const [b, other] = [{ ...quiet }, { ...quiet }];
  const c = { hasRoomAgain: () => budget.hold(c, 55) };
  const a = { hasRoomAgain: () => budget.hold(a, 0) };
  budget.hold(b, 70);
  budget.hold(a, 40);
  budget.hold(c, 40);
  budget.hold(b, 0);
  expect(budget.roomFor(other)).toBe(45);
  for (const one of [a, b, c]) budget.hold(one, 0);
  expect(budget.roomFor(other)).toBe(100);
});

it('a run that was held back gets a turn when another run ends its calls, and once', () => {
  const budget = new CallBudget(100);
  let turns = 0;
  const a = { hasRoomAgain: () => {} };
  const b = {
    hasRoomAgain: () => {
      turns += 1;
    },
  };
  budget.hold(a, 90);
  budget.hold(b, 20);
  expect([budget.roomFor(a), budget.roomFor(b)]).toEqual([80, 10]);
  budget.hold(a, 85);
  expect(turns).toBe(0);
  budget.hold(a, 50);
  budget.hold(a, 0);
  expect([turns, budget.roomFor(b)]).toEqual([1, 100]);
});
