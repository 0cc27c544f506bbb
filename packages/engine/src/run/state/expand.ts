// When a for-each gets its list, or a loop begins another round, the graph of the run grows: iterations are added, and
// connected between their control and the end. An added iteration stays connected for the life of the job, so
// that every plan finds the effects in it. An iteration whose element the present list does not have, or a round that the present
// pass has not reached, is *dropped*: going forward skips it, and undoing begins with it (SEMANTICS P6, R4).
// Only fold.ts and a restored snapshot call this.
import type { Json } from '../../json.ts';
import { addIteration, addRound } from '../graph/compiler.ts';
import { type CompiledAtom, type CompiledContainer, type CompiledFlow, type GraphNode, connect } from '../graph/graph.ts';
import { keyOf } from './element-key.ts';
import { type Run, pendingAtom } from './run.ts';

/** The slot and key of each element of a list; absent when the slots are 0, 1, 2… and the keys those of the elements. */
export interface SlotsOfList {
  readonly slots?: readonly number[] | undefined;
  readonly keys?: readonly string[] | undefined;
}

/** After a control has succeeded: adds its iterations to the pass. */
export function unfold(run: Run, index: number, given: SlotsOfList = {}): void {
  const atom = run.flow.atoms[index];
  if (atom?.kind === 'each') unfoldEach(run, atom, given);
  else if (atom?.kind === 'round' && isAgain(run, index)) unfoldRound(run, atom);
}

/** Before a control begins again: drops its iterations. */
export function collapse(run: Run, index: number): void {
  const atom = run.flow.atoms[index];
  const container = run.flow.containers[atom?.container ?? -1];
  if (atom === undefined || container === undefined) return;
  if (atom.kind === 'each') setPresent(run.flow, container, []);
  if (atom.kind === 'round') {
    // All rounds after a dropped round are dropped.
    for (let later = atom.scope.iteration + 1; later < container.iterations.length; later += 1) {
      if (isDropped(run.flow, container.iterations[later] ?? -1)) break;
      drop(run.flow, container, later);
    }
  }
}

/** Adds dropped iterations up to a count, for a snapshot that had them. */
export function growTo(run: Run, index: number, { count, keys }: { readonly count: number; readonly keys: readonly string[] }): void {
  const first = run.flow.containers[index]?.iterations.length ?? 0;
  growBy(run, index, count - first);
  const { flow } = run;
  const container = flow.containers[index] as CompiledContainer;
  if (container.each < 0) {
    for (let round = first; round < count; round += 1) drop(flow, container, round);
  } else {
    replace(container.slots?.keys ?? [], keys);
    setPresent(flow, container, []);
  }
}

/** Adds a number of iterations, connected and not dropped. */
export function growBy(run: Run, index: number, count: number): void {
  own(run);
  const container = run.flow.containers[index];
  if (container === undefined) throw new RangeError(`There is no container ${index}.`);
  for (let added = 0; added < count; added += 1) addNext(run.flow, container);
  extend(run);
}

/** The elements of a for-each's present list. */
export function elementsOf(run: Run, index: number): readonly Json[] {
  const output = run.atoms[index]?.output;
  const elements = typeof output === 'object' && output !== null && !Array.isArray(output) ? output['elements'] : undefined;
  return Array.isArray(elements) ? elements : [];
}

function unfoldEach(run: Run, atom: CompiledAtom, given: SlotsOfList): void {
  own(run);
  const { flow, progress } = run;
  const container = flow.containers[atom.container];
  if (container === undefined) return;
  const elements = elementsOf(run, atom.index);
  const slots = given.slots ?? elements.map((_, place) => place);
  const keys = given.keys ?? elements.map(keyOf);
  const known = container.iterations.length;
  slots.forEach((slot, place) => {
    while (container.iterations.length <= slot) addNext(flow, container);
    if (container.slots !== null) container.slots.keys[slot] = keys[place] ?? '';
  });
  setPresent(flow, container, slots);
  extend(run);
  progress.waitingFor[container.end] = (progress.waitingFor[container.end] ?? 0) + container.iterations.length - known;
}

/** Sets the slots of the present list. Dropped iterations are undone first, then those of the list, from the last to the first. */
function setPresent(flow: CompiledFlow, container: CompiledContainer, slots: readonly number[]): void {
  const each = flow.atoms[container.each];
  if (each === undefined) return;
  replace(container.slots?.listed ?? [], slots);
  for (let slot = 0; slot < container.iterations.length; slot += 1) drop(flow, container, slot);
  slots.forEach((slot, place) => {
    const iteration = iterationAt(flow, container, slot);
    iteration.place = place;
    for (const boundary of boundariesOf(iteration)) nodeAt(flow, boundary).dropped = false;
  });
  const inOrder = [...slots, ...container.iterations.flatMap((one, slot) => (isDropped(flow, one) ? [slot] : []))];
  const iterations = inOrder.map((slot) => iterationAt(flow, container, slot));
  replace(nodeAt(flow, each.node).after, [container.end, ...iterations.map(({ enter }) => enter)]);
  iterations.forEach(({ enter, exit }, at) => {
    // Undoing goes iteration by iteration, even if several ran together.
    nodeAt(flow, exit).undoAfter = iterations[at + 1]?.enter ?? -1;
    nodeAt(flow, enter).undoBefore = iterations[at - 1]?.exit ?? -1;
  });
}

