import type { Clock } from '@windlass/engine/ports';
import { expect, it } from 'vitest';
import { DatabaseClock } from './database-clock.ts';

/** A clock moved by hand. */
class HandClock implements Clock {
  time = 1_000_000;
  readonly #timers = new Set<{ readonly at: number; readonly due: () => void }>();

  /** How far it was set. */
  ahead = 0;

  now(): number {
    return this.time + this.ahead;
  }
  elapsed(): number {
    return this.time;
  }
  after(ms: number, due: () => void): () => void {
    return this.at(this.time + ms, due);
  }
  at(at: number, due: () => void): () => void {
    const timer = { at, due };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }
  moveTo(time: number): void {
    this.time = time;
    for (const timer of [...this.#timers]) if (timer.at <= time && this.#timers.delete(timer)) timer.due();
  }
}

async function measured(
  ahead: number,
  took = 10,
): Promise<{ local: HandClock; clock: DatabaseClock; measure: (ahead: number) => Promise<void> }> {
  const local = new HandClock();
  const clock = new DatabaseClock(local);
  const measure = (by: number) =>
    clock.measure(async () => {
      const database = local.time + took / 2 - by;
      local.time += took;
      return database;
    });
  await measure(ahead);
  return { local, clock, measure };
}

it('has the time of the database, whichever way this machine is off', async () => {
  for (const ahead of [40_000, -40_000, 0]) {
    const { local, clock } = await measured(ahead);
    expect([clock.now(), clock.localAhead]).toEqual([local.time - ahead, ahead]);
  }
});

it.each([-3_600_000, 3_600_000])('A5: does not move when the clock of this machine is set by %i ms', async (by) => {
  const { local, clock, measure } = await measured(40_000);
  const before = clock.now();
  local.ahead = by;
  expect([clock.now(), clock.localAhead]).toEqual([before, 40_000 + by]);
  await measure(40_000);
  expect(clock.now()).toBe(before + 10);
});

it('takes an answer that was long on its way for no more than it says', async () => {
  const { clock } = await measured(900, 2_000);
  expect(clock.localAhead).toBe(0);
  expect((await measured(40_000, 2_000)).clock.localAhead).toBe(40_000);
});

it('does not move for the noise of a measurement', async () => {
  const { clock, measure } = await measured(40_000);
  await measure(40_040);
  expect(clock.localAhead).toBe(40_000);
  await measure(41_000);
  expect(clock.localAhead).toBe(41_000);
});

it('calls what is due by the time of the database, not before, also when the offset changes meanwhile', async () => {
  const { local, clock, measure } = await measured(40_000);
  const called: number[] = [];
  const due = clock.now() + 1_000;
  clock.at(due, () => called.push(clock.now()));
  const cancelTimer = clock.at(due, () => called.push(0));
  cancelTimer();
  await measure(40_500);
  local.moveTo(due + 40_000);
  expect(called).toEqual([]);
  local.moveTo(due + 40_500);
  expect(called).toEqual([due]);
});
