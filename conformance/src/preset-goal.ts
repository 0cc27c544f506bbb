// The goal of a run that stands for a preset: the state of every atom, the failed atoms, and how far the last failure was
// handled.
import { NotRunnable } from './case.ts';
import type { PresetAtom, Presets } from './presets.ts';
import type { DrawnNode, DrawnGraph } from './drawn-graph.ts';

export interface PresetGoal {
  readonly flow: string;
  readonly atoms: ReadonlyMap<string, PresetAtom>;
  readonly failing: ReadonlySet<string>;
  /** Atoms that a retry which is RETRYING sets back: here one entry does that, so they are PENDING with it. */
  readonly setBack: ReadonlySet<string>;
  /** The consequence of the failure was decided before the crash: a revert, or a retry. */
  readonly isResolved: boolean;
}

const ABSENT: PresetAtom = { state: 'PENDING', result: undefined, failed: false, intention: 'EXECUTE' };
const UNDONE: ReadonlySet<string> = new Set(['REVERTING', 'REVERTED', 'REVERT_FAILURE']);

export function goalOf({ flow, atoms }: Presets, graph: DrawnGraph): PresetGoal {
  const named = inOrder(graph).flatMap(({ atom, index }) =>
    atom === null ? [] : [{ name: atom.name, kind: atom.kind, index, ...(atoms.get(atom.name) ?? ABSENT) }],
  );
  const known = new Set(named.map(({ name }) => name));
  for (const name of atoms.keys()) if (!known.has(name)) throw new NotRunnable(`a preset of ${name}, which is not in the flow`);
  const retrying = named.filter(({ state }) => state === 'RETRYING');
  const setBack = new Set(retrying.flatMap(({ name, index }) => atomsWith(graph, index).filter((one) => one !== name)));
  const isUndone = ({ state, intention }: PresetAtom) => UNDONE.has(state) || intention === 'REVERT' || intention === 'RETRY';
  const failing = new Set(named.filter(({ failed }) => failed).map(({ name }) => name));
  if (failing.size === 0 && (retrying.length > 0 || named.some(isUndone))) {
    // Something must have failed for anything to be undone: the last of it, where the case does not say.
    const undone = named.filter((one) => one.kind === 'task' && isUndone(one));
    const inside = named.filter(({ name, kind }) => kind === 'task' && setBack.has(name));
    const last = undone.at(-1) ?? inside.at(-1);
    if (last === undefined) throw new NotRunnable('a preset in which a retry goes on and nothing could have failed');
    failing.add(last.name);
  }
  return {
    flow,
    atoms: new Map(named.map(({ name, ...preset }) => [name, setBack.has(name) ? { ...preset, state: 'PENDING' } : preset])),
    failing,
    setBack,
    isResolved: named.some(isUndone),
  };
}

/** Names of the atoms of the flow that the node stands in, at every depth. */
function atomsWith({ nodes, flows }: DrawnGraph, index: number): string[] {
  const flow = flows[nodes[index]?.flow ?? -1];
  if (flow === undefined) return [];
  return nodes.flatMap((node) => (node.atom !== null && node.index > flow.enter && node.index < flow.exit ? [node.name] : []));
}

/** The nodes in an order in which each one comes after the nodes that it waits for. */
function inOrder({ nodes }: DrawnGraph): DrawnNode[] {
  const waits = nodes.map(({ before }) => before.length);
  const free = nodes.filter(({ before }) => before.length === 0);
  const sorted: DrawnNode[] = [];
  for (let node = free.shift(); node !== undefined; node = free.shift()) {
    sorted.push(node);
    for (const next of node.after) {
      waits[next] = (waits[next] ?? 0) - 1;
      const found = nodes[next];
      if (waits[next] === 0 && found !== undefined) free.push(found);
    }
  }
  return sorted;
}
