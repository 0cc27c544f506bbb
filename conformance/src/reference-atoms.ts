// The state of one atom in the reference.
import type { Json, JsonObject } from '@windlass/engine/definition';
import type { DrawnGraph } from './drawn-graph.ts';

/** One failed attempt of a retry's flow. */
interface Tried {
  readonly value: Json;
  readonly failures: readonly string[];
}

export interface Known {
  state: string;
  /** When it was started, for the order of reverts. */
  started: number;
  applied: boolean;
  result: Json | undefined;
  given: JsonObject;
  history: Tried[];
}

/** All atoms before anything ran, by the numbers of their nodes. */
export function pendingAtoms({ nodes }: DrawnGraph): Map<number, Known> {
  const fresh = (): Known => ({ state: 'PENDING', started: 0, applied: false, result: undefined, given: {}, history: [] });
  return new Map(nodes.flatMap(({ atom, index }) => (atom === null ? [] : [[index, fresh()] as const])));
}
