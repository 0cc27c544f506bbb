// One turn of deciding: entries are recorded and folded at once, so that later code of the same turn sees them. A turn is
// bounded: when it is full, further entries are left to the next turn, so that the event loop is never blocked for long.
import type { Actor } from '../../actor.ts';
import type { Command } from '../../events.ts';
import type { Failure } from '../../failure/failure.ts';
import type { Json } from '../../json.ts';
import type { Entry, EntryDraft } from '../../logbook/entry.ts';
import { fold } from '../state/fold/fold.ts';
import { hasReachedLimit } from './limits.ts';
import type { StoredValue } from '../../logbook/stored-value.ts';
import type { TurnTime } from '../state/agenda.ts';
import type { Run, RunAtom } from '../state/run.ts';

/** The fields that a turn adds to a draft. */
interface Signature {
  number: number;
  time: number;
  actor: Actor;
  token: number;
}

export class Turn {
  readonly run: Run;
  /** Time of every entry of the turn; never before the last entry of the run. */
  readonly time: number;
  /** The time of the turn less the wall clock. */
  readonly ahead: number;
  readonly entries: Entry[] = [];
  readonly commands: Command[] = [];
  /** Was the job claimed for an act? */
  isForAct = false;
  /** The time until which the job was parked when it was claimed. */
  parkedUntil: number | null = null;
  /** Large values that the next step reads and that must be loaded. */
  wanted: readonly StoredValue[] = [];
  #actor: Actor;
  readonly #token: number;
  readonly #most: number | undefined;
  readonly #foldedBefore: number;

  constructor(run: Run, at: TurnTime & { readonly actor: Actor; readonly token: number }, most?: number) {
    this.run = run;
    this.#most = most;
    this.#foldedBefore = run.large.foldedSize;
    this.time = at.time;
    this.ahead = at.ahead;
    this.#actor = at.actor;
    this.#token = at.token;
  }

  /** Must the turn end: has it reached its limit, or does the next step need large values? */
  get isFull(): boolean {
    const added = { entries: this.entries.length, foldedSize: this.run.large.foldedSize - this.#foldedBefore };
    return this.wanted.length > 0 || hasReachedLimit(added, this.#most);
  }

  /**
   * The answer of `work`, which reads outputs and records nothing; undefined when large values must be loaded first.
   * Then the caller records nothing either, changes nothing, and is called again in the next turn.
   */
  reading<T>(work: () => T): { readonly value: T } | undefined {
    if (this.wanted.length > 0) return undefined;
    const value = work();
    this.wanted = this.run.large.endReading();
    return this.wanted.length > 0 ? undefined : { value };
  }

  /** The actor of entries recorded now. */
  get actor(): Actor {
    return this.#actor;
  }

  /** Records the entries of `work` with `actor` as their actor. */
  as(actor: Actor, work: () => void): void {
    const before = this.#actor;
    this.#actor = actor;
    work();
    this.#actor = before;
  }

  /**
   * Records the draft, which itself becomes the entry. Copying it into a new object cost a third of a step: 34.7 µs of
   * CPU in memory and 49.5 on SQLite, 22.3 and 38.7 this way (W1, 50 at once, medians).
   */
  record(draft: EntryDraft): void {
    const entry = draft as EntryDraft & Signature;
    entry.number = this.run.number + 1;
    entry.time = this.time;
    entry.actor = this.#actor;
    entry.token = this.#token;
    fold(this.run, entry);
    this.entries.push(entry);
  }

  /** Records a change of an atom's state, within its current attempt. */
  move(atom: RunAtom, to: RunAtom['state'], data?: Extract<EntryDraft, { kind: 'ATOM' }>['data']): void {
    const { atom: address, attempt, state: from } = atom;
    // Two literals: a draft that is copied or made with a spread is a slow object for as long as it lives.
    this.record(
      data === undefined ? { kind: 'ATOM', atom: address, attempt, from, to } : { kind: 'ATOM', atom: address, attempt, from, to, data },
    );
  }

  /** A control that is evaluated: it ends as it begins. */
  succeed(atom: RunAtom, output: Json): void {
    this.record({ kind: 'ATOM', atom: atom.atom, attempt: atom.attempt + 1, from: 'PENDING', to: 'SUCCESS', data: { output } });
  }

  /** Fails an atom that was not applied, because an input, a list or a condition could not be evaluated. */
  failUnapplied(atom: RunAtom, failure: Failure): void {
    this.record({ kind: 'ATOM', atom: atom.atom, attempt: atom.attempt + 1, from: atom.state, to: 'FAILURE', data: { failure } });
  }

  command(command: Command): void {
    this.commands.push(command);
  }
}
