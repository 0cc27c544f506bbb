// The laws of a run after each turn, checked with only its entries and commands and the simulated effects:
// I1 to I4, I7, I8, A3, A4, A5, T1. The state of atoms is taken from the entries, not from the run that is checked.
import { expect } from 'vitest';
import type { ActBy } from '../../events.ts';
import type { ActEntry, AtomEntry, Entry, RunEntry } from '../../logbook/entry.ts';
import type { Decision } from '../../run/decide.ts';
import { atomsInside, droppedFrom } from '../../run/graph/graph.ts';
import { type AtomIndex, lookUp } from '../../run/graph/index-spaces.ts';
import { isJsonObject } from '../../json.ts';
import type { RollbackPlan } from '../../run/plan/rollback-plan.ts';
import { destroyedWith } from '../../run/plan/undo-action.ts';
import { caughtAround, containerAround } from '../../run/state/caught.ts';
import { indexOf, knownIndexOf } from '../../run/state/run.ts';
import type { AtomState } from '../../states.ts';
import { type Confirmed, checkCarriedOut, checkStanding, checkWaves } from './rollback-laws.ts';
import { isInsideCatch, wasCaught } from './catch-law.ts';
import { EndingLaw, checkRoom } from './ending-law.ts';
import { DurationLaw } from './duration-law.ts';
import type { Flight, JobInView } from './job-in-view.ts';
import { reached } from './reached.ts';
import { checkParked } from './time-laws.ts';

/** The state of an atom according to its entries. */
interface Known {
  state: AtomState;
  attempt: number;
  kept: boolean;
  /** The output that a revert of this attempt must get. */
  output: unknown;
  failed: boolean;
}

/** Acts after which a confirmed rollback still goes on as planned. */
const WITHIN_A_ROLLBACK: ReadonlySet<string> = new Set(['SUSPEND', 'RESUME', 'KEEP', 'MARK_REVERTED', 'RETRY_REVERT', 'SIGNAL']);

export class RunLaws {
  readonly #job: JobInView;
  readonly #known = new Map<string, Known>();
  /** Atoms that may be called once: an entry says so, or a takeover left them under way. */
  readonly #callable = new Set<string>();
  readonly #ending: EndingLaw;
  /** Atoms whose apply was under way when their conductor died. */
  readonly #lost = new Set<string>();
  readonly #reverted = new Set<string>();
  readonly #results = new Set<string>();
  readonly #asked = new Set<string>();
  /** By retry: the atoms of the container that begins again. */
  readonly #retried = new Map<string, ReadonlySet<number>>();
  readonly #kept = new Set<string>();
  /** Attempts whose outcome a person has given. */
  readonly #settled = new Set<string>();
  /** Start of the present call of an atom, and of the present claim. */
  readonly #calledAt = new Map<string, number>();
  #claimedAt = 0;
  readonly #durations: DurationLaw;
  #notedAt = 0;
  /** The atoms that the rollback under way names at the noted entry; null when it takes all. */
  #named: ReadonlySet<string> | null = null;
  #forwardSince = 0;
  /** Number of attempts of an atom's present revert. */
  readonly #revertAttempts = new Map<string, number>();
  /** Signals that no wait has taken, by name. */
  readonly #signals = new Map<string, unknown[]>();
  #confirmed: Confirmed | null = null;
  /** Plans that a person has open, by hash. */
  readonly #seen = new Map<string, RollbackPlan>();

  constructor(job: JobInView) {
    this.#job = job;
    this.#ending = new EndingLaw(job);
    this.#durations = new DurationLaw(job);
  }

