// When a for-each gets its list, or a loop begins another round, the graph of the run grows: iterations are added, and
// connected between their control and the end. An added iteration stays connected for the life of the job, so
// that every plan finds the effects in it. An iteration whose element the present list does not have, or a round that the present
// pass has not reached, is *dropped*: going forward skips it, and undoing begins with it (P6, R4).
// Only fold.ts and a restored snapshot call this.
import type { Json } from '../../json.ts';
import { addIteration, addRound } from '../graph/compiler.ts';
import { type AtomOf, type CompiledAtom, type CompiledContainer, type CompiledFlow, type GraphNode, connect } from '../graph/graph.ts';
import {
  type AtomIndex,
  type ContainerIndex,
  type NodeIndex,
  type Slot,
  atomIndex,
  listBy,
  lookUp,
  nodeIndex,
  slotOf,
} from '../graph/index-spaces.ts';
import { keyOf } from './element-key.ts';
import { type Run, pendingAtom } from './run.ts';

/** The slot and key of each element of a list; absent when the slots are 0, 1, 2… and the keys those of the elements. */
export interface SlotsOfList {
  readonly slots?: readonly number[] | undefined;
  readonly keys?: readonly string[] | undefined;
}

/** After a control has succeeded: adds its iterations to the pass. */
export function unfold(run: Run, index: AtomIndex, given: SlotsOfList = {}): void {
  const atom = run.flow.atoms[index];
  if (atom?.kind === 'each') unfoldEach(run, atom, given);
  else if (atom?.kind === 'round' && isAgain(run, index)) unfoldRound(run, atom);
}

/** Before a control begins again: drops its iterations. */
export function collapse(run: Run, index: AtomIndex): void {
  const atom = run.flow.atoms[index];
  const container = lookUp(run.flow.containers, atom?.container);
  if (atom === undefined || container === undefined) return;
  if (atom.kind === 'each') setPresent(run.flow, container, []);
  if (atom.kind === 'round') {
    // All rounds after a dropped round are dropped.
    for (const later of slotsFrom(container, numberOf(atom) + 1)) {
      if (isDropped(run.flow, iterationAt(run.flow, container, later))) break;
      drop(run.flow, container, later);
    }
  }
}

/** Adds dropped iterations up to a count, for a snapshot that had them. */
export function growTo(
  run: Run,
  index: ContainerIndex,
  { count, keys }: { readonly count: number; readonly keys: readonly string[] },
): void {
  const first = run.flow.containers[index]?.iterations.length ?? 0;
  growBy(run, index, count - first);
  const { flow } = run;
  const container = flow.containers[index] as CompiledContainer;
  if (container.each === null) {
    for (const round of slotsFrom(container, first)) drop(flow, container, round);
  } else {
    keys.forEach((key, slot) => setKey(container, slotOf(slot), key));
    setPresent(flow, container, []);
  }
}

/** Adds a number of iterations, connected and not dropped. */
export function growBy(run: Run, index: ContainerIndex, count: number): void {
  own(run);
  const container = run.flow.containers[index];
  if (container === undefined) throw new RangeError(`There is no container ${index}.`);
  for (let added = 0; added < count; added += 1) addNext(run.flow, container);
  extend(run);
}

/** The elements of a for-each's present list. */
export function elementsOf(run: Run, each: AtomIndex | null): readonly Json[] {
  const output = lookUp(run.atoms, each)?.output;
  const elements = typeof output === 'object' && output !== null && !Array.isArray(output) ? output['elements'] : undefined;
  return Array.isArray(elements) ? elements : [];
}

