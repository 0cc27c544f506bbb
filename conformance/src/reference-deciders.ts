// The reference's reading of deciders: one no is enough, what was ignored abstains, of several noes the widest counts.
import type { Json } from '@windlass/engine/definition';
import type { Conducts } from './conduct.ts';
import type { DrawnLink } from './drawing.ts';
import type { Guard, DrawnGraph } from './drawn-graph.ts';

type Vote = { readonly kind: 'open' } | { readonly kind: 'raises' } | { readonly kind: 'closed'; readonly depth: DrawnLink['depth'] };
const WIDEST = ['all', 'flow', 'neighbours', 'atom'] as const;

interface Scene {
  readonly stateOf: (index: number) => string;
  readonly resultOf: (index: number) => Json | undefined;
  readonly conducts: Conducts;
}

export function voteAt(graph: DrawnGraph, { links, first }: Guard, { stateOf, resultOf, conducts }: Scene): Vote {
  const noes: DrawnLink['depth'][] = [];
  for (const [at, link] of links.entries()) {
    const atoms = atomsUpTo(graph, link.source);
    const isIgnored = atoms.length > 0 && atoms.every((index) => stateOf(index) === 'IGNORE');
    if (link.decider === null || isIgnored) continue;
    const said = conducts.decide(link.decider, `${first}:${at}`, graph.nodes[link.source]?.atom ? resultOf(link.source) : undefined);
    if (said === null) return { kind: 'raises' };
    if (!said) noes.push(link.depth);
  }
  const depth = WIDEST.find((one) => noes.includes(one));
  return depth === undefined ? { kind: 'open' } : { kind: 'closed', depth };
}

/** Atoms that end at that node: itself, or all of the flow that it is the exit of. */
export function atomsUpTo({ nodes, flows }: DrawnGraph, last: number): number[] {
  const flow = flows.find(({ exit }) => exit === last);
  if (flow === undefined) return [last];
  return nodes.flatMap(({ index, atom }) => (atom !== null && index > flow.enter && index < flow.exit ? [index] : []));
}

/** Atoms that a no reaches, in the order of the events: the guarded item, then what is after it. */
export function ignoredBy(all: DrawnGraph, { first, last }: Guard, depth: DrawnLink['depth']): number[] {
  const { nodes } = all;
  const found = atomsUpTo(all, last);
  if (depth === 'atom') return found;
  const seen = new Set([first, last]);
  const reached = [...(nodes[last]?.after ?? [])];
  for (let index = reached.pop(); index !== undefined; index = reached.pop()) {
    const node = nodes[index];
    if (seen.has(index) || node === undefined) continue;
    seen.add(index);
    // Short of `all`, other flows are not entered and this one is not left.
    if (node.atom === null) {
      if (depth === 'all') reached.push(...node.after);
      continue;
    }
    found.push(index);
    if (depth !== 'neighbours') reached.push(...node.after);
  }
  return found;
}
