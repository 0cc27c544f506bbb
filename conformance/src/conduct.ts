// The behaviour of the atoms of a case when they are called. Calls are counted over all steps of the case, as in the observed
// process: an atom that fails twice fails in its first two calls, in whichever runs these are.
import { isDeepStrictEqual } from 'node:util';
import { type Json, type JsonObject, isJsonObject } from '@windlass/engine/definition';
import type { Conduct, Decider, DrawnTask } from './drawing.ts';

export type Answer = { readonly kind: 'done'; readonly result: Json } | { readonly kind: 'failed' } | { readonly kind: 'crash' };

export class Conducts {
  readonly #calls = new Map<string, number>();

  apply(task: DrawnTask, given: JsonObject): Answer {
    const how = this.#answer(task.apply, `apply ${task.name}`, given);
    return how === 'done' ? { kind: 'done', result: resultOf(task.returns, given) } : { kind: how };
  }

  revert(task: DrawnTask, given: JsonObject): Answer {
    const how = this.#answer(task.revert, `revert ${task.name}`, given);
    return how === 'done' ? { kind: 'done', result: null } : { kind: how };
  }

  /** `link` identifies the decider; `result` is what the source of the link gave. Null: it raises. */
  decide(decider: Decider, link: string, result: Json | undefined): boolean | null {
    if (typeof decider === 'boolean') return decider;
    if (decider === 'raises') return null;
    if ('equals' in decider) return isDeepStrictEqual(result ?? null, decider.equals);
    return this.#count(`decide ${link}`) === decider.onCall;
  }

  #answer(conduct: Conduct, what: string, given: JsonObject): Answer['kind'] {
    switch (conduct.kind) {
      case 'ok':
        return 'done';
      case 'fail':
        return 'failed';
      case 'fail_times':
        return this.#count(what) <= conduct.times ? 'failed' : 'done';
      case 'crash_times':
        return this.#count(what) <= conduct.times ? 'crash' : 'done';
      case 'fail_unless':
        return isDeepStrictEqual(given[conduct.argument] ?? null, conduct.equals) ? 'done' : 'failed';
    }
  }

  #count(what: string): number {
    const count = (this.#calls.get(what) ?? 0) + 1;
    this.#calls.set(what, count);
    return count;
  }
}

function resultOf(returns: Json, given: JsonObject): Json {
  if (!isJsonObject(returns) || !Array.isArray(returns['sum_of'])) return returns;
  const plus = typeof returns['plus'] === 'number' ? returns['plus'] : 0;
  return returns['sum_of'].reduce<number>((sum, name) => sum + Number(given[String(name)] ?? 0), plus);
}

/** A part of what an atom returned: `null` for all of it. Undefined when there is no such part. */
export function partOf(result: Json | undefined, at: string | null): Json | undefined {
  if (at === null || result === undefined) return result;
  if (Array.isArray(result)) return result[Number(at)];
  return isJsonObject(result) ? result[at] : undefined;
}
