// The compiled graph in the words of TaskFlow: `f` and `f[$]` are the entrance and the exit of a flow. The nodes that the
// engine adds are left out; what leads to such a node leads to the nodes after it.
import type { CompiledFlow, NodeIndex } from '@windlass/engine/run';
import type { DrawnGraph } from './drawn-graph.ts';

export function edgesOf(flow: CompiledFlow, names: ReadonlyMap<string, string>, { flows }: DrawnGraph): string[] {
  // Containers are compiled in the order in which they are drawn, those that the compiler makes up aside.
  const drawn = flow.containers.filter(({ item }) => item !== null);
  const nameOf = new Map<NodeIndex, string>();
  for (const { node, address } of flow.atoms) {
    const name = names.get(address);
    if (name !== undefined) nameOf.set(node, name);
  }
  drawn.forEach(({ enter, exit }, at) => {
    const name = flows[at]?.drawn.name ?? '';
    nameOf.set(enter, name);
    nameOf.set(exit, `${name}[$]`);
  });
  const edges = new Set<string>();
  for (const [node, name] of nameOf) for (const next of namedAfter(flow, node, nameOf)) edges.add(`${name} -> ${next}`);
  return [...edges].sort();
}

function namedAfter(flow: CompiledFlow, node: NodeIndex, nameOf: ReadonlyMap<NodeIndex, string>): string[] {
  return (flow.nodes[node]?.after ?? []).flatMap((next) => {
    const name = nameOf.get(next);
    return name === undefined ? namedAfter(flow, next, nameOf) : [name];
  });
}
