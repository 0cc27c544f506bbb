// One turn of deciding: entries are recorded and folded at once, so that what follows in the same turn sees them. A turn is
// bounded: when it is full, what follows by itself is left to the next turn, so the event loop is never held for long.
import type { Actor } from '../../actor.ts';
import type { Command } from '../../events.ts';
import type { Failure } from '../../failure.ts';
import type { Entry, EntryDraft } from '../../logbook/entry.ts';
import { fold } from '../state/fold.ts';
import type { StoredValue } from '../../logbook/stored-value.ts';
import type { Run, RunAtom } from '../state/run.ts';

/** Characters of large values after which a turn ends: its entries are stored, and read again, as one text. */
export const MOST_BROUGHT = 262_144;

/** What a turn adds to a draft. */
interface Signature {
  number: number;
  time: number;
  actor: Actor;
  token: number;
}

export class Turn {
  readonly run: Run;
  /** Of every entry of the turn, and of what is due in it; never before the last entry of the run. */
  readonly time: number;
  readonly entries: Entry[] = [];
  readonly commands: Command[] = [];
  /** Large values that the next step reads and that are not in memory. */
  wanted: readonly StoredValue[] = [];
  #actor: Actor;
  readonly #token: number;
  readonly #most: number;
  readonly #brought: number;

  constructor(run: Run, at: { readonly time: number; readonly actor: Actor; readonly token: number }, most: number) {
    this.run = run;
    this.#most = most;
    this.#brought = run.large.brought;
    this.time = at.time;
    this.#actor = at.actor;
    this.#token = at.token;
  }

  /** Is there nothing more to do in it: has it as much as a turn may, or does the next step need large values? */
  get isFull(): boolean {
    return this.entries.length >= this.#most || this.run.large.brought - this.#brought >= MOST_BROUGHT || this.wanted.length > 0;
  }

  /**
   * The answer of `work`, which reads outputs and records nothing; undefined where large values have to be loaded first.
   * Then the caller records nothing either, leaves everything as it found it, and is called again in the next turn.
   */
  reading<T>(work: () => T): { readonly value: T } | undefined {
    if (this.wanted.length > 0) return undefined;
    const value = work();
    this.wanted = this.run.large.endReading();
    return this.wanted.length > 0 ? undefined : { value };
  }

  /** In whose name entries are recorded now. */
  get actor(): Actor {
    return this.#actor;
  }

  /** What `work` records is the doing of `actor`. */
  as(actor: Actor, work: () => void): void {
    const before = this.#actor;
    this.#actor = actor;
    work();
    this.#actor = before;
  }

  /**
   * Records the draft, which becomes the entry itself. Spreading it into a new object cost a third of a step: 34.7 µs of
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

  /** Fails an atom that never came to be applied: an input, a list or a condition could not be had. */
  failUnapplied(atom: RunAtom, failure: Failure): void {
    this.record({ kind: 'ATOM', atom: atom.atom, attempt: atom.attempt + 1, from: atom.state, to: 'FAILURE', data: { failure } });
  }

  command(command: Command): void {
    this.commands.push(command);
  }
}
