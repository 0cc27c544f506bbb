// Compiles a definition to a graph. It expects a definition without problems, in particular without cycles
// (definition/validate/validate.ts). The same functions add the iterations that a run needs later (expand.ts).
import type { FlowDefinition, FlowItem, RetryPolicy, SubflowItem, TaskItem } from '../../definition/schema.ts';
import { type Slices, atOnce, endsSlice } from '../../slices.ts';
import { type AtomShape, type Place, addAtom, addNode, orderOf } from './add-atom.ts';
import { addGates } from './add-gates.ts';
import { type OpenContainer, addCatch, addRetry, addUndo } from './container-controls.ts';
import { CONTROL_TYPE, controlItem } from './controls.ts';
import { bindingsIn, parsed, planInSlices } from './definition-plan.ts';
import { compileChildren, failureLinksOf } from './failure-links.ts';
import {
  type CompiledAtom,
  type CompiledContainer,
  type CompiledFlow,
  type GraphNode,
  NO_PARTS,
  type SubflowLookup,
  type TypeLookup,
  connect,
} from './graph.ts';
import {
  type AtomIndex,
  type ChildIndex,
  type ContainerIndex,
  type NodeIndex,
  type Slot,
  childIndex,
  containerIndex,
  listBy,
  lookUp,
  slotOf,
} from './index-spaces.ts';
import { type Ends, joinChildren } from './join-children.ts';
import { NOTHING_GIVEN, type Scope } from './scope.ts';

const TASK = { ...NO_PARTS, kind: 'task' } as const;
const NO_SUBFLOW: SubflowLookup = () => undefined;

/** Compiles a definition. O(items + links). */
export function compileFlow(definition: FlowDefinition, typeOf: TypeLookup, subflow: SubflowLookup = NO_SUBFLOW): CompiledFlow {
  return atOnce(compileInSlices(definition, typeOf, subflow));
}

/** Like `compileFlow`, in slices of a hundred items or links: 20,000 tasks take 90 ms. */
export function* compileInSlices(definition: FlowDefinition, typeOf: TypeLookup, subflow: SubflowLookup): Slices<CompiledFlow> {
  const plan = yield* planInSlices(definition);
  const scope: Scope = {
    prefix: '',
    kind: 'FLOW',
    outer: null,
    plan,
    id: '',
    container: null,
    iteration: null,
    path: [],
    ...NOTHING_GIVEN,
  };
  const flow: CompiledFlow = {
    definition,
    nodes: listBy([]),
    atoms: listBy([]),
    containers: listBy([]),
    atomByAddress: new Map(),
    containerByAddress: new Map(),
    outputs: bindingsIn(plan, definition.outputs),
    world: { typeOf, subflow },
    base: null,
  };
  yield* addFlow(flow, plan.definition.root, { parent: null, scope });
  return flow;
}

const counted = new WeakMap<CompiledContainer, number>();

/** Number of atoms that one more iteration of a for-each, or round of a loop, adds to a run. O(body) the first time. */
export function atomsPerIteration(flow: CompiledFlow, container: CompiledContainer): number {
  const known = counted.get(container);
  if (known !== undefined) return known;
  const atoms = listBy<AtomIndex, CompiledAtom>([]);
  const blank = {
    nodes: listBy<NodeIndex, GraphNode>([]),
    containers: listBy<ContainerIndex, CompiledContainer>([]),
    atomByAddress: new Map(),
    containerByAddress: new Map(),
  };
  addIteration({ ...flow, ...blank, atoms }, { ...container, iterations: listBy([]) }, slotOf(0));
  const count = atoms.length + (container.each === null ? 1 : 0);
  counted.set(container, count);
  return count;
}

/** Adds iteration `number` of a for-each or loop, not yet connected. */
export function addIteration(flow: CompiledFlow, container: CompiledContainer, number: Slot): CompiledContainer {
  const { item, address, scope } = container;
  if (item === null) throw new RangeError(`${address} has no iterations.`);
  const inner: Scope = {
    prefix: `${address}[${number}].`,
    kind: 'ITERATION',
    outer: scope,
    plan: scope.plan,
    id: item.id,
    container: container.index,
    iteration: number,
    path: [...scope.path, orderOf(scope, item.id), number],
    ...NOTHING_GIVEN,
  };
  const index = containerIndex(flow.containers.length);
  const shape = { item: null, address: `${address}[${number}]`, name: item.name, limit: 0 };
  // A fold cannot pause, so iterations are added at once.
  atOnce(fillPattern(flow, item, openContainer(flow, shape, { parent: container.index, scope: inner })));
  const added = flow.containers[index] as CompiledContainer;
  container.iterations.push(index);
  return added;
}