function unfoldRound(run: Run, atom: CompiledAtom): void {
  // A dropped round adds no further round; the round before it decides whether it is reached again.
  if (nodeAt(run.flow, atom.node).dropped) return;
  own(run);
  const { flow } = run;
  const container = flow.containers[atom.container];
  if (container === undefined) return;
  let next = atom.scope.iteration + 1;
  if (next === container.iterations.length) addNext(flow, container);
  extend(run);
  // A round that stands from an earlier pass leads to the same next round as then.
  for (let isReached = true; isReached && next < container.iterations.length; next += 1) {
    for (const node of nodesOfRound(flow, container, next)) node.dropped = false;
    isReached = isAgain(run, container.rounds[next] ?? -1);
  }
}

/** Adds the next iteration and connects it: for a for-each between its list and its end, for a loop after the last round. */
function addNext(flow: CompiledFlow, container: CompiledContainer): void {
  const number = container.iterations.length;
  const iteration = addIteration(flow, container, number);
  const each = flow.atoms[container.each];
  if (each !== undefined) {
    connect(flow, each.node, iteration.enter);
    connect(flow, iteration.exit, container.end);
    return;
  }
  const round = addRound(flow, container, number);
  leadTo(flow, nodeOfAtom(flow, container.rounds[number - 1] ?? -1), iteration.enter);
  leadTo(flow, round.node, container.end);
}

function drop(flow: CompiledFlow, container: CompiledContainer, slot: number): void {
  iterationAt(flow, container, slot).place = -1;
  for (const node of nodesOfRound(flow, container, slot)) node.dropped = true;
}

/** The entrance and exit of an iteration, and for a loop also the control that ends the round. */
function nodesOfRound(flow: CompiledFlow, container: CompiledContainer, slot: number): GraphNode[] {
  const nodes = boundariesOf(iterationAt(flow, container, slot)).map((boundary) => nodeAt(flow, boundary));
  const round = flow.atoms[container.rounds[slot] ?? -1];
  return round === undefined ? nodes : [...nodes, nodeAt(flow, round.node)];
}

/** Gives the run its own copy of the compiled flow, because other runs share the original. */
export function own(run: Run): void {
  const { flow } = run;
  if (flow.base !== null) return;
  run.flow = {
    ...flow,
    nodes: flow.nodes.map((node) => ({ ...node, before: [...node.before], after: [...node.after] })),
    atoms: [...flow.atoms],
    containers: flow.containers.map((one) => ({
      ...one,
      iterations: [...one.iterations],
      rounds: [...one.rounds],
      slots: one.slots === null ? null : { keys: [...one.slots.keys], listed: [...one.slots.listed] },
    })),
    atomByAddress: new Map(flow.atomByAddress),
    containerByAddress: new Map(),
    base: flow,
  };
  for (const container of run.flow.containers) run.flow.containerByAddress.set(container.address, container);
}

/** Adds the new atoms and counters to the run. */
function extend(run: Run): void {
  const { flow, progress, undo } = run;
  for (let index = run.atoms.length; index < flow.atoms.length; index += 1) {
    run.atoms.push(pendingAtom(flow.atoms[index]?.address ?? ''));
    progress.isReady.push(0);
    undo?.open.push(0);
  }
  for (let index = progress.waitingFor.length; index < flow.nodes.length; index += 1) {
    progress.waitingFor.push(flow.nodes[index]?.before.length ?? 0);
    progress.passed.push(0);
    undo?.waitingFor.push(0);
  }
  while (progress.inside.length < flow.containers.length) progress.inside.push(0);
}

function leadTo(flow: CompiledFlow, from: number, to: number): void {
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

function isAgain(run: Run, index: number): boolean {
  const { state, output } = run.atoms[index] ?? {};
  return (
    (state === 'SUCCESS' || state === 'REVERTED') &&
    typeof output === 'object' &&
    output !== null &&
    !Array.isArray(output) &&
    output['again'] === true
  );
}

function iterationAt(flow: CompiledFlow, container: CompiledContainer, slot: number): CompiledContainer {
  return flow.containers[container.iterations[slot] ?? -1] as CompiledContainer;
}

function isDropped(flow: CompiledFlow, container: number): boolean {
  return nodeAt(flow, flow.containers[container]?.enter ?? -1).dropped;
}

function boundariesOf({ enter, exit }: CompiledContainer): number[] {
  return [enter, exit];
}

function nodeOfAtom(flow: CompiledFlow, atom: number): number {
  return flow.atoms[atom]?.node ?? -1;
}

function nodeAt(flow: CompiledFlow, index: number): GraphNode {
  return flow.nodes[index] as GraphNode;
}

function replace<T>(list: T[], by: readonly T[]): void {
  list.length = 0;
  for (const one of by) list.push(one);
}
