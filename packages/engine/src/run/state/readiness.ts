// Which atoms may run next (A1, P2, P3), by counters of unfinished neighbours.
// Invariants: 1. an atom is marked ready exactly when it is PENDING, everything before it is finished, and its
// container's limit allows it; 2. every node is passed once per forward pass, so a pass costs O(items + links).
import { type CompiledAtom, type CompiledContainer, type GraphNode, afterAll, nodesInside, rootOf } from '../graph/graph.ts';
import { type AtomIndex, type ContainerIndex, type NodeIndex, lookUp } from '../graph/index-spaces.ts';
import { isCaught } from './caught.ts';
import { type Run, isFinished } from './run.ts';
import { isTaskKind } from '../graph/atom-kinds.ts';

/** Begins a forward pass: resets the counters and passes nodes that are already finished. */
export function beginForward(run: Run): void {
  const { progress, flow } = run;
  progress.ready.clear();
  progress.controls.clear();
  progress.queued.clear();
  progress.inside.fill(0);
  progress.isReady.fill(0);
  progress.passed.fill(0);
  progress.finished = false;
  flow.nodes.forEach((node, index) => {
    progress.waitingFor[index] = node.before.length;
  });
  const entrance = lookUp(flow.nodes, rootOf(flow)?.enter);
  if (entrance !== undefined) walk(run, [entrance]);
}

/** A retry begins its container again: resets the counters of everything inside, up to the retry itself. */
export function beginAgain(run: Run, container: ContainerIndex): void {
  const [enter, ...inside] = nodesInside(run.flow, container);
  resetNodes(run, inside);
  run.progress.inside[container] = 0;
  run.progress.queued.delete(container);
  const reached: GraphNode[] = [];
  for (const after of lookUp(run.flow.nodes, enter)?.after ?? []) arrive(run, after, reached);
  walk(run, reached);
}

/** Fills the queues of a restored run from its marks. */
export function queueReady(run: Run): void {
  run.progress.isReady.forEach((isReady, atom) => {
    if (isReady === 1 && run.atoms[atom]?.state === 'PENDING') makeReady(run, atom);
  });
}

/** Resets the counters of nodes. */
export function resetNodes(run: Run, nodes: readonly NodeIndex[]): void {
  const { progress, flow } = run;
  for (const index of nodes) {
    const node = flow.nodes[index];
    if (node === undefined) continue;
    progress.waitingFor[index] = node.before.length;
    progress.passed[index] = 0;
    if (node.kind === 'ATOM') progress.isReady[node.atom] = 0;
    if (node.kind === 'ENTER') {
      progress.inside[node.boundaryOf] = 0;
      progress.queued.delete(node.boundaryOf);
    }
  }
}

/** An atom is SUCCESS or IGNORE: updates the counters of the nodes after it, if everything before it has finished. */
export function finishAtom(run: Run, index: AtomIndex): void {
  const atom = run.flow.atoms[index];
  const node = lookUp(run.flow.nodes, atom?.node);
  if (atom === undefined || node === undefined || run.progress.passed[node.index] === 1) return;
  const isAhead = (atom.guard?.any === true || isEndOfCaught(run, atom)) && run.atoms[index]?.state === 'SUCCESS';
  const isReached = (run.progress.waitingFor[node.index] ?? 0) === 0 || isAhead;
  if (!isReached) return;
  const reached: GraphNode[] = [];
  passOn(run, node, reached);
  walk(run, reached);
}

/** Each given node has nothing unfinished before it. First in, first out, so that children begin in definition order. */
function walk(run: Run, reached: GraphNode[]): void {
  for (let at = 0; at < reached.length; at += 1) {
    const node = reached[at] as GraphNode;
    if (run.progress.passed[node.index] === 1) continue;
    if (node.dropped) passOver(run, node, reached);
    else if (node.kind !== 'EXIT' && mustQueue(run, node)) continue;
    else if (mayPass(run, node)) passOn(run, node, reached);
  }
}

/** True for an entrance, an exit and a finished atom; an atom that is PENDING becomes ready instead. */
function mayPass(run: Run, node: GraphNode): boolean {
  if (node.kind !== 'ATOM') return true;
  const atom = run.atoms[node.atom];
  if (atom === undefined || isFinished(atom.state)) return true;
  if (atom.state === 'PENDING') makeReady(run, node.atom);
  return false;
}

