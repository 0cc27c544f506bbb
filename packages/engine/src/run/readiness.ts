// What may run next (SEMANTICS A1, P2, P3), kept by counters of unfinished neighbours.
// Invariants: 1. an atom is in the ready queue exactly when it is PENDING and everything before it is finished
// (and its container let it in); 2. every node is finished once per forward pass, so a pass costs O(items + links).
import type { GraphNode } from './graph.ts';
import { type Run, isFinished } from './run.ts';

/** Begins a forward pass: counts anew and walks through what is finished already. */
export function beginForward(run: Run): void {
  const { progress, flow } = run;
  progress.ready.clear();
  progress.queued.clear();
  progress.inside.fill(0);
  progress.finished = false;
  for (const node of flow.nodes) progress.waitingFor[node.index] = node.before.length;
  const entrance = flow.nodes[0];
  if (entrance !== undefined) walk(run, [entrance]);
}

/** An atom is SUCCESS or IGNORE: passes that on to what comes after it. */
export function finishAtom(run: Run, node: number): void {
  const reached: GraphNode[] = [];
  passOn(run, node, reached);
  walk(run, reached);
}

/** Each node here has nothing unfinished before it. First in, first out: children are let in by definition order. */
function walk(run: Run, reached: GraphNode[]): void {
  for (let at = 0; at < reached.length; at += 1) {
    const node = reached[at] as GraphNode;
    if (node.kind !== 'EXIT' && mustQueue(run, node)) continue;
    enter(run, node, reached);
  }
}

function enter(run: Run, node: GraphNode, reached: GraphNode[]): void {
  const atom = node.kind === 'ATOM' ? run.atoms[node.atom] : undefined;
  if (atom !== undefined && !isFinished(atom.state)) {
    if (atom.state === 'PENDING') run.progress.ready.push(node.atom);
    return;
  }
  passOn(run, node.index, reached);
}

function passOn(run: Run, index: number, reached: GraphNode[]): void {
  const { nodes, containers } = run.flow;
  const node = nodes[index];
  if (node === undefined) return;
  if (node.kind !== 'ENTER') {
    const limited = node.parent >= 0 && (containers[node.parent]?.limit ?? 0) > 0;
    if (limited) letNextIn(run, node.parent, reached);
    if (node.parent < 0) run.progress.finished = true;
  }
  const { waitingFor } = run.progress;
  for (const after of node.after) {
    const left = (waitingFor[after] ?? 0) - 1;
    waitingFor[after] = left;
    const next = nodes[after];
    if (left === 0 && next !== undefined) reached.push(next);
  }
}

function mustQueue(run: Run, node: GraphNode): boolean {
  const limit = run.flow.containers[node.parent]?.limit ?? 0;
  if (limit === 0) return false;
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

function letNextIn(run: Run, container: number, reached: GraphNode[]): void {
  const { inside, queued } = run.progress;
  inside[container] = (inside[container] ?? 1) - 1;
  const next = queued.get(container)?.shift();
  const node = next === undefined ? undefined : run.flow.nodes[next];
  if (node === undefined) return;
  inside[container] = (inside[container] ?? 0) + 1;
  enter(run, node, reached);
}
