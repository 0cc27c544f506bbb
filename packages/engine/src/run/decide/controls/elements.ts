// The list of a for-each: its elements, and the slot of each (P6).
import type { Json } from '../../../json.ts';
import { payloadExcess } from '../../../payload.ts';
import { atomsPerIteration } from '../../graph/compiler.ts';
import { parsedElementKey } from '../../graph/definition-plan.ts';
import type { AtomOf } from '../../graph/graph.ts';
import { keyOf, slotsOf } from '../../state/element-key.ts';
import { type Run, atomAt } from '../../state/run.ts';
import { heldExcess } from '../../state/values/atom-values.ts';
import { resolveBinding } from '../../values/names.ts';
import type { Turn } from '../turn.ts';
import { type Failed, attempt } from './evaluated.ts';
import { tooManyAtoms } from './too-many-atoms.ts';

/** Largest number of elements of one for-each. */
const MOST_ELEMENTS = 10_000;

/** A for-each begins: evaluates its list, and gives each element its slot. */
export function takeElements(turn: Turn, compiled: AtomOf<'each'>): void {
  const { run } = turn;
  const atom = atomAt(run, compiled.index);
  const [binding] = compiled.bindings;
  const list = turn.reading(() =>
    attempt('The list', () => (binding === undefined ? undefined : resolveBinding(run, compiled.scope, binding))),
  )?.value;
  if (list === undefined) return;
  const { name } = compiled.item;
  const taken = 'failure' in list ? list : takeList(run, list.value, name);
  const assigned = 'failure' in taken ? taken : assignSlots(run, compiled, taken);
  if ('failure' in assigned) turn.failUnapplied(atom, assigned.failure);
  else {
    const { elements, ...slots } = assigned;
    turn.record({
      kind: 'ATOM',
      atom: atom.atom,
      attempt: atom.attempt + 1,
      from: 'PENDING',
      to: 'SUCCESS',
      data: { output: { elements }, ...slots },
    });
  }
}

function takeList(run: Run, list: Json | undefined, name: string): Json[] | Failed {
  const failed = (code: string, message: string) => ({ failure: { code, message } });
  if (list === undefined) return failed('INPUT_ABSENT', `"${name}" has no list: its binding gave no value.`);
  if (!Array.isArray(list)) return failed('INPUT_INVALID', `"${name}" needs a list, but its binding gave another value.`);
  if (list.length > MOST_ELEMENTS) {
    return failed('TOO_MANY_ELEMENTS', `The list of "${name}" has ${list.length} elements; at most ${MOST_ELEMENTS} are allowed.`);
  }
  const shown = `The list of "${name}"`;
  const excess = payloadExcess(shown, list) ?? heldExcess(run, shown, list);
  return excess === null ? list : { failure: excess };
}

/** The elements, and their slots and keys unless the elements alone give them. */
interface Assigned {
  readonly elements: Json[];
  readonly slots?: readonly number[];
  readonly keys?: readonly string[];
}

/** Gives each element its slot: the slot of its key in an earlier list, else the next free one (P6). */
function assignSlots(run: Run, compiled: AtomOf<'each'>, elements: Json[]): Assigned | Failed {
  const container = run.flow.containers[compiled.container];
  const cel = container?.item?.forEach?.key;
  const keys = cel === undefined ? elements.map(keyOf) : keysBy(cel, elements);
  if ('failure' in keys) return keys;
  const known = [...(container?.slots?.keys ?? [])];
  const slots = slotsOf(known, keys);
  const added = slots.filter((slot) => slot >= known.length).length;
  const tooMany = container === undefined || added === 0 ? null : tooManyAtoms(run, added * atomsPerIteration(run.flow, container));
  if (tooMany !== null) return { failure: tooMany };
  const isPlain = slots.every((slot, place) => slot === place);
  return { elements, ...(isPlain ? {} : { slots }), ...(cel === undefined ? {} : { keys }) };
}

function keysBy(cel: string, elements: readonly Json[]): string[] | Failed {
  const keys: string[] = [];
  for (const [place, element] of elements.entries()) {
    const key = attempt('It', () => keyOf(parsedElementKey(cel).evaluate({ inputs: {}, outputs: {}, secrets: {}, element })));
    if ('failure' in key) {
      const message = `The key of element ${place} of the list: ${key.failure.message}`;
      return { failure: { ...key.failure, message } };
    }
    keys.push(key.value);
  }
  return keys;
}
