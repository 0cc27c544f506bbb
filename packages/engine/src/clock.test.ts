import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { elapsedOf, systemClock } from './clock.ts';

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => vi.useRealTimers());

it('a timer that fires before its time, as one in twenty does, waits again', () => {
  const due: number[] = [];
  systemClock.at(1_000_100, () => due.push(Date.now()));
  // The clock that gives the time runs slightly behind the clock of the timers.
  vi.setSystemTime(999_998);
  vi.advanceTimersByTime(100);
  expect(due).toEqual([]);
  vi.advanceTimersByTime(2);
  expect(due).toEqual([1_000_100]);
});

it('a timer is set again when the clock of the machine is set back, and fires at once when the time has passed', () => {
  const due: number[] = [];
  systemClock.at(1_000_100, () => due.push(Date.now()));
  vi.setSystemTime(960_000);
  vi.advanceTimersByTime(40_099);
  expect(due).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(due).toEqual([1_000_100]);
  systemClock.at(900_000, () => due.push(Date.now()));
  vi.advanceTimersByTime(0);
  expect(due).toHaveLength(2);
});

it('a time beyond the longest timer is waited for in several steps, and a cancelled timer does not fire', () => {
  const days = 60 * 24 * 60 * 60 * 1_000;
  const due: number[] = [];
  systemClock.at(1_000_000 + days, () => due.push(Date.now()));
  const cancel = systemClock.at(1_000_000 + days, () => due.push(0));
  cancel();
  vi.advanceTimersByTime(days - 1);
  expect(due).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(due).toEqual([1_000_000 + days]);
});

describe('elapsed', () => {
  const machine = () => ({
    clock: 1_000_000,
    running: 0,
    up: 50_000,
    now() {
      return this.clock;
    },
    timer() {
      return this.running;
    },
    uptime() {
      return this.up;
    },
    pass(ms: number) {
      this.running += ms;
      this.sleep(ms);
    },
    sleep(ms: number) {
      this.up += ms;
      this.clock += ms;
    },
  });

  it('counts a sleep of the machine, up to the accuracy of its uptime', () => {
    const one = machine();
    const elapsed = elapsedOf(one);
    one.pass(1_000);
    one.sleep(3_600_000);
    expect(elapsed()).toBe(1_000 + 3_599_000);
    one.pass(500);
    expect(elapsed()).toBe(1_500 + 3_599_000);
    one.sleep(60_000);
    expect(elapsed()).toBe(1_500 + 3_659_000);
  });

  it.each([3_600_000, -3_600_000])('does not change when the clock is set by %i ms', (by) => {
    const one = machine();
    const elapsed = elapsedOf(one);
    one.pass(1_000);
    one.clock += by;
    expect(elapsed()).toBe(1_000);
    one.pass(1_000);
    expect(elapsed()).toBe(2_000);
  });
});