/** Adds the control that ends round `number` of a loop, not yet connected. */
export function addRound(flow: CompiledFlow, container: CompiledContainer, number: Slot): CompiledAtom {
  const iteration = lookUp(flow.containers, container.iterations[number]) as CompiledContainer;
  const { item } = container;
  const round = addAtom(flow, {
    address: iteration.address,
    item: controlItem('round', iteration.address, `${container.name}: round ${number + 1}`),
    type: CONTROL_TYPE,
    place: { parent: container.index, scope: iteration.scope },
    order: Number.POSITIVE_INFINITY,
    parts: {
      ...{ ...NO_PARTS, kind: 'round', container: container.index },
      again: item?.loop === undefined ? null : parsed(item.loop.again),
    },
  });
  container.rounds.push(round.index);
  connect(flow, iteration.exit, round.node);
  return round;
}

/** Adds a task; in a container of its own if it has a retry (R3), stages (Z1) or links on failure (P11). */
function addTask(flow: CompiledFlow, item: TaskItem, place: Place): Ends {
  const type = flow.world.typeOf(item);
  const address = place.scope.prefix + item.id;
  const order = orderOf(place.scope, item.id);
  const stages = type?.stages ?? null;
  if (item.retry === undefined && stages === null && place.onFailure === undefined) {
    const { node } = addAtom(flow, { address, item, type, place, order, parts: TASK });
    return { first: node, last: node };
  }
  const shape = { item: null, address, name: item.name, limit: 0, retry: item.retry };
  const opened = openContainer(flow, shape, place);
  const { container, start, end } = opened;
  const inside = { parent: container.index, scope: place.scope };
  let last = start;
  for (const stage of stages ?? [null]) {
    const own: Pick<AtomShape, 'address' | 'parts'> =
      stage === null
        ? { address, parts: TASK }
        : { address: `${address}.${stage}`, parts: { ...NO_PARTS, kind: 'stage', stage, container: container.index } };
    const { node, index } = addAtom(flow, { item, type, place: inside, order, ...own });
    if (stage !== null) container.stages.push(index);
    connect(flow, last, node);
    last = node;
  }
  connect(flow, last, end);
  return endsOf(opened);
}

function* addFlow(flow: CompiledFlow, item: FlowItem, place: Place): Slices<Ends> {
  const limit = item.pattern === 'for_each' ? (item.limit ?? 1) : (item.limit ?? 0);
  const shape = { item, address: place.scope.prefix + item.id, name: item.name, limit, retry: item.retry };
  const inside = openContainer(flow, shape, place);
  if (item.pattern === 'for_each') fillForEach(flow, item, inside);
  else if (item.pattern === 'loop') fillLoop(flow, inside);
  else yield* fillPattern(flow, item, inside);
  return endsOf(inside);
}

function* addSubflow(flow: CompiledFlow, item: SubflowItem, place: Place): Slices<Ends> {
  const definition = flow.world.subflow(item.flow, item.version);
  const address = place.scope.prefix + item.id;
  if (definition === undefined) {
    const absent = controlItem('task', item.id, item.name, `${item.flow} version ${item.version}`);
    const order = orderOf(place.scope, item.id);
    const { node } = addAtom(flow, { address, item: absent, type: null, place, order, parts: TASK });
    return { first: node, last: node };
  }
  const plan = yield* planInSlices(definition);
  const shape = { item: null, address, name: item.name, limit: 0, retry: item.retry, outputs: bindingsIn(plan, definition.outputs) };
  const inside = openContainer(flow, shape, place);
  const { container, start, end } = inside;
  const scope: Scope = {
    prefix: `${address}.`,
    kind: 'SUBFLOW',
    outer: place.scope,
    plan,
    id: item.id,
    container: container.index,
    iteration: null,
    path: [...place.scope.path, orderOf(place.scope, item.id)],
    given: bindingsIn(place.scope.plan, item.bindings),
    parameters: item.parameters,
  };
  container.inner = scope;
  const ends = yield* addFlow(flow, plan.definition.root, { parent: container.index, scope });
  connect(flow, start, ends.first);
  connect(flow, ends.last, end);
  return endsOf(inside);
}

