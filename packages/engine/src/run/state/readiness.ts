// What may run next (SEMANTICS A1, P2, P3), kept by counters of unfinished neighbours.
// Invariants: 1. an atom is marked ready exactly when it is PENDING and everything before it is finished (and its
// container let it in); 2. every node is passed once per forward pass, so a pass costs O(items + links).
import { type GraphNode, afterAll, nodesInside } from '../graph/graph.ts';
import { isCaught } from './caught.ts';
import { type Run, isFinished } from './run.ts';

/** Begins a forward pass: counts anew and walks through what is finished already. */
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
  const entrance = flow.nodes[0];
  if (entrance !== undefined) walk(run, [entrance]);
}

/** A retry begins its container again: everything inside counts anew, up to the retry itself. */
export function beginAgain(run: Run, container: number): void {
  const inside = nodesInside(run.flow, container);
  const enter = inside.shift() ?? 0;
  resetNodes(run, inside);
  run.progress.inside[container] = 0;
  run.progress.queued.delete(container);
  const reached: GraphNode[] = [];
  for (const after of run.flow.nodes[enter]?.after ?? []) arrive(run, after, reached);
  walk(run, reached);
}

/** Fills the queues from the marks: for a run that was restored. */
export function queueReady(run: Run): void {
  run.progress.isReady.forEach((isReady, atom) => {
    if (isReady === 1 && run.atoms[atom]?.state === 'PENDING') makeReady(run, atom);
  });
}

/** Nodes count anew. */
export function resetNodes(run: Run, nodes: readonly number[]): void {
  const { progress, flow } = run;
  for (const index of nodes) {
    const node = flow.nodes[index];
    if (node === undefined) continue;
    progress.waitingFor[index] = node.before.length;
    progress.passed[index] = 0;
    if (node.atom >= 0) progress.isReady[node.atom] = 0;
    if (node.kind === 'ENTER') {
      progress.inside[node.boundaryOf] = 0;
      progress.queued.delete(node.boundaryOf);
    }
  }
}

/** An atom is SUCCESS or IGNORE: passes that on to what comes after it, if its turn had come. */
export function finishAtom(run: Run, node: number): void {
  if (run.progress.passed[node] === 1) return;
  const atom = run.flow.atoms[run.flow.nodes[node]?.atom ?? -1];
  const isAhead = (atom?.guard?.any === true || isEndOfCaught(run, node)) && run.atoms[atom?.index ?? -1]?.state === 'SUCCESS';
  const isReached = (run.progress.waitingFor[node] ?? 0) === 0 || isAhead;
  if (!isReached) return;
  const reached: GraphNode[] = [];
  const finished = run.flow.nodes[node];
  if (finished !== undefined) passOn(run, finished, reached);
  walk(run, reached);
}

/** Each node here has nothing unfinished before it. First in, first out: children are let in by definition order. */
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
  const atom = node.kind === 'ATOM' ? run.atoms[node.atom] : undefined;
  if (atom === undefined || isFinished(atom.state)) return true;
  if (atom.state === 'PENDING') makeReady(run, node.atom);
  return false;
}

/** A dropped iteration is passed without being entered, whatever stands in it. */
function passOver(run: Run, node: GraphNode, reached: GraphNode[]): void {
  const { flow, progress } = run;
  progress.passed[node.index] = 1;
  const exit = node.kind === 'ENTER' ? flow.containers[node.boundaryOf]?.exit : undefined;
  if (exit !== undefined) progress.passed[exit] = 1;
  for (const after of afterAll(flow, node)) arrive(run, after, reached);
}

/** Queues an atom whose turn to start has come. */
export function makeReady(run: Run, atom: number): void {
  const { progress, flow } = run;
  progress.isReady[atom] = 1;
  const kind = flow.atoms[atom]?.kind;
  // A retry stands among what is applied, as its states are shown in that order; the rest decides what may start at all.
  if (kind === 'gate' || kind === 'each' || kind === 'round' || kind === 'undo' || kind === 'catch') progress.controls.push(atom);
  else progress.ready.push(atom);
}

/** Passes a node, and every one that its limited container lets in for it and that is finished already. */
function passOn(run: Run, first: GraphNode, reached: GraphNode[]): void {
  const passed: GraphNode[] = [];
  for (let node: GraphNode | undefined = first; node !== undefined; ) {
    passed.push(node);
    run.progress.passed[node.index] = 1;
    if (node.kind === 'ENTER') break;
    if (node.parent < 0) run.progress.finished = true;
    const next: GraphNode | undefined = isLimited(run, node) ? letNextIn(run, node.parent) : undefined;
    node = next !== undefined && mayPass(run, next) ? next : undefined;
  }
  // Those let in last arrive first.
  for (let node = passed.pop(); node !== undefined; node = passed.pop()) arriveAfter(run, node, reached);
}

function arriveAfter(run: Run, node: GraphNode, reached: GraphNode[]): void {
  const { flow } = run;
  const container = node.kind === 'ENTER' ? flow.containers[node.boundaryOf] : undefined;
  // Nothing inside a caught item goes on: the way leads to its end at once.
  const end = isCaught(run, container) ? flow.nodes[flow.atoms[container?.catch?.atom ?? -1]?.node ?? -1] : undefined;
  if (end !== undefined) reached.push(end);
  else for (const after of node.after) arrive(run, after, reached);
}

function isEndOfCaught(run: Run, node: number): boolean {
  const { flow } = run;
  const atom = flow.atoms[flow.nodes[node]?.atom ?? -1];
  return atom?.kind === 'catch' && isCaught(run, flow.containers[atom.container]);
}

function arrive(run: Run, index: number, reached: GraphNode[]): void {
  const { flow, progress } = run;
  const node = flow.nodes[index];
  if (node === undefined) return;
  const left = (progress.waitingFor[index] ?? 0) - 1;
  progress.waitingFor[index] = left;
  if (left === 0) reached.push(node);
  // A gate that takes any link looks at each arrival.
  else if (node.atom >= 0 && flow.atoms[node.atom]?.guard?.any === true && run.atoms[node.atom]?.state === 'PENDING') {
    makeReady(run, node.atom);
  }
}

/** Is it a child of a container that lets only so many in at once? The container's own controls are no children. */
function isLimited({ flow }: Run, node: GraphNode): boolean {
  const limit = flow.containers[node.parent]?.limit ?? 0;
  if (limit === 0) return false;
  const atom = node.kind === 'ATOM' ? flow.atoms[node.atom] : undefined;
  return atom === undefined || atom.kind === 'task' || atom.kind === 'stage';
}

/** Counts a child of a limited container in, or lets it wait. */
function mustQueue(run: Run, node: GraphNode): boolean {
  if (!isLimited(run, node)) return false;
  const limit = run.flow.containers[node.parent]?.limit ?? 0;
  const { inside, queued } = run.progress;
  const count = inside[node.parent] ?? 0;
  if (count < limit) {
    inside[node.parent] = count + 1;
    return false;
  }
  const line = queued.get(node.parent);
  if (line === undefined) queued.set(node.parent, [node.index]);
  else line.push(node.index);
  return true;
}

/** A child of a limited container has left it: the next one in the queue, if there is one, counts as inside. */
function letNextIn(run: Run, parent: number): GraphNode | undefined {
  const { inside, queued } = run.progress;
  inside[parent] = (inside[parent] ?? 1) - 1;
  const next = queued.get(parent)?.shift();
  const node = next === undefined ? undefined : run.flow.nodes[next];
  if (node !== undefined) inside[parent] = (inside[parent] ?? 0) + 1;
  return node;
}
