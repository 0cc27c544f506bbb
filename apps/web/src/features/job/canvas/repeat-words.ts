import { isJsonObject } from '@windlass/engine/definition';
import type { AtomSnapshot } from '@windlass/engine/run';
import { stepsOf } from '../run/members.ts';

/** Number of iterations of a container so far; null for a container that does not repeat or has not begun. */
export function repeatWords(pattern: string, controls: readonly AtomSnapshot[]): string | null {
  if (pattern === 'for_each') {
    // Inside another for-each there is one list per iteration; the newest is shown.
    const list = controls.findLast(({ output }) => isJsonObject(output) && Array.isArray(output['elements']))?.output;
    if (!isJsonObject(list) || !Array.isArray(list['elements'])) return null;
    const { length } = list['elements'];
    return length === 1 ? '1 element' : `${length} elements`;
  }
  if (pattern === 'loop') {
    const ended = controls.filter(({ atom, attempt }) => attempt > 0 && stepsOf(atom).at(-1)?.iteration != null).length;
    return ended === 0 ? null : ended === 1 ? '1 round' : `${ended} rounds`;
  }
  return null;
}