  /** Another conductor has claimed the job: calls under way may be repeated once (A4). */
  takenOver(isDead: boolean): void {
    this.#ending.takenOver(isDead);
    this.#callable.clear();
    this.#lost.clear();
    for (const [address, { state }] of this.#known) {
      if (state === 'RUNNING') this.#lost.add(address);
      if (state === 'RUNNING' || state === 'REVERTING' || this.#ending.isEnding(address)) this.#callable.add(address);
    }
  }

  /** A person has opened a plan. */
  seen(plan: RollbackPlan): void {
    if (!this.#seen.has(plan.hash)) checkWaves(this.#job.run, plan);
    this.#seen.set(plan.hash, plan);
  }

  /** Checks a durable decision. */
  note({ entries }: Decision): void {
    for (const entry of entries) this.#note(entry);
  }

  /** L2, B7: an act that is done is an entry, and a refused act is not. */
  checkAct({ act, by }: ActBy, { answer, entries }: Decision): void {
    const made = entries.filter((entry) => entry.kind === 'ACT').map((entry) => [entry.act, entry.actor.id]);
    expect(made, `L2, B7: ${act.kind} is ${answer?.kind}`).toEqual(answer?.kind === 'done' ? [[act.kind, by.id]] : []);
  }

  /** A4: an apply whose probe answers unknown is in doubt, and not called again. */
  checkProbe({ call, outcome }: Flight): void {
    if (call.kind !== 'probe' || outcome?.kind !== 'unknown') return;
    const { state, attempt, inDoubt } = lookUp(this.#job.run.atoms, indexOf(this.#job.run, call.atom)) ?? {};
    if (state === 'RUNNING' && attempt === call.attempt) expect(inDoubt, `A4: ${call.atom} is in doubt`).not.toBeNull();
  }

  check(decision: Decision): void {
    this.note(decision);
    this.#checkCalls(decision);
    this.#checkCounts();
    checkRoom(decision, this.#job);
    const { run, entries, world, id } = this.#job;
    // A turn that was interrupted goes on at once.
    if (decision.wanted.length === 0 && decision.wakeAt !== 0) this.#durations.check(this.#forwardSince);
    if (run.state === 'RUNNING') this.#confirmed = null;
    if (this.#confirmed !== null) checkCarriedOut(run, entries, this.#confirmed);
    if (run.job === 'WAITING') checkParked(run);
    if (run.job !== 'CLAIMED') checkStanding({ run, world, job: id, kept: this.#kept, settled: this.#settled });
  }

  #note(entry: Entry): void {
    expect(entry.time, `L1: entry ${entry.number} is not older than the one before`).toBeGreaterThanOrEqual(this.#notedAt);
    this.#notedAt = entry.time;
    this.#ending.note(entry);
    this.#durations.note(entry);
    switch (entry.kind) {
      case 'ATOM':
        this.#noteAtom(entry);
        return;
      case 'MARK': {
        const known = this.#of(entry.atom);
        if (entry.mark === 'KEPT') {
          known.kept = true;
          this.#kept.add(`${entry.atom} ${known.attempt}`);
          // A person has said so, whatever the late revert did: for all stages if one destroy undoes them.
          if (entry.actor.kind === 'person')
            for (const atom of this.#undoneWith(entry.atom)) this.#settled.add(`${atom} ${this.#of(atom).attempt}`);
        }
        if (entry.mark === 'OUTPUT_EDITED') known.output = entry.data?.output;
        if (entry.mark === 'DOUBT_SETTLED') {
          this.#lost.delete(entry.atom);
          this.#settled.add(`${entry.atom} ${entry.attempt}`);
        }
        if (entry.mark === 'IN_DOUBT' && entry.data?.live !== true) this.#callable.delete(entry.atom);
        if (entry.mark === 'ASKED') {
          // A catch is asked once per failure, a retry once per own attempt.
          const about = this.#isCatch(entry.atom) ? ` about ${entry.data?.atom} ${this.#of(entry.data?.atom ?? '').attempt}` : '';
          const asked = `${entry.atom} ${entry.attempt}${about}`;
          expect(this.#asked.has(asked), `R1: ${asked} is asked once`).toBe(false);
          this.#asked.add(asked);
          if (entry.data?.decision === 'RETRY') this.#retried.set(entry.atom, this.#insideOf(entry.atom));
        }
        // P11: a catch undoes its item as a retry undoes its container.
        if (entry.mark === 'CAUGHT') this.#retried.set(entry.atom, this.#insideOf(entry.atom));
        return;
      }
      case 'RUN':
        this.#noteForward(entry);
        this.#noteRollback(entry);
        if (entry.data?.again === undefined) return;
        // In a new forward pass failures are asked about again, even if a person began it within one attempt of the retry.
        this.#asked.clear();
        for (const [atom, known] of this.#known) known.kept &&= isInsideCatch(this.#job.run, atom);
        for (const atom of entry.data.again) this.#reset(atom);
        return;
      case 'ACT':
        this.#noteAct(entry);
        if (entry.act === 'MARK_REVERTED' && entry.atom !== undefined) this.#undoneByHand(entry.atom);
        return;
      case 'JOB':
        if (entry.to === 'CLAIMED') this.#claimedAt = entry.time;
        return;
    }
  }

  #noteForward({ from, to, time, data }: RunEntry): void {
    if (to === 'RUNNING' && from !== 'SUSPENDED' && from !== 'SUSPENDING') this.#forwardSince = time;
    if (data?.forward?.kind !== 'overdue') return;
    const limit = this.#job.run.flow.definition.timeLimitMs ?? Infinity;
    expect(time - this.#forwardSince, 'B7: the deadline holds in full').toBeGreaterThanOrEqual(limit);
  }

  #noteAct({ act, number, data }: ActEntry): void {
    if (act === 'SIGNAL') this.#signals.set(String(data?.['name']), [...(this.#signals.get(String(data?.['name'])) ?? []), data?.['data']]);
    const plan = act === 'ROLL_BACK' ? this.#seen.get(String(data?.['hash'])) : undefined;
    if (plan !== undefined) this.#confirmed = { plan, since: number };
    else if (!WITHIN_A_ROLLBACK.has(act)) this.#confirmed = null;
  }

  #undoneByHand(atom: string): void {
    const { run, world, id } = this.#job;
    const compiled = run.flow.atomByAddress.get(atom);
    world.undo({ job: id, atom, attempt: this.#of(atom).attempt, type: compiled?.item.type ?? '', byApply: compiled?.kind === 'undo' });
  }

  #noteAtom(entry: AtomEntry): void {
    const { atom, attempt, from, to, data } = entry;
    const known = this.#of(atom);
    expect(from, `L1: ${atom} goes from the state that it had`).toBe(known.state);
    known.state = to;
    known.attempt = attempt;
    if (to === 'RUNNING' && from === 'PENDING') this.#checkOrder(atom);
    if (to === 'REVERTING' || to === 'REVERTED') if (from !== 'REVERTING' && from !== 'REVERT_FAILURE') this.#checkUndoOrder(atom);
    if (to === 'RUNNING' || to === 'REVERTING') this.#callable.add(atom);
    else {
      this.#callable.delete(atom);
      this.#lost.delete(atom);
    }
    this.#checkLimits(entry);
    if (to === 'REVERTING') this.#checkRevertAttempt(entry);
    switch (to) {
      case 'SUCCESS': {
        if (this.#isCatch(atom)) this.#retried.delete(atom);
        const result = `${atom} ${attempt}`;
        expect(this.#results.has(result), `A3: the result of ${result} is recorded once`).toBe(false);
        this.#results.add(result);
        known.output = data?.output ?? null;
        known.failed = false;
        break;
      }
      case 'FAILURE':
        known.output = null;
        known.failed = true;
        break;
      case 'REVERTED':
        this.#reverted.add(`${atom} ${attempt}`);
        break;
      case 'RETRYING':
        this.#retried.delete(atom);
        for (const begun of data?.again ?? []) this.#reset(begun);
        break;
      case 'PENDING':
      case 'WAITING':
      case 'RUNNING':
      case 'IGNORE':
      case 'REVERTING':
      case 'REVERT_FAILURE':
        break;
    }
  }

  /** R7, R11: attempts of a revert count from 1 in each plan, do not exceed the policy, and have a growing delay. */
  #checkRevertAttempt({ atom, from, time, data }: AtomEntry): void {
    const { kind, item } = this.#job.run.flow.atomByAddress.get(atom) ?? {};
    const { revertAttempt = 1, notBefore } = data ?? {};
    const before = from === 'REVERTING' ? this.#revertAttempts.get(atom) : undefined;
    const wanted = before === undefined ? 1 : notBefore === undefined ? before : before + 1;
    expect(revertAttempt, `R11: attempts of the revert of ${atom}`).toBe(wanted);
    this.#revertAttempts.set(atom, revertAttempt);
    if (kind === 'retry') return;
    const { attempts = 3, delayMs = 500 } = item?.revertPolicy ?? {};
    expect(revertAttempt, `R7: attempts of the revert of ${atom}`).toBeLessThanOrEqual(attempts);
    if (notBefore === undefined) return;
    expect(notBefore - time, `R7: the back-off of ${atom}`).toBe(delayMs * 2 ** (revertAttempt - 2));
  }

  /** A5, B7: a limit holds in full. A7: a signal ends one wait. */
  #checkLimits({ atom, from, to, time, data }: AtomEntry): void {
    const compiled = this.#job.run.flow.atomByAddress.get(atom);
    if (data?.failure?.code === 'TIMEOUT' && (from === 'RUNNING' || from === 'REVERTING')) {
      const began = Math.max(this.#calledAt.get(atom) ?? 0, this.#claimedAt);
      expect(time - began, `A5, B7: the limit of ${atom} holds in full`).toBeGreaterThanOrEqual(compiled?.item.timeLimitMs ?? Infinity);
    }
    const output = data?.output;
    if (from === 'WAITING' && to === 'SUCCESS' && isJsonObject(output) && output['received'] === true) {
      const began = this.#job.entries.findLast((entry) => entry.kind === 'ATOM' && entry.atom === atom && entry.to === 'WAITING');
      const { waiting } = (began?.kind === 'ATOM' ? began.data : undefined) ?? {};
      const name = waiting?.on === 'signal' ? waiting.name : 'none';
      expect(output['data'], `A7: ${atom} takes the oldest signal`).toEqual(this.#signals.get(String(name))?.shift());
    }
  }

  #of(atom: string): Known {
    const known = this.#known.get(atom) ?? { state: 'PENDING', attempt: 0, kept: false, output: null, failed: false };
    this.#known.set(atom, known);
    return known;
  }

  #reset(atom: string): void {
    const known = this.#of(atom);
    known.state = 'PENDING';
    known.kept = false;
    known.failed = false;
    known.output = null;
  }

  /** I1; an item with join "any" waits for only one link. */
  #checkOrder(address: string): void {
    const { flow } = this.#job.run;
    if (flow.atoms.some(({ guard }) => guard?.any === true)) return;
    const index = knownIndexOf(this.#job.run, address);
    for (const before of reached(flow, index, 'before')) {
      const other = flow.atoms[before]?.address ?? '';
      // A dropped iteration is skipped on the way forward.
      if (droppedFrom(flow, before) !== null) continue;
      // P11: a caught item is settled, even with standing effects in it.
      if (wasCaught(this.#job.run, before, (atom) => this.#known.get(atom))) continue;
      expect(['SUCCESS', 'IGNORE'], `I1: ${address} is applied after ${other}`).toContain(this.#of(other).state);
    }
  }

  #noteRollback({ data }: RunEntry): void {
    if (data?.rollback === undefined) return;
    this.#retried.clear();
    if (data.rollback.plan !== undefined) this.#revertAttempts.clear();
    this.#named = data.rollback.atoms === 'all' ? null : new Set(data.rollback.atoms);
  }

  /** I2, and R4 for iterations: no atom is undone before an atom after it in the same rollback. */
  #checkUndoOrder(address: string): void {
    const { run } = this.#job;
    const { flow } = run;
    const index = knownIndexOf(run, address);
    const inside = [...this.#retried.values()].find((atoms) => atoms.has(index)) ?? null;

    this.#checkIterations(address);
    const named = inside !== null ? null : this.#named;
    for (const after of reached(flow, index, 'undoing')) {
      const other = flow.atoms[after]?.address ?? '';
      if (inside !== null && !inside.has(after)) continue;
      if (named !== null && !named.has(other)) continue;
      const { state, kept } = this.#of(other);
      const isSettled = kept || state === 'REVERTED' || state === 'PENDING' || state === 'IGNORE';
      expect(isSettled, `I2: ${address} is undone while ${other} after it is ${state}`).toBe(true);
    }
  }

  /** R4: an iteration is undone after the later ones; their numbers give the order, unless the list has changed. */
  #checkIterations(address: string): void {
    const { flow } = this.#job.run;
    const named = this.#named;
    for (const { index, 1: number } of address.matchAll(/\[(\d+)\]/g)) {
      const list = address.slice(0, index + 1);
      if (flow.containerByAddress.get(address.slice(0, index))?.item?.forEach?.list.from === 'output') continue;
      for (const [other, { state, kept }] of this.#known) {
        const later = other.startsWith(list) ? Number.parseInt(other.slice(index + 1), 10) : -1;
        if (later <= Number(number) || (named !== null && !named.has(other)) || this.#retried.size > 0) continue;
        const isSettled = kept || state === 'REVERTED' || state === 'PENDING' || state === 'IGNORE';
        expect(isSettled, `R4: ${address} is undone while ${other} is ${state}`).toBe(true);
      }
    }
  }

  #insideOf(retry: string): ReadonlySet<AtomIndex> {
    const { flow } = this.#job.run;
    const container = flow.atomByAddress.get(retry)?.container ?? null;
    return new Set(container === null ? [] : atomsInside(flow, container));
  }

  #checkCalls({ commands }: Decision): void {
    const { run, flights } = this.#job;
    for (const command of commands) {
      if (command.kind !== 'CALL') continue;
      const { kind, atom, attempt, failure, type } = command.call;
      const call = `${kind} of ${atom}`;
      expect(['RUNNING', 'SUSPENDING', 'REVERTING'], `${call} in a run at rest`).toContain(run.state);
      expect(flights.filter((flight) => flight.call.atom === atom).length, `${call}: one call of an atom at a time`).toBe(1);
      expect(this.#callable.delete(atom), `${call}: each call has its entry`).toBe(true);
      this.#calledAt.set(atom, this.#job.now);
      const known = this.#of(atom);
      expect(attempt, `${call}: of the present attempt`).toBe(known.attempt);
      expect(this.#ending.isEnding(atom) ? [known.state] : CALLED_IN[kind], `${call} while it is ${known.state}`).toContain(known.state);
      if (kind === 'revert') {
        expect(this.#reverted.has(`${atom} ${attempt}`), `I3: ${call} ${attempt}, which is undone`).toBe(false);
        const { output } = flights.find((flight) => flight.call.atom === atom)?.call ?? {};
        expect([failure !== null, output], `R5, R6: what ${call} is given`).toEqual([known.failed, known.output]);
      }
      if (kind === 'probe') this.#lost.delete(atom);
      if (kind === 'apply' && this.#lost.delete(atom)) {
        const compiled = run.flow.atomByAddress.get(atom)?.type;
        expect([compiled?.repeatable, compiled?.hasProbe], `A4: ${type} is repeated after a takeover`).toEqual([true, false]);
      }
    }
  }

  #checkCounts(): void {
    const { run } = this.#job;
    // A failed attempt that was kept in a caught item needs no decision.
    const isOpen = ({ state }: { readonly state: AtomState }, index: AtomIndex) =>
      state === 'FAILURE' && caughtAround(run, containerAround(run, index)) === undefined;
    expect(run.failed.size, 'failures').toBe(run.atoms.filter(isOpen).length);
  }

  #undoneWith(address: string): readonly string[] {
    const { flow } = this.#job.run;
    const index = knownIndexOf(this.#job.run, address);
    return [address, ...destroyedWith(flow, index).flatMap((stage) => flow.atoms[stage]?.address ?? [])];
  }

  #isCatch(atom: string): boolean {
    return this.#job.run.flow.atomByAddress.get(atom)?.kind === 'catch';
  }
}

/** The states in which an atom is called; an atom whose call is ending may be probed in any state. */
const CALLED_IN = { apply: ['RUNNING'], probe: ['RUNNING'], revert: ['REVERTING'], probeRevert: ['REVERTING'], check: [] };