/** Passes a dropped iteration without entering it, whatever the states inside. */
function passOver(run: Run, node: GraphNode, reached: GraphNode[]): void {
  const { flow, progress } = run;
  progress.passed[node.index] = 1;
  const exit = node.kind === 'ENTER' ? flow.containers[node.boundaryOf]?.exit : undefined;
  if (exit !== undefined) progress.passed[exit] = 1;
  for (const after of afterAll(flow, node)) arrive(run, after, reached);
}

/** Queues an atom that may start. */
export function makeReady(run: Run, atom: AtomIndex): void {
  const { progress, flow } = run;
  progress.isReady[atom] = 1;
  const kind = flow.atoms[atom]?.kind;
  // A retry is queued with the tasks, because its states are shown in that order. The other controls decide which tasks may start.
  if (kind === 'gate' || kind === 'each' || kind === 'round' || kind === 'undo' || kind === 'catch') progress.controls.push(atom);
  else progress.ready.push(atom);
}

/** Passes a node, and each finished node that its limited container lets in after it. */
function passOn(run: Run, first: GraphNode, reached: GraphNode[]): void {
  const passed: GraphNode[] = [];
  for (let node: GraphNode | undefined = first; node !== undefined; ) {
    passed.push(node);
    run.progress.passed[node.index] = 1;
    if (node.kind === 'ENTER') break;
    if (node.parent === null) run.progress.finished = true;
    const around = limitedAround(run, node);
    const next: GraphNode | undefined = around === null ? undefined : letNextIn(run, around.index);
    node = next !== undefined && mayPass(run, next) ? next : undefined;
  }
  // The nodes let in last come first.
  for (let node = passed.pop(); node !== undefined; node = passed.pop()) arriveAfter(run, node, reached);
}

function arriveAfter(run: Run, node: GraphNode, reached: GraphNode[]): void {
  const { flow } = run;
  const container = node.kind === 'ENTER' ? flow.containers[node.boundaryOf] : undefined;
  // No atom inside a caught item goes on, so its end is reached at once.
  const end = isCaught(run, container) ? lookUp(flow.nodes, lookUp(flow.atoms, container?.catch?.atom)?.node) : undefined;
  if (end !== undefined) reached.push(end);
  else for (const after of node.after) arrive(run, after, reached);
}

function isEndOfCaught(run: Run, atom: CompiledAtom): boolean {
  return atom.kind === 'catch' && isCaught(run, run.flow.containers[atom.container]);
}

function arrive(run: Run, index: NodeIndex, reached: GraphNode[]): void {
  const { flow, progress } = run;
  const node = flow.nodes[index];
  if (node === undefined) return;
  const left = (progress.waitingFor[index] ?? 0) - 1;
  progress.waitingFor[index] = left;
  if (left === 0) reached.push(node);
  // A gate with join "any" is evaluated at each arrival.
  else if (node.kind === 'ATOM' && flow.atoms[node.atom]?.guard?.any === true && run.atoms[node.atom]?.state === 'PENDING') {
    makeReady(run, node.atom);
  }
}

/** The container with a limit that the node is a child of; else null. The container's own controls do not count as children. */
function limitedAround({ flow }: Run, node: GraphNode): CompiledContainer | null {
  const container = lookUp(flow.containers, node.parent);
  if (container === undefined || container.limit === 0) return null;
  const atom = lookUp(flow.atoms, node.atom);
  return atom === undefined || isTaskKind(atom.kind) ? container : null;
}

/** True when the limit of the node's container makes it wait; otherwise counts it as inside. */
function mustQueue(run: Run, node: GraphNode): boolean {
  const around = limitedAround(run, node);
  if (around === null) return false;
  const { inside, queued } = run.progress;
  const count = inside[around.index] ?? 0;
  if (count < around.limit) {
    inside[around.index] = count + 1;
    return false;
  }
  const line = queued.get(around.index);
  if (line === undefined) queued.set(around.index, [node.index]);
  else line.push(node.index);
  return true;
}

/** A child of a limited container has ended: the next one in the queue, if any, counts as inside. */
function letNextIn(run: Run, parent: ContainerIndex): GraphNode | undefined {
  const { inside, queued } = run.progress;
  inside[parent] = (inside[parent] ?? 1) - 1;
  const next = queued.get(parent)?.shift();
  const node = next === undefined ? undefined : run.flow.nodes[next];
  if (node !== undefined) inside[parent] = (inside[parent] ?? 0) + 1;
  return node;
}
