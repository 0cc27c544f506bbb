// The law of durations (A5, B7, R1, R7, J6): what a run waits for lasts as long as it was meant to, by the time that really
// passes, however the clock is set. Read from the entries and from the machine alone. No attempt begins after its retry's limit.
import { expect } from 'vitest';
import type { AtomEntry, Entry } from '../../logbook/entry.ts';
import { SLOWED } from '../../run/state/time-heaps.ts';
import { indexOf } from '../../run/state/run.ts';
import { lookUp } from '../../run/graph/index-spaces.ts';
import type { JobInView } from './job-in-view.ts';
import { checkTime } from './time-laws.ts';

interface Lasting {
  readonly kind: 'limit' | 'wait';
  readonly lasts: number;
  /** Elapsed time of the machine when it began, or when a conductor took it over. */
  began: number;
}

/** A clock that goes forward by less is no jump; and entries have whole milliseconds. */
const SLACK_MS = 300;

export class DurationLaw {
  readonly #job: JobInView;
  readonly #lasting = new Map<string, Lasting>();
  /** Time of the last entry of each atom. */
  readonly #movedAt = new Map<string, number>();
  /** Start of a retry's first attempt. */
  readonly #triedSince = new Map<string, number>();

  constructor(job: JobInView) {
    this.#job = job;
  }

  note(entry: Entry): void {
    if (entry.kind === 'ATOM') this.#noteAtom(entry);
    // The next conductor may be another process, whose clock may differ; limits of calls begin again.
    if (entry.kind === 'JOB' && entry.to === 'CLAIMED') this.#lasting.clear();
    if (entry.kind === 'MARK' || entry.kind === 'RUN') this.#forgetUnserved();
  }

  /** After a turn: everything that has lasted its time is served, and the timer comes in time for the rest. */
  check(forwardSince: number): void {
    const { run, wakeAt, now, machine, flights, parallel } = this.#job;
    checkTime({
      ...{ run, now: Math.max(now, run.lastTime), wallTime: machine.now(), calls: flights.length, parallel, wakeAt, forwardSince },
      setForwardSince: (time) => machine.setForwardSince(time),
      since: (atom) => this.#movedAt.get(atom) ?? 0,
    });
    if (run.job !== 'CLAIMED' || run.state !== 'RUNNING') return;
    for (const [address, { lasts, began, kind }] of this.#lasting) {
      const atom = lookUp(run.atoms, indexOf(run, address));
      if (atom === undefined || atom.inDoubt !== null || atom.stopping > 0) continue;
      const remains = lasts / SLOWED + SLACK_MS - (machine.elapsed() - began);
      expect(remains, `the ${kind} of ${address} is past and not served`).toBeGreaterThan(0);
      const wakes = ((wakeAt ?? Infinity) - now) / SLOWED;
      expect(wakes, `the ${kind} of ${address} has a timer in time`).toBeLessThanOrEqual(remains);
    }
  }

  #noteAtom({ atom, from, to, time, data }: AtomEntry): void {
    const { machine, run } = this.#job;
    this.#movedAt.set(atom, time);
    this.#checkRetry({ atom, from, to, time });
    const before = this.#lasting.get(atom);
    const isTimeout = data?.failure?.code === 'TIMEOUT' && (from === 'RUNNING' || from === 'WAITING');
    const isServed = isTimeout || (from === 'RETRYING' && to === 'RUNNING');
    if (before !== undefined && isServed) {
      const passed = machine.elapsed() - before.began + SLACK_MS;
      expect(passed, `the ${before.kind} of ${atom} is not shorter than it was meant to be`).toBeGreaterThanOrEqual(before.lasts);
    }
    this.#lasting.delete(atom);
    const limit = run.flow.atomByAddress.get(atom)?.item.timeLimitMs;
    const isByWallClock = data?.waiting?.on === 'timer' && data.waiting.byWallClock === true;
    const until = to === 'WAITING' && !isByWallClock ? data?.waiting?.until : to === 'RETRYING' ? data?.notBefore : undefined;
    if (until != null) this.#lasting.set(atom, { kind: 'wait', lasts: until - time, began: machine.elapsed() });
    else if (to === 'RUNNING' && limit !== undefined) this.#lasting.set(atom, { kind: 'limit', lasts: limit, began: machine.elapsed() });
  }

  #checkRetry({ atom, from, to, time }: Pick<AtomEntry, 'atom' | 'from' | 'to' | 'time'>): void {
    const { machine, run } = this.#job;
    const compiled = run.flow.atomByAddress.get(atom);
    if (compiled?.kind !== 'retry') return;
    if (to === 'RUNNING' && from === 'PENDING') this.#triedSince.set(atom, time);
    const since = this.#triedSince.get(atom) ?? time;
    const passed = time - since - machine.setForwardSince(since);
    const limit = compiled.retry.policy.timeLimitMs ?? Infinity;
    if (to === 'SUCCESS') expect(passed, `R1: ${atom} begins no attempt after its limit`).toBeLessThanOrEqual(limit);
  }

  /** Nothing is served in a run at rest, and a doubt ends a limit. */
  #forgetUnserved(): void {
    if (this.#job.run.state !== 'RUNNING') this.#lasting.clear();
  }
}