function unfoldEach(run: Run, atom: AtomOf<'each'>, given: SlotsOfList): void {
  own(run);
  const { flow, progress } = run;
  const container = flow.containers[atom.container];
  if (container === undefined) return;
  const elements = elementsOf(run, atom.index);
  const slots = given.slots?.map((slot) => slotOf(slot)) ?? elements.map((_, place) => slotOf(place));
  const keys = given.keys ?? elements.map(keyOf);
  const known = container.iterations.length;
  slots.forEach((slot, place) => {
    while (container.iterations.length <= slot) addNext(flow, container);
    setKey(container, slot, keys[place] ?? '');
  });
  setPresent(flow, container, slots);
  extend(run);
  progress.waitingFor[container.end] = (progress.waitingFor[container.end] ?? 0) + container.iterations.length - known;
}

/** Sets the slots of the present list. Dropped iterations are undone first, then those of the list, from the last to the first. */
function setPresent(flow: CompiledFlow, container: CompiledContainer, slots: readonly Slot[]): void {
  const each = lookUp(flow.atoms, container.each);
  if (each === undefined) return;
  replace(container.slots?.listed ?? [], slots);
  for (const slot of slotsFrom(container, 0)) drop(flow, container, slot);
  slots.forEach((slot, place) => {
    const iteration = iterationAt(flow, container, slot);
    iteration.place = place;
    for (const boundary of boundariesOf(iteration)) nodeAt(flow, boundary).dropped = false;
  });
  const inOrder = [...slots, ...[...slotsFrom(container, 0)].filter((slot) => isDropped(flow, iterationAt(flow, container, slot)))];
  const iterations = inOrder.map((slot) => iterationAt(flow, container, slot));
  replace(nodeAt(flow, each.node).after, [container.end, ...iterations.map(({ enter }) => enter)]);
  iterations.forEach(({ enter, exit }, at) => {
    // Undoing goes iteration by iteration, even if several ran together.
    nodeAt(flow, exit).undoAfter = iterations[at + 1]?.enter ?? null;
    nodeAt(flow, enter).undoBefore = iterations[at - 1]?.exit ?? null;
  });
}

function unfoldRound(run: Run, atom: AtomOf<'round'>): void {
  // A dropped round adds no further round; the round before it decides whether it is reached again.
  if (nodeAt(run.flow, atom.node).dropped) return;
  own(run);
  const { flow } = run;
  const container = flow.containers[atom.container];
  if (container === undefined) return;
  const next = numberOf(atom) + 1;
  if (next === container.iterations.length) addNext(flow, container);
  extend(run);
  // A round that stands from an earlier pass leads to the same next round as then.
  for (const slot of slotsFrom(container, next)) {
    for (const node of nodesOfRound(flow, container, slot)) node.dropped = false;
    if (!isAgain(run, container.rounds[slot])) break;
  }
}

/** Adds the next iteration and connects it: for a for-each between its list and its end, for a loop after the last round. */
function addNext(flow: CompiledFlow, container: CompiledContainer): void {
  const number = slotOf(container.iterations.length);
  const iteration = addIteration(flow, container, number);
  const each = lookUp(flow.atoms, container.each);
  if (each !== undefined) {
    connect(flow, each.node, iteration.enter);
    connect(flow, iteration.exit, container.end);
    return;
  }
  const round = addRound(flow, container, number);
  const last = roundAt(flow, container, slotOf(number - 1));
  if (last !== undefined) leadTo(flow, last.node, iteration.enter);
  leadTo(flow, round.node, container.end);
}

function drop(flow: CompiledFlow, container: CompiledContainer, slot: Slot): void {
  iterationAt(flow, container, slot).place = null;
  for (const node of nodesOfRound(flow, container, slot)) node.dropped = true;
}

/** The entrance and exit of an iteration, and for a loop also the control that ends the round. */
function nodesOfRound(flow: CompiledFlow, container: CompiledContainer, slot: Slot): GraphNode[] {
  const nodes = boundariesOf(iterationAt(flow, container, slot)).map((boundary) => nodeAt(flow, boundary));
  const round = roundAt(flow, container, slot);
  return round === undefined ? nodes : [...nodes, nodeAt(flow, round.node)];
}

