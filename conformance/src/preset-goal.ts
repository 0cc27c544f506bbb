// What a run has to come to so that it stands where a preset says: a state for every atom, which atoms failed, and how
// far the last failure was taken up.
import { NotRunnable } from './case.ts';
import type { PresetAtom, Presets } from './presets.ts';
import type { Spot, Spots } from './spots.ts';

export interface PresetGoal {
  readonly flow: string;
  readonly atoms: ReadonlyMap<string, PresetAtom>;
  readonly failing: ReadonlySet<string>;
  /** Atoms that a retry which is RETRYING sets back: here one entry does that, so they are PENDING with it. */
  readonly setBack: ReadonlySet<string>;
  /** What the failure means was decided before the crash: something is to be reverted, or retried. */
  readonly isResolved: boolean;
}

const ABSENT: PresetAtom = { state: 'PENDING', result: undefined, failed: false, intention: 'EXECUTE' };
const UNDONE: ReadonlySet<string> = new Set(['REVERTING', 'REVERTED', 'REVERT_FAILURE']);

export function goalOf({ flow, atoms }: Presets, spots: Spots): PresetGoal {
  const named = inOrder(spots).flatMap(({ atom, index }) =>
    atom === null ? [] : [{ name: atom.name, kind: atom.kind, index, ...(atoms.get(atom.name) ?? ABSENT) }],
  );
  const known = new Set(named.map(({ name }) => name));
  for (const name of atoms.keys()) if (!known.has(name)) throw new NotRunnable(`a preset of ${name}, which is not in the flow`);
  const retrying = named.filter(({ state }) => state === 'RETRYING');
  const setBack = new Set(retrying.flatMap(({ name, index }) => atomsWith(spots, index).filter((one) => one !== name)));
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

/** Names of the atoms of the flow that the spot stands in, at every depth. */
function atomsWith({ spots, flows }: Spots, index: number): string[] {
  const flow = flows[spots[index]?.flow ?? -1];
  if (flow === undefined) return [];
  return spots.flatMap((spot) => (spot.atom !== null && spot.index > flow.enter && spot.index < flow.exit ? [spot.name] : []));
}

/** Spots so that each stands after what it waits for. */
function inOrder({ spots }: Spots): Spot[] {
  const waits = spots.map(({ before }) => before.length);
  const free = spots.filter(({ before }) => before.length === 0);
  const sorted: Spot[] = [];
  for (let spot = free.shift(); spot !== undefined; spot = free.shift()) {
    sorted.push(spot);
    for (const next of spot.after) {
      waits[next] = (waits[next] ?? 0) - 1;
      const found = spots[next];
      if (waits[next] === 0 && found !== undefined) free.push(found);
    }
  }
  return sorted;
}
