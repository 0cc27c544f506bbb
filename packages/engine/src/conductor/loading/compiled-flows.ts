// Compiled flow versions in memory, least recently used first out. A version never changes, so none becomes stale.
import type { CompiledFlow } from '../../run/graph/graph.ts';

/** Largest number of atoms of all cached versions together: about 200 MB. */
const MOST_ATOMS = 200_000;
/** Least number of atoms that a version counts as, because a small flow also has a definition and a plan. */
const LEAST_WEIGHT = 100;

interface Kept {
  readonly flow: Promise<CompiledFlow>;
  /** 0 until it is compiled. */
  atoms: number;
}

/** A cache bounded by atoms. The version used last stays, however large it is. */
export class CompiledFlows {
  readonly #most: number;
  readonly #kept = new Map<string, Kept>();

  constructor(most = MOST_ATOMS) {
    this.#most = most;
  }

  /** The version under that key; compiled once, and again after a failure. */
  get(key: string, compile: () => Promise<CompiledFlow>): Promise<CompiledFlow> {
    const known = this.#kept.get(key);
    if (known !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
      return known.flow;
    }
    const kept: Kept = { flow: compile(), atoms: 0 };
    this.#kept.set(key, kept);
    kept.flow.then(
      ({ atoms }) => {
        kept.atoms = Math.max(atoms.length, LEAST_WEIGHT);
        this.#forgetOldest();
      },
      () => this.#kept.get(key) === kept && this.#kept.delete(key),
    );
    return kept.flow;
  }

  #forgetOldest(): void {
    let atoms = 0;
    for (const one of this.#kept.values()) atoms += one.atoms;
    for (const [key, one] of this.#kept) {
      if (atoms <= this.#most || this.#kept.size === 1) return;
      if (one.atoms === 0) continue;
      this.#kept.delete(key);
      atoms -= one.atoms;
    }
  }
}
