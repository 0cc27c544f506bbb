// R11, A4: a stopped call is waited for; after a takeover it counts as ended if the process that made it is
// known to be dead, or if its type allows repeating it.
import { expect } from 'vitest';
import type { JsonObject } from '../../json.ts';
import { valueIn } from '../../logbook/entry-values.ts';
import type { AtomEntry, Entry, MarkEntry } from '../../logbook/entry.ts';
import type { Decision } from '../../run/decide.ts';
import { isRepeatable } from '../../task/repeatable.ts';
import type { JobInView } from './job-in-view.ts';
import { lookUp } from '../../run/graph/index-spaces.ts';

export class EndingLaw {
  readonly #job: JobInView;
  /** Number of the claim under which the present call of an atom was made. */
  readonly #madeUnder = new Map<string, number>();
  /** Atoms with a call that is ending, or that became in doubt while ending. */
  readonly #ending = new Set<string>();
  /** Atoms whose last call is a revert. */
  readonly #isRevert = new Set<string>();
  /** Atoms whose revert was done after its time limit. */
  readonly #undoneLate = new Set<string>();
  #claims = 0;
  #isFormerDead = false;

  constructor(job: JobInView) {
    this.#job = job;
  }

  /** The holder of the claim is gone; is it known to be dead? */
  takenOver(isDead: boolean): void {
    this.#isFormerDead = isDead;
  }

  isEnding(atom: string): boolean {
    return this.#ending.has(atom);
  }

  note(entry: Entry): void {
    if (entry.kind === 'JOB' && entry.to === 'CLAIMED') this.#claims += 1;
    if (entry.kind === 'ATOM') this.#noteAtom(entry);
    if (entry.kind === 'MARK') this.#noteMark(entry);
  }

  #noteAtom({ atom, to, data }: AtomEntry): void {
    const isCalled = to === 'RUNNING' || (to === 'REVERTING' && data?.notBefore === undefined);
    if (isCalled && data?.repeated === undefined)
      expect(this.isEnding(atom), `R11: ${atom} is called while its last call is ending`).toBe(false);
    if (to === 'REVERTING') expect(this.#undoneLate.has(atom), `R7: ${atom} is reverted once more`).toBe(false);
    this.#undoneLate.delete(atom);
    if (isCalled) this.#madeUnder.set(atom, this.#claims);
    if (to === 'REVERTING' || to === 'REVERT_FAILURE') this.#isRevert.add(atom);
    else this.#isRevert.delete(atom);
    if (data?.ending === true) this.#ending.add(atom);
    else this.#ending.delete(atom);
  }

  #noteMark({ atom, mark, data }: MarkEntry): void {
    if (mark === 'STOPPING') this.#ending.add(atom);
    if (mark === 'ENDED' && data === undefined) this.#checkEnded(atom);
    if (mark === 'ENDED' && data?.outcome === 'done' && this.#isRevert.has(atom)) this.#undoneLate.add(atom);
    if (mark === 'ENDED' || mark === 'DOUBT_SETTLED') this.#ending.delete(atom);
  }

  /** Checks a call that ended without an answer. */
  #checkEnded(atom: string): void {
    const isKnownToHaveEnded = this.#isFormerDead && this.#madeUnder.get(atom) === this.#claims - 1;
    if (isKnownToHaveEnded) return;
    const { run, entries } = this.#job;
    const { flow, atoms } = run;
    const compiled = flow.atomByAddress.get(atom);
    const { input: held = {}, inputAt = null } = lookUp(atoms, compiled?.index) ?? {};
    const entry = inputAt === null ? undefined : entries[inputAt.entry - 1];
    const input = entry === undefined ? held : (valueIn(entry, 'input') as JsonObject);
    const rule = (this.#isRevert.has(atom) ? compiled?.type?.revertRepeatable : compiled?.type?.repeatable) ?? false;
    expect(isRepeatable(rule, { input, defaults: compiled?.type?.defaults ?? {} }), `A4: the call of ${atom} counts as ended`).toBe(true);
  }
}

/** The limit on calls holds after a turn that began one; calls repeated by a takeover or a person do not count. */
export function checkRoom({ entries }: Decision, { flights, parallel }: JobInView): void {
  const called = entries.filter(
    (entry) => entry.kind === 'ATOM' && (entry.to === 'RUNNING' || (entry.to === 'REVERTING' && entry.data?.notBefore === undefined)),
  );
  const isAsked = entries.some((entry) => entry.kind === 'ACT' || (entry.kind === 'ATOM' && entry.data?.repeated === true));
  if (called.length > 0 && !isAsked) expect(flights.length, 'calls at once').toBeLessThanOrEqual(parallel);
}
