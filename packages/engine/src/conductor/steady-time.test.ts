import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ConductorTime, SteadyTime, atTime } from './steady-time.ts';

const HOUR = 3_600_000;

/** A machine whose clock a test sets. */
class Machine {
  passed = 0;
  ahead = 0;
  now(): number {
    return 1_000_000 + this.passed + this.ahead;
  }
  elapsed(): number {
    return this.passed;
  }
}

it('is the time of the clock, as long as the clock is not set', () => {
  const machine = new Machine();
  const time = new SteadyTime(machine);
  for (const passed of [0, 1, 250, 90_000]) {
    machine.passed = passed;
    expect(time.now()).toBe(machine.now());
  }
  expect(time.jumps).toEqual([]);
});

it('never goes back: it goes on 5 % slower until the clock has caught up', () => {
  const machine = new Machine();
  const time = new SteadyTime(machine);
  machine.ahead = -10_000;
  expect(time.now()).toBe(1_000_000);
  machine.passed += 100_000;
  expect([time.now(), machine.now()]).toEqual([1_095_000, 1_090_000]);
  machine.passed += 200_000;
  expect([time.now(), time.jumps]).toEqual([machine.now(), []]);
});

it('follows a clock that is set forward at once, and keeps the jump', () => {
  const machine = new Machine();
  const time = new SteadyTime(machine);
  machine.passed += 1_000;
  machine.ahead = HOUR;
  expect([time.now(), time.jumps]).toEqual([1_001_000 + HOUR, [{ at: 1_001_000 + HOUR, by: HOUR }]]);
});

it('after the clock was set back, a correction forward is a jump only by what goes beyond this time', () => {
  const machine = new Machine();
  const time = new SteadyTime(machine);
  machine.ahead = -HOUR;
  expect(time.now()).toBe(1_000_000);
  machine.ahead = 0;
  expect([time.now(), time.jumps]).toEqual([1_000_000, []]);
  machine.ahead = 5_000;
  expect([time.now(), time.jumps]).toEqual([1_005_000, [{ at: 1_005_000, by: 5_000 }]]);
});

it('the time of a run begins at its last entry, knows the jumps so far, and goes on with the time that passes', () => {
  const machine = new Machine();
  const conductor = new ConductorTime(machine, { isShared: false });
  machine.ahead = 60_000;
  const time = conductor.ofRun(2_000_000);
  expect([time.now(), time.jumps.length]).toEqual([2_000_000, 1]);
  machine.passed += 20_000;
  expect(time.now()).toBe(2_019_000);
});

it('a clock that several servers share is followed when it is set back, but not by a run that is driven', () => {
  const machine = new Machine();
  const conductor = new ConductorTime(machine, { isShared: true });
  const time = conductor.ofRun(0);
  machine.ahead = -HOUR;
  expect([conductor.now(), time.now()]).toEqual([1_000_000 - HOUR, 1_000_000]);
});

it('is whole milliseconds that never go back, jumps too, however the clock is set and whatever fractions pass', () => {
  const step = fc.record({
    passes: fc.double({ min: 0, max: 5_000, noNaN: true }),
    set: fc.integer({ min: -HOUR, max: HOUR }),
    isSet: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), (steps, isWhole) => {
      const machine = new Machine();
      const read = { elapsed: () => machine.elapsed(), now: () => (isWhole ? Math.floor(machine.now()) : machine.now()) };
      const time = new SteadyTime(read);
      let before = time.now();
      for (const { passes, set, isSet } of steps) {
        machine.passed += passes;
        if (isSet) machine.ahead += set;
        const now = time.now();
        expect(now).toBeGreaterThanOrEqual(before);
        // A limit comes late by 5 % at most, and by what no look can tell apart from noise.
        expect(now - before).toBeGreaterThanOrEqual(passes * 0.95 - 251);
        expect([now, ...time.jumps.flatMap(({ at, by }) => [at, by])].every(Number.isInteger)).toBe(true);
        before = now;
      }
    }),
  );
});

it('a timer keeps its clock as the object that it is, as PostgreSQL’s clock needs', () => {
  class OwnClock {
    readonly #waits: number[] = [];
    after(ms: number): () => void {
      this.#waits.push(ms);
      return () => {};
    }
    get waits(): readonly number[] {
      return this.#waits;
    }
  }
  const clock = new OwnClock();
  atTime(clock, { time: 1_050, now: () => 1_000, isDue: () => false }, () => {});
  expect(clock.waits).toEqual([50]);
});