interface ContainerShape {
  readonly item: FlowItem | null;
  readonly address: string;
  readonly name: string;
  readonly limit: number;
  readonly retry?: RetryPolicy | undefined;
  readonly outputs?: CompiledContainer['outputs'];
}
/** A container whose children are being added between the nodes `start` and `end`. */
interface Inside {
  readonly container: OpenContainer;
  readonly start: NodeIndex;
  readonly end: NodeIndex;
}

function openContainer(flow: CompiledFlow, shape: ContainerShape, place: Place): Inside {
  const { parent, scope } = place;
  const index = containerIndex(flow.containers.length);
  const revert = shape.item?.revert;
  const enter = addNode(flow, { kind: 'ENTER', atom: null, boundaryOf: index, parent });
  const exit = addNode(flow, { kind: 'EXIT', atom: null, boundaryOf: index, parent });
  const container: OpenContainer = {
    index,
    item: shape.item,
    address: shape.address,
    name: shape.name,
    parent,
    enter,
    exit,
    limit: shape.limit,
    retry: null,
    undo: null,
    each: null,
    end: exit,
    catch: null,
    children: listBy([]),
    irreversible: revert?.mode === 'none' ? revert.reason : null,
    scope,
    iterations: listBy([]),
    rounds: listBy([]),
    slots: null,
    place: null,
    stages: [],
    inner: null,
    outputs: shape.outputs ?? [],
  };
  flow.containers.push(container);
  flow.containerByAddress.set(shape.address, container);
  const inside = { parent: index, scope };
  if (place.onFailure !== undefined) container.end = addCatch(flow, container, { ...place.onFailure, place: inside });
  const start = shape.retry === undefined ? enter : addRetry(flow, container, { policy: shape.retry, place: inside });
  if (revert?.mode === 'task') addUndo(flow, container, { revert, place: inside });
  return { container, start, end: container.end };
}

function endsOf({ container }: Inside): Ends {
  return { first: container.enter, last: container.exit };
}

function fillForEach(flow: CompiledFlow, item: FlowItem, { container, start, end }: Inside): void {
  const list = item.forEach?.list;
  const each = addAtom(flow, {
    address: container.address,
    item: { ...controlItem('each', item.id, item.name), bindings: list === undefined ? {} : { list } },
    type: CONTROL_TYPE,
    place: { parent: container.index, scope: container.scope },
    order: orderOf(container.scope, item.id),
    parts: { ...NO_PARTS, kind: 'each', container: container.index },
  });
  container.each = each.index;
  container.slots = { keys: listBy([]), listed: [] };
  connect(flow, start, each.node);
  connect(flow, each.node, end);
}

function fillLoop(flow: CompiledFlow, { container, start, end }: Inside): void {
  const first = addIteration(flow, container, slotOf(0));
  const round = addRound(flow, container, slotOf(0));
  connect(flow, start, first.enter);
  connect(flow, round.node, end);
}

function* fillPattern(flow: CompiledFlow, item: FlowItem, { container, start, end }: Inside): Slices<void> {
  const place = { parent: container.index, scope: container.scope };
  const failureLinks = failureLinksOf(item);
  const ends = listBy<ChildIndex, Ends>([]);
  for (const [index, child] of item.items.entries()) {
    const links = failureLinks.get(child.id);
    const own = links === undefined ? place : { ...place, onFailure: { links, child: childIndex(index) } };
    switch (child.kind) {
      case 'task':
        ends.push(addTask(flow, child, own));
        break;
      case 'flow':
        ends.push(yield* addFlow(flow, child, own));
        break;
      case 'subflow':
        ends.push(yield* addSubflow(flow, child, own));
        break;
    }
    if (endsSlice(index)) yield;
  }
  yield;
  const { orderings, outputOrderings } = container.scope.plan;
  const orders = orderings.get(item) ?? [];
  const guarded = item.pattern === 'graph' ? yield* addGates(flow, item, { ends, orders, place }) : ends;
  container.children = compileChildren(item, { ends: guarded, outputOrders: outputOrderings.get(item) ?? [] });
  yield* joinChildren(flow, guarded, { orders, start, end });
}
