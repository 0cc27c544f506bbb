// The compiled graph in TaskFlow's words: `f` and `f[$]` for the doors of a flow, its own controls left out, so that
// what led to one leads to what it led to.
import type { CompiledFlow } from '@windlass/engine/run';
import type { Spots } from './spots.ts';

export function edgesOf(flow: CompiledFlow, names: ReadonlyMap<string, string>, { flows }: Spots): string[] {
  // Containers are compiled in the order in which they are drawn, those that the compiler makes up aside.
  const drawn = flow.containers.filter(({ item }) => item !== null);
  const nameOf = new Map<number, string>();
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

function namedAfter(flow: CompiledFlow, node: number, nameOf: ReadonlyMap<number, string>): string[] {
  return (flow.nodes[node]?.after ?? []).flatMap((next) => {
    const name = nameOf.get(next);
    return name === undefined ? namedAfter(flow, next, nameOf) : [name];
  });
}
