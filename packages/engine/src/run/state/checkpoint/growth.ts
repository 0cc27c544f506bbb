// The growth of a run's graph beyond the compiled flow, and making the same growth again: containers, atoms and
// nodes get the same indexes, and every node the same neighbours in the same order.
import type { CompiledContainer, CompiledFlow, ListSlots, NodeLinks } from '../../graph/graph.ts';
import { type ContainerIndex, type NodeIndex, listBy, lookUp } from '../../graph/index-spaces.ts';
import { growBy, own } from '../expand.ts';
import type { Run } from '../run.ts';

/** The fields of a node that a run changes when it connects iterations. */
type Joints = Omit<NodeLinks, 'index' | 'parent'>;

export interface Growth {
  /** Containers that got iterations, with the number of consecutive ones, in the order of growth. */
  readonly iterations: readonly (readonly [container: ContainerIndex, count: number])[];
  readonly joints: readonly (readonly [node: NodeIndex, joints: Joints])[];
  /** The slots of each for-each. */
  readonly slots: readonly (readonly [container: ContainerIndex, slots: ListSlots])[];
  /** Number of nodes, atoms and containers after the growth. */
  readonly size: readonly [nodes: number, atoms: number, containers: number];
}

/** Null for a run without its own copy of the flow. O(iterations). The result shares no object with the flow. */
export function growthOf(flow: CompiledFlow): Growth | null {
  if (flow.base === null) return null;
  const iterations: [ContainerIndex, number][] = [];
  const slots: [ContainerIndex, ListSlots][] = [];
  const joints = new Map<NodeIndex, Joints>();
  const addJoints = (index: NodeIndex | undefined): void => {
    const node = lookUp(flow.nodes, index);
    if (node === undefined || joints.has(node.index)) return;
    const { index: _, kind, atom, boundaryOf, parent, ...changed } = node;
    joints.set(node.index, { ...changed, before: [...changed.before], after: [...changed.after] });
  };
  for (const container of flow.containers) {
    const of = grownFrom(flow, container);
    const last = iterations.at(-1);
    if (of !== null && last?.[0] === of) last[1] += 1;
    else if (of !== null) iterations.push([of, 1]);
    if (container.iterations.length === 0) continue;
    if (container.slots !== null) {
      slots.push([container.index, { keys: listBy([...container.slots.keys]), listed: [...container.slots.listed] }]);
    }
    addJoints(container.end);
    for (const control of [container.each, ...container.rounds]) addJoints(lookUp(flow.atoms, control)?.node);
    for (const one of container.iterations) {
      addJoints(flow.containers[one]?.enter);
      addJoints(flow.containers[one]?.exit);
    }
  }
  return { iterations, joints: [...joints], slots, size: sizeOf(flow) };
}

/** The container that got this one as an iteration during the run; null for every other container. */
function grownFrom({ containers }: CompiledFlow, { parent, scope }: CompiledContainer): ContainerIndex | null {
  const isIteration = scope.kind === 'ITERATION' && scope.container === parent;
  // The compiler itself makes the first round of a loop.
  const isCompiled = scope.iteration === 0 && lookUp(containers, parent)?.each === null;
  return isIteration && !isCompiled ? parent : null;
}

const SLICE = 100;

/** Makes the same growth in a new run, in slices. Throws RangeError if the flow is another one. */
export function* growAgain(run: Run, { iterations, joints, slots, size }: Growth): Generator<void, void> {
  own(run);
  for (const [container, count] of iterations) {
    for (let grown = 0; grown < count; grown += SLICE) {
      growBy(run, container, Math.min(SLICE, count - grown));
      yield;
    }
  }
  if (sizeOf(run.flow).join() !== size.join()) throw new RangeError('The checkpoint belongs to another compiled flow.');
  for (const [index, changed] of joints) {
    const node = run.flow.nodes[index];
    if (node === undefined) throw new RangeError(`The checkpoint names node ${index}, which the flow does not have.`);
    Object.assign(node, changed);
  }
  for (const [index, { keys, listed }] of slots) {
    const container = run.flow.containers[index];
    if (container === undefined) throw new RangeError(`The checkpoint names container ${index}, which the flow does not have.`);
    for (const key of keys) container.slots?.keys.push(key);
    listed.forEach((slot, place) => {
      container.slots?.listed.push(slot);
      const iteration = lookUp(run.flow.containers, container.iterations[slot]);
      if (iteration !== undefined) iteration.place = place;
    });
  }
}

function sizeOf({ nodes, atoms, containers }: CompiledFlow): Growth['size'] {
  return [nodes.length, atoms.length, containers.length];
}
