// A run whose for-each has got its list, or whose loop goes round again, grows its graph: iterations are added, and
// connected between what was there. A list that is asked for anew takes the iterations off again; they are kept, so
// that the attempts of their atoms count on. Only fold.ts calls this.
import { addIteration, addRound } from '../graph/compiler.ts';
import { type CompiledContainer, type CompiledFlow, type GraphNode, connect, nodesInside } from '../graph/graph.ts';
import { resetNodes } from './readiness.ts';
import { type Run, pendingAtom } from './run.ts';

/** The control at that number has succeeded: its iterations are connected. */
export function unfold(run: Run, index: number): void {
  const atom = run.flow.atoms[index];
  if (atom?.kind === 'each') unfoldEach(run, index);
  else if (atom?.kind === 'round' && isAgain(run, index)) unfoldRound(run, index);
}

/** The control at that number begins anew: what came of it is taken off. */
export function collapse(run: Run, index: number): void {
  const atom = run.flow.atoms[index];
  const container = run.flow.containers[atom?.container ?? -1];
  if (atom === undefined || container === undefined) return;
  if (atom.kind === 'each' && container.iterations.length > 0) {
    const iterations = new Set(container.iterations.flatMap((one) => doorsOf(run.flow, one)));
    const node = nodeAt(run.flow, atom.node);
    const end = nodeAt(run.flow, container.end);
    replace(node.after, [container.end]);
    replace(end.before, [...end.before.filter((before) => !iterations.has(before))]);
    for (const one of container.iterations) {
      // Whatever was about to start in there is not any more.
      resetNodes(run, nodesInside(run.flow, one));
      const { enter, exit } = run.flow.containers[one] as CompiledContainer;
      replace(nodeAt(run.flow, enter).before, []);
      replace(nodeAt(run.flow, exit).after, []);
    }
  }
  if (atom.kind === 'round') {
    const at = container.rounds.indexOf(index);
    // The last round leads on already; a round that an earlier one took off leads nowhere until it is reached again.
    if (at + 1 >= container.rounds.length || nodeAt(run.flow, atom.node).after.length === 0) return;
    const laterRounds = container.rounds.slice(at + 1).map((later) => nodeOfAtom(run.flow, later));
    for (const later of laterRounds) leadTo(run.flow, later, null);
    // Taken off, they are not inside the container any more: whoever begins that again does not come by here.
    resetNodes(run, laterRounds);
    for (const later of container.iterations.slice(at + 1)) resetNodes(run, nodesInside(run.flow, later));
    leadTo(run.flow, atom.node, container.end);
  }
}

/** Makes iterations up to a count without connecting them: for a snapshot that had them. */
export function growTo(run: Run, container: number, count: number): void {
  growBy(run, container, count - (run.flow.containers[container]?.iterations.length ?? 0));
}

/** Makes so many further iterations without connecting them. */
export function growBy(run: Run, container: number, count: number): void {
  own(run);
  const grown = run.flow.containers[container];
  if (grown === undefined) throw new RangeError(`There is no container ${container}.`);
  for (let added = 0; added < count; added += 1) {
    const number = grown.iterations.length;
    addIteration(run.flow, grown, number);
    if (grown.each < 0) addRound(run.flow, grown, number);
  }
  extend(run);
}

function unfoldEach(run: Run, index: number): void {
  own(run);
  const { flow } = run;
  const atom = flow.atoms[index];
  const container = flow.containers[atom?.container ?? -1];
  if (atom === undefined || container === undefined) return;
  const count = elementsOf(run, index);
  const known = container.iterations.length;
  let earlier: CompiledContainer | null = null;
  for (let number = 0; number < count; number += 1) {
    const iteration: CompiledContainer =
      number < known
        ? (flow.containers[container.iterations[number] as number] as CompiledContainer)
        : addIteration(flow, container, number);
    connect(flow, atom.node, iteration.enter);
    connect(flow, iteration.exit, container.end);
    if (earlier !== null) {
      // Undone iteration by iteration, from the last (SEMANTICS R4), however many ran together.
      nodeAt(flow, earlier.exit).undoAfter = iteration.enter;
      nodeAt(flow, iteration.enter).undoBefore = earlier.exit;
    }
    earlier = iteration;
  }
  if (earlier !== null) nodeAt(flow, earlier.exit).undoAfter = -1;
  extend(run);
  run.progress.waitingFor[container.end] = (run.progress.waitingFor[container.end] ?? 0) + count;
  for (const one of container.iterations.slice(0, Math.min(known, count))) resetNodes(run, nodesInside(flow, one));
}

function unfoldRound(run: Run, index: number): void {
  own(run);
  const { flow } = run;
  const atom = flow.atoms[index];
  const container = flow.containers[atom?.container ?? -1];
  if (atom === undefined || container === undefined) return;
  const next = container.rounds.indexOf(index) + 1;
  const isKnown = next < container.iterations.length;
  const iteration = isKnown
    ? (flow.containers[container.iterations[next] as number] as CompiledContainer)
    : addIteration(flow, container, next);
  const round = isKnown ? (container.rounds[next] as number) : addRound(flow, container, next).index;
  leadTo(flow, atom.node, iteration.enter);
  leadTo(flow, nodeOfAtom(flow, round), container.end);
  extend(run);
  if (isKnown) resetNodes(run, [...nodesInside(flow, iteration.index), nodeOfAtom(flow, round)]);
}

/** A run grows a copy of the compiled flow, never the one that it shares with others. */
export function own(run: Run): void {
  const { flow } = run;
  if (flow.owned) return;
  run.flow = {
    ...flow,
    nodes: flow.nodes.map((node) => ({ ...node, before: [...node.before], after: [...node.after] })),
    atoms: [...flow.atoms],
    containers: flow.containers.map((one) => ({ ...one, iterations: [...one.iterations], rounds: [...one.rounds] })),
    atomByAddress: new Map(flow.atomByAddress),
    containerByAddress: new Map(),
    owned: true,
  };
  for (const container of run.flow.containers) run.flow.containerByAddress.set(container.address, container);
}

/** Makes room in the run for what the graph has gained. */
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

function leadTo(flow: CompiledFlow, from: number, to: number | null): void {
  const node = nodeAt(flow, from);
  for (const after of node.after)
    replace(
      nodeAt(flow, after).before,
      nodeAt(flow, after).before.filter((one) => one !== from),
    );
  node.after.length = 0;
  if (to !== null) connect(flow, from, to);
}

function isAgain(run: Run, index: number): boolean {
  const output = run.atoms[index]?.output;
  return typeof output === 'object' && output !== null && !Array.isArray(output) && output['again'] === true;
}

function elementsOf(run: Run, index: number): number {
  const output = run.atoms[index]?.output;
  const elements = typeof output === 'object' && output !== null && !Array.isArray(output) ? output['elements'] : undefined;
  return Array.isArray(elements) ? elements.length : 0;
}

function doorsOf(flow: CompiledFlow, container: number): number[] {
  const { enter, exit } = flow.containers[container] as CompiledContainer;
  return [enter, exit];
}

function nodeOfAtom(flow: CompiledFlow, atom: number): number {
  return flow.atoms[atom]?.node ?? -1;
}

function nodeAt(flow: CompiledFlow, index: number): GraphNode {
  return flow.nodes[index] as GraphNode;
}

function replace(list: number[], by: readonly number[]): void {
  list.length = 0;
  for (const one of by) list.push(one);
}