/** Gives the run its own copy of the compiled flow, because other runs share the original. */
export function own(run: Run): void {
  const { flow } = run;
  if (flow.base !== null) return;
  run.flow = {
    ...flow,
    nodes: listBy(flow.nodes.map((node) => ({ ...node, before: [...node.before], after: [...node.after] }))),
    atoms: listBy([...flow.atoms]),
    containers: listBy(flow.containers.map(copyOf)),
    atomByAddress: new Map(flow.atomByAddress),
    containerByAddress: new Map(),
    base: flow,
  };
  for (const container of run.flow.containers) run.flow.containerByAddress.set(container.address, container);
}

function copyOf(container: CompiledContainer): CompiledContainer {
  const { iterations, rounds, slots } = container;
  return {
    ...container,
    iterations: listBy([...iterations]),
    rounds: listBy([...rounds]),
    slots: slots === null ? null : { keys: listBy([...slots.keys]), listed: [...slots.listed] },
  };
}

/** Adds the new atoms and counters to the run. */
function extend(run: Run): void {
  const { flow, progress, undo } = run;
  for (let index = run.atoms.length; index < flow.atoms.length; index += 1) {
    run.atoms.push(pendingAtom(flow.atoms[atomIndex(index)]?.address ?? ''));
    progress.isReady.push(0);
    undo?.open.push(0);
  }
  for (let index = progress.waitingFor.length; index < flow.nodes.length; index += 1) {
    progress.waitingFor.push(flow.nodes[nodeIndex(index)]?.before.length ?? 0);
    progress.passed.push(0);
    undo?.waitingFor.push(0);
  }
  while (progress.inside.length < flow.containers.length) progress.inside.push(0);
}

function leadTo(flow: CompiledFlow, from: NodeIndex, to: NodeIndex): void {
  const node = nodeAt(flow, from);
  for (const after of node.after) {
    const { before } = nodeAt(flow, after);
    replace(
      before,
      before.filter((one) => one !== from),
    );
  }
  node.after.length = 0;
  connect(flow, from, to);
}

function isAgain(run: Run, round: AtomIndex | undefined): boolean {
  const { state, output } = lookUp(run.atoms, round) ?? {};
  return (
    (state === 'SUCCESS' || state === 'REVERTED') &&
    typeof output === 'object' &&
    output !== null &&
    !Array.isArray(output) &&
    output['again'] === true
  );
}

function iterationAt(flow: CompiledFlow, container: CompiledContainer, slot: Slot): CompiledContainer {
  return lookUp(flow.containers, container.iterations[slot]) as CompiledContainer;
}

/** The control that ends a round of a loop. */
function roundAt(flow: CompiledFlow, container: CompiledContainer, slot: Slot): CompiledAtom | undefined {
  return lookUp(flow.atoms, container.rounds[slot]);
}

/** The number of the round that this control ends. */
function numberOf({ scope }: AtomOf<'round'>): number {
  if (scope.iteration === null) throw new RangeError('A round stands in an iteration.');
  return scope.iteration;
}

/** The slots of a container's iterations from a number on. */
function* slotsFrom({ iterations }: CompiledContainer, first: number): Generator<Slot> {
  for (let slot = first; slot < iterations.length; slot += 1) yield slotOf(slot);
}

function setKey({ slots }: CompiledContainer, slot: Slot, key: string): void {
  if (slots !== null) slots.keys[slot] = key;
}

function isDropped(flow: CompiledFlow, { enter }: CompiledContainer): boolean {
  return nodeAt(flow, enter).dropped;
}

function boundariesOf({ enter, exit }: CompiledContainer): NodeIndex[] {
  return [enter, exit];
}

function nodeAt(flow: CompiledFlow, node: NodeIndex): GraphNode {
  return flow.nodes[node] as GraphNode;
}

function replace<T>(list: T[], by: readonly T[]): void {
  list.length = 0;
  for (const one of by) list.push(one);
}
