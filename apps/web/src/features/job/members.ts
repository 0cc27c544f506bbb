// Which atoms of a run belong to which item of the drawing. An address tells: `provision[3].attach` is the item attach
// in the fourth iteration of provision, `sub.attach` an atom inside the subflow sub. Pure; made anew as the run grows.
import { type FlowDefinition, placedItems } from '@windlass/engine/definition';
import type { AtomSnapshot, CompiledFlow } from '@windlass/engine/run';
import { type AtomLook, type StateLook, lookOf, lookOfAtom } from '../../ui/state-look.ts';

/** The atoms of one item, in the order of their iterations. */
export interface Members {
  /** What is applied: the task itself, its stages, or everything inside a subflow. */
  readonly tasks: readonly string[];
  /** What the run works out itself: retries, gates, lists, ends of rounds, a container's own revert. */
  readonly controls: readonly string[];
}

export type MembersByItem = ReadonlyMap<string, Members>;

interface Step {
  readonly id: string;
  readonly iteration: number | null;
}

export function stepsOf(address: string): Step[] {
  return address.split('.').map((part) => {
    const found = /^(.*)\[(\d+)\]$/.exec(part);
    return found === null ? { id: part, iteration: null } : { id: found[1] ?? part, iteration: Number(found[2]) };
  });
}

/** The iterations that an address stands in, as it writes them: `provision[3].` or nothing. */
export function iterationOf(address: string): string {
  return /^((?:[^.[\]]+\[\d+\]\.)*)/.exec(address)?.[1] ?? '';
}

/** `[3]`, `[3][0]` or nothing: the iterations in short. */
export function shortIteration(address: string): string {
  return (address.match(/\[\d+\]/g) ?? []).join('');
}

/** The part of an address that names an item of the drawing: the first that is no iteration. */
function ownerIn(address: string): string {
  const steps = stepsOf(address);
  return (steps.find(({ iteration }) => iteration === null) ?? steps.at(-1))?.id ?? address;
}

/** Ids that are another item's: its retry's, its revert's. */
export function aliasesOf(definition: FlowDefinition): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>();
  for (const { item } of placedItems(definition)) {
    if (item.retry !== undefined) aliases.set(item.retry.id, item.id);
    if (item.kind === 'flow' && item.revert?.mode === 'task') aliases.set(item.revert.id, item.id);
  }
  return aliases;
}

/** The item of the drawing that an address belongs to. */
export function ownerOf(address: string, aliases: ReadonlyMap<string, string>): string {
  const id = ownerIn(address);
  return aliases.get(id) ?? id;
}

/** `empty` holds atoms of dropped iterations in which nothing stands: they belong to no item. */
export function membersOf(flow: CompiledFlow, aliases: ReadonlyMap<string, string>, empty: ReadonlySet<string>): MembersByItem {
  const found = new Map<string, { tasks: string[]; controls: string[] }>();
  for (const { address, kind } of flow.atoms) {
    if (empty.has(address)) continue;
    const owner = ownerOf(address, aliases);
    const known = found.get(owner) ?? { tasks: [], controls: [] };
    found.set(owner, known);
    if (kind === 'task' || kind === 'stage') known.tasks.push(address);
    else known.controls.push(address);
  }
  return found;
}

/** Worst first: what a person has to see of many is the one that needs them. */
const WORST = ['REVERT_FAILURE', 'FAILURE', 'RETRYING', 'REVERTING', 'RUNNING', 'WAITING', 'PENDING', 'REVERTED', 'SUCCESS', 'IGNORE'];

/** Many atoms as one. */
export interface Aggregate {
  readonly look: StateLook;
  readonly state: string;
  /** Applied or skipped. */
  readonly done: number;
  /** In the state that is shown. */
  readonly same: number;
  readonly total: number;
}

export function aggregateOf(atoms: readonly (AtomSnapshot | undefined)[], lookIn: (atom: AtomLook) => StateLook = lookOfAtom): Aggregate {
  const doubtful = atoms.find((atom) => atom !== undefined && atom.inDoubt !== null);
  const states = atoms.map((atom) => atom?.state ?? 'PENDING');
  const done = states.filter((state) => state === 'SUCCESS' || state === 'IGNORE').length;
  const worst = WORST.find((state) => states.some((one) => one === state)) ?? 'PENDING';
  // Some are done and others have not begun: that is on its way, not never run.
  const state = worst === 'PENDING' && done > 0 && done < states.length ? 'RUNNING' : worst;
  const one = atoms.find((atom) => atom?.state === worst);
  const failed = state === 'REVERTED' ? atoms.filter((atom) => atom?.state === state && atom.failure !== null) : [];
  const lookOfMany = (): StateLook => {
    if (doubtful !== undefined) return lookIn(doubtful);
    if (failed.length > 0) return { ...lookOf('REVERTED'), hue: 'failed', icon: 'cross', word: `Reverted, ${failed.length} failed` };
    return lookIn(state === worst && one !== undefined ? one : { state });
  };
  const look = lookOfMany();
  return { look, state, done, same: states.filter((one) => one === state).length, total: atoms.length };
}

/** The member that a node shows: the selected one, the one beside it in the same iteration, else the newest that began. */
export function shownMember(
  tasks: readonly string[],
  { selected, atoms }: { readonly selected: string | null; readonly atoms: ReadonlyMap<string, AtomSnapshot> },
): string | null {
  if (selected !== null && tasks.includes(selected)) return selected;
  const iteration = selected === null ? '' : iterationOf(selected);
  const beside = iteration === '' ? undefined : tasks.find((address) => iterationOf(address) === iteration);
  if (beside !== undefined) return beside;
  const begun = tasks.findLast((address) => (atoms.get(address)?.attempt ?? 0) > 0);
  return begun ?? tasks[0] ?? null;
}
